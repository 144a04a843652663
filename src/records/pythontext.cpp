// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/pythontext.h"

#include "records/unicode.h"

namespace Holdfast::records {

namespace {

// A byte that is not UTF-8 stands for itself as what it is not: a character that means nothing to anybody.
CodePoint takeCharacter(std::string_view text)
{
    return firstCodePoint(text).value_or(CodePoint{0xFFFD, 1});
}

} // namespace

std::string_view stripped(std::string_view text)
{
    std::size_t begin = 0;
    std::size_t end = 0; // behind the last character that is not white space
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint character = takeCharacter(text.substr(at));
        at += character.size;
        if (!isSpace(character.value))
            end = at;
        else if (end == 0)
            begin = at;
    }
    return end == 0 ? std::string_view() : text.substr(begin, end - begin);
}

std::vector<std::string_view> splitLines(std::string_view text)
{
    std::vector<std::string_view> lines;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint character = takeCharacter(text.substr(at));
        const std::size_t end = at;
        at += character.size;
        if (!isLineEnd(character.value))
            continue;
        lines.push_back(text.substr(begin, end - begin));
        if (character.value == '\r' && at < text.size() && text[at] == '\n')
            ++at;
        begin = at;
    }
    if (begin < text.size())
        lines.push_back(text.substr(begin));
    return lines;
}

} // namespace Holdfast::records
