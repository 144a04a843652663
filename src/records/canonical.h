// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/** The pieces of records that are read to the letter: each value has one spelling. */

/** 32 lowercase hexadecimal digits: 16 random bytes, which prove that a file is ours. */
bool isToken(std::string_view text);

/** A number of any length without sign and without leading zeros. */
bool isCanonicalNumber(std::string_view text);

/** 1 to 2147483647, without leading zeros. */
std::optional<std::int64_t> readCanonicalProcess(std::string_view text);

std::string toHexadecimal(std::string_view bytes);

/** Nothing when @p text is not pairs of lowercase digits. */
std::optional<std::string> fromHexadecimal(std::string_view text);

} // namespace Holdfast::records
