// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/pythonnumber.h"

#include "records/fields.h"
#include "records/limits.h"
#include "records/unicode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace Holdfast::records {

namespace {

bool isDigit(char character)
{
    return character >= '0' && character <= '9';
}

std::size_t digitsAtTheFront(std::string_view text)
{
    const auto end = text.find_first_not_of("0123456789");
    return end == std::string_view::npos ? text.size() : end;
}

bool takeSign(std::string_view &text)
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    return negative;
}

// In ASCII, blanks at the ends off and digits of all scripts as 0 to 9. Python's numbers, unlike its texts, do not take
// U+001C to U+001F for white space.
std::optional<std::string> toAscii(std::string_view text)
{
    std::string ascii;
    while (!text.empty()) {
        const auto character = firstCodePoint(text);
        if (!character)
            return std::nullopt;
        const int digit = digitValue(character->value);
        if (digit >= 0)
            ascii += static_cast<char>('0' + digit);
        else if (character->value < 0x7F && !(character->value >= 0x09 && character->value <= 0x0D))
            ascii += static_cast<char>(character->value);
        else if (isSpace(character->value))
            ascii += ' ';
        else
            return std::nullopt;
        text.remove_prefix(character->size);
    }
    const auto begin = ascii.find_first_not_of(' ');
    return begin == std::string::npos ? "" : ascii.substr(begin, ascii.find_last_not_of(' ') - begin + 1);
}

// An underscore may stand between two digits.
std::optional<std::string> withoutUnderscores(std::string_view ascii)
{
    std::string plain;
    for (std::size_t at = 0; at < ascii.size(); ++at) {
        if (ascii[at] != '_')
            plain += ascii[at];
        else if (at == 0 || at + 1 == ascii.size() || !isDigit(ascii[at - 1]) || !isDigit(ascii[at + 1]))
            return std::nullopt;
    }
    return plain;
}

std::optional<std::string> plainNumber(std::string_view text)
{
    const auto ascii = toAscii(text);
    return ascii ? withoutUnderscores(*ascii) : std::nullopt;
}

// digits [. digits] [e sign digits], with a digit on at least one side of the point.
bool looksLikeANumber(std::string_view text)
{
    const std::size_t whole = digitsAtTheFront(text);
    text.remove_prefix(whole);
    std::size_t fraction = 0;
    if (text.starts_with('.')) {
        fraction = digitsAtTheFront(text.substr(1));
        text.remove_prefix(1 + fraction);
    }
    if (whole + fraction == 0)
        return false;
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        takeSign(text);
        return !text.empty() && digitsAtTheFront(text) == text.size();
    }
    return text.empty();
}

// Where the first digit that is not zero stands, as a power of ten, tells what did not fit: the very large from the
// very small. An exponent of a dozen digits is beyond anything that the rest of 1024 bytes could make up for.
double beyondRange(std::string_view text)
{
    const std::size_t exponentAt = text.find_first_of("eE");
    std::string_view exponentText = exponentAt == std::string_view::npos ? "0" : text.substr(exponentAt + 1);
    const std::string_view digits = text.substr(0, exponentAt);
    const bool negative = takeSign(exponentText);
    const auto exponent = toNumber<std::int32_t>(exponentText).value_or(std::numeric_limits<std::int32_t>::max());
    const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
    const auto first = digits.find_first_of("123456789");
    if (first == std::string_view::npos)
        return 0;
    const std::int64_t shift = negative ? -std::int64_t{exponent} : std::int64_t{exponent};
    return point - static_cast<std::int64_t>(first) + shift > 0 ? std::numeric_limits<double>::infinity() : 0;
}

std::optional<double> wordNumber(std::string_view text)
{
    std::string lower;
    for (const char character : text)
        lower += character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
    if (lower == "inf" || lower == "infinity")
        return std::numeric_limits<double>::infinity();
    if (lower == "nan")
        return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
}

std::optional<double> magnitude(std::string_view text)
{
    if (!looksLikeANumber(text))
        return wordNumber(text);
    double number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc::result_out_of_range ? beyondRange(text) : number;
}

} // namespace

std::optional<std::string> readPythonInteger(std::string_view text)
{
    const auto plain = plainNumber(text);
    if (!plain)
        return std::nullopt;
    std::string_view digits = *plain;
    const bool negative = takeSign(digits);
    if (digits.empty() || digitsAtTheFront(digits) != digits.size())
        return std::nullopt;
    const auto first = digits.find_first_not_of('0');
    if (first == std::string_view::npos)
        return "0";
    return (negative ? "-" : "") + std::string(digits.substr(first));
}

std::optional<std::int64_t> readPythonProcess(std::string_view text)
{
    const auto number = readPythonInteger(text);
    const auto process = number ? toNumber<std::int64_t>(*number) : std::nullopt;
    return process && *process >= 1 && *process <= MostProcess ? process : std::nullopt;
}

std::optional<double> readPythonNumber(std::string_view text)
{
    const auto plain = plainNumber(text);
    if (!plain)
        return std::nullopt;
    std::string_view digits = *plain;
    const bool negative = takeSign(digits);
    const auto number = magnitude(digits);
    return number && negative ? -*number : number;
}

// Python prints whole numbers below 1e16 and fractions down to 1e-4 without an exponent, and always a point or an
// exponent, so that it is seen not to be an integer.
std::string pythonNumber(double number)
{
    if (std::isnan(number))
        return "nan";
    if (std::isinf(number))
        return number > 0 ? "inf" : "-inf";
    const double size = std::abs(number);
    const bool plain = size == 0 || (size >= 1e-4 && size < 1e16);
    std::array<char, 64> buffer{}; // the longest is 25 characters
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                      plain ? std::chars_format::fixed : std::chars_format::scientific);
    std::string text(buffer.data(), result.ptr);
    if (plain && text.find('.') == std::string::npos)
        text += ".0";
    return text;
}

} // namespace Holdfast::records
