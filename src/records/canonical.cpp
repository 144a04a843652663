// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/canonical.h"

#include "records/fields.h"
#include "records/limits.h"

#include <algorithm>

namespace Holdfast::records {

namespace {

constexpr std::string_view Digits = "0123456789abcdef";

bool isDecimalDigit(char character)
{
    return character >= '0' && character <= '9';
}

} // namespace

bool isToken(std::string_view text)
{
    return text.size() == TokenSize && text.find_first_not_of(Digits) == std::string_view::npos;
}

bool isCanonicalNumber(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isDecimalDigit) && (text[0] != '0' || text == "0");
}

std::optional<std::int64_t> readCanonicalProcess(std::string_view text)
{
    if (!isCanonicalNumber(text))
        return std::nullopt;
    const auto process = toNumber<std::int64_t>(text);
    return process && *process >= 1 && *process <= MostProcess ? process : std::nullopt;
}

std::string toHexadecimal(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        text += Digits[value / 16];
        text += Digits[value % 16];
    }
    return text;
}

std::optional<std::string> fromHexadecimal(std::string_view text)
{
    if (text.size() % 2 != 0 || text.find_first_not_of(Digits) != std::string_view::npos)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); at += 2)
        bytes += static_cast<char>(Digits.find(text[at]) * 16 + Digits.find(text[at + 1]));
    return bytes;
}

} // namespace Holdfast::records
