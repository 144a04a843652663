// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

struct CodePoint
{
    char32_t value = 0;
    std::size_t size = 0; ///< how many bytes spell it
};

/** The first character of a text in UTF-8; nothing when it is empty or begins with anything else. */
std::optional<CodePoint> firstCodePoint(std::string_view text);

/** Whether all of it is UTF-8 as RFC 3629 has it: shortest forms, no surrogates, nothing beyond U+10FFFF. */
bool isUtf8(std::string_view text);

/** The spelling of a character that is none of the surrogates. */
std::string toUtf8(char32_t character);

/** A text in UTF-16, its bytes with the lower one first; nothing when half a character is in it. */
std::optional<std::string> fromUtf16(std::string_view bytes);

/** Python's str.isspace() for one character. */
bool isSpace(char32_t character);

/** Where Python's str.splitlines() ends a line. */
bool isLineEnd(char32_t character);

/**
 * Python's str.isprintable() for one character, except that a character which no version of Unicode has given out yet
 * counts as printable here: Python's answer changes from version to version.
 */
bool isPrintable(char32_t character);

} // namespace Holdfast::records
