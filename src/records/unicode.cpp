// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/unicode.h"

#include <algorithm>
#include <array>

namespace Holdfast::records {

namespace {

struct Range
{
    char32_t first;
    char32_t last;
};

// The general categories Cc, Cf, Co, Zs, Zl, Zp of Unicode 14, without the blank.
constexpr std::array Unprintable{
    Range{0x0000, 0x001F},   Range{0x007F, 0x00A0},   Range{0x00AD, 0x00AD},   Range{0x0600, 0x0605},
    Range{0x061C, 0x061C},   Range{0x06DD, 0x06DD},   Range{0x070F, 0x070F},   Range{0x0890, 0x0891},
    Range{0x08E2, 0x08E2},   Range{0x1680, 0x1680},   Range{0x180E, 0x180E},   Range{0x2000, 0x200F},
    Range{0x2028, 0x202F},   Range{0x205F, 0x2064},   Range{0x2066, 0x206F},   Range{0x3000, 0x3000},
    Range{0xE000, 0xF8FF},   Range{0xFEFF, 0xFEFF},   Range{0xFFF9, 0xFFFB},   Range{0x110BD, 0x110BD},
    Range{0x110CD, 0x110CD}, Range{0x13430, 0x13438}, Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0001, 0xE0001}, Range{0xE0020, 0xE007F}, Range{0xF0000, 0xFFFFD}, Range{0x100000, 0x10FFFD},
};

// How many bytes a character takes, the bits of it in the first one, and the least that may be spelled so long.
struct Form
{
    std::size_t size;
    unsigned bits;
    char32_t least;
};

std::optional<Form> formOf(unsigned char first)
{
    if (first < 0x80)
        return Form{1, first, 0};
    if (first >= 0xC0 && first < 0xE0)
        return Form{2, first & 0x1Fu, 0x80};
    if (first >= 0xE0 && first < 0xF0)
        return Form{3, first & 0x0Fu, 0x800};
    if (first >= 0xF0 && first < 0xF8)
        return Form{4, first & 0x07u, 0x10000};
    return std::nullopt;
}

} // namespace

std::optional<CodePoint> firstCodePoint(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    const auto form = formOf(static_cast<unsigned char>(text[0]));
    if (!form || text.size() < form->size)
        return std::nullopt;
    char32_t value = form->bits;
    for (std::size_t at = 1; at < form->size; ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if ((byte & 0xC0) != 0x80)
            return std::nullopt;
        value = value * 64 + (byte & 0x3Fu);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < form->least || value > 0x10FFFF || surrogate)
        return std::nullopt;
    return CodePoint{value, form->size};
}

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const auto character = firstCodePoint(text);
        if (!character)
            return false;
        text.remove_prefix(character->size);
    }
    return true;
}

std::string toUtf8(char32_t character)
{
    const auto head = [character](unsigned mark, unsigned shift) {
        return static_cast<char>(mark | character >> shift);
    };
    const auto tail = [character](unsigned shift) { return static_cast<char>(0x80 | (character >> shift & 0x3F)); };
    if (character < 0x80)
        return {head(0, 0)};
    if (character < 0x800)
        return {head(0xC0, 6), tail(0)};
    if (character < 0x10000)
        return {head(0xE0, 12), tail(6), tail(0)};
    return {head(0xF0, 18), tail(12), tail(6), tail(0)};
}

std::optional<std::string> fromUtf16(std::string_view bytes)
{
    if (bytes.size() % 2 != 0)
        return std::nullopt;
    const auto unitAt = [bytes](std::size_t at) {
        const auto byte = [bytes, at](std::size_t offset) {
            return static_cast<char32_t>(static_cast<unsigned char>(bytes[at + offset]));
        };
        return byte(0) | byte(1) << 8;
    };
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        char32_t character = unitAt(at);
        if (character >= 0xDC00 && character <= 0xDFFF)
            return std::nullopt;
        if (character >= 0xD800 && character <= 0xDBFF) {
            at += 2;
            const char32_t low = at < bytes.size() ? unitAt(at) : 0;
            if (low < 0xDC00 || low > 0xDFFF)
                return std::nullopt;
            character = 0x10000 + ((character & 0x3FF) << 10) + (low & 0x3FF);
        }
        text += toUtf8(character);
    }
    return text;
}

bool isSpace(char32_t character)
{
    return (character >= 0x09 && character <= 0x0D) || (character >= 0x1C && character <= 0x20) || character == 0x85
           || character == 0xA0 || character == 0x1680 || (character >= 0x2000 && character <= 0x200A)
           || character == 0x2028 || character == 0x2029 || character == 0x202F || character == 0x205F
           || character == 0x3000;
}

bool isLineEnd(char32_t character)
{
    return (character >= 0x0A && character <= 0x0D) || (character >= 0x1C && character <= 0x1E) || character == 0x85
           || character == 0x2028 || character == 0x2029;
}

bool isPrintable(char32_t character)
{
    const bool listed = std::any_of(Unprintable.begin(), Unprintable.end(), [character](const Range &range) {
        return character >= range.first && character <= range.last;
    });
    const bool noCharacter = (character & 0xFFFE) == 0xFFFE || (character >= 0xFDD0 && character <= 0xFDEF);
    return !listed && !noCharacter;
}

} // namespace Holdfast::records
