// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/msofficeowner.h"

#include "records/unicode.h"

#include <algorithm>
#include <array>

namespace Holdfast::records {

namespace {

constexpr std::size_t LeastBytes = 162; // Word's; the others have MostMsOfficeBytes
constexpr std::size_t WordNameAt = 54;
constexpr std::size_t OtherNameAt = 55;
constexpr unsigned MostUnits = 52; // the programs take no longer name

constexpr std::array<std::string_view, 19> NotOfWord{"xls",  "xlsx", "xlsm", "xlsb", "xltx", "xltm", "xlam",
                                                     "ods",  "csv",  "ppt",  "pptx", "pptm", "pps",  "ppsx",
                                                     "ppsm", "pot",  "potx", "potm", "odp"};

unsigned byteAt(std::string_view bytes, std::size_t at)
{
    return static_cast<unsigned char>(bytes[at]);
}

// The name behind its length. In a file of Excel or PowerPoint the length of Word's would be a padding blank and, as the higher
// byte, the real length: far too much.
std::optional<std::string> nameAt(std::string_view bytes, std::size_t at)
{
    const unsigned units = byteAt(bytes, at) | byteAt(bytes, at + 1) << 8;
    if (units < 1 || units > MostUnits)
        return std::nullopt;
    return fromUtf16(bytes.substr(at + 2, std::size_t{2} * units));
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return lower;
}

struct Character
{
    std::size_t bytes;
    std::size_t units; ///< of UTF-16, in which Windows counts
};

// A byte that is no UTF-8 counts as a character.
Character firstCharacter(std::string_view text)
{
    const auto character = firstCodePoint(text);
    if (!character)
        return {1, 1};
    return {character->size, character->value > 0xFFFF ? std::size_t{2} : std::size_t{1}};
}

std::size_t unitsIn(std::string_view text)
{
    std::size_t units = 0;
    while (!text.empty()) {
        const Character first = firstCharacter(text);
        units += first.units;
        text.remove_prefix(first.bytes);
    }
    return units;
}

} // namespace

std::optional<MsOfficeOwner> readMsOfficeOwner(std::string_view bytes)
{
    if (bytes.size() < LeastBytes)
        return std::nullopt;
    const unsigned size = byteAt(bytes, 0);
    if (size < 1 || size > MostUnits)
        return std::nullopt;
    if (auto name = nameAt(bytes, WordNameAt))
        return MsOfficeOwner{MsOfficeProgram::Word, *name};
    auto name = nameAt(bytes, OtherNameAt);
    if (!name)
        return std::nullopt;
    const bool zeroBehindName = bytes[1 + size] == '\0';
    return MsOfficeOwner{zeroBehindName ? MsOfficeProgram::PowerPoint : MsOfficeProgram::Excel, *name};
}

std::string msOfficeOwnerName(std::string_view documentName)
{
    const std::size_t end = std::min(documentName.rfind('.'), documentName.size());
    const std::string extension = lowered(documentName.substr(std::min(end + 1, documentName.size())));
    const std::size_t units = unitsIn(documentName.substr(0, end));
    const bool ofWord = std::find(NotOfWord.begin(), NotOfWord.end(), extension) == NotOfWord.end();
    std::size_t replaced = ofWord && units >= 7 ? std::min<std::size_t>(units - 6, 2) : 0;
    while (replaced > 0) {
        const Character first = firstCharacter(documentName);
        replaced -= std::min(replaced, first.units);
        documentName.remove_prefix(first.bytes);
    }
    return std::string("~$").append(documentName);
}

} // namespace Holdfast::records
