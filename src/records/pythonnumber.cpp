// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/pythonnumber.h"

#include "records/fields.h"
#include "records/limits.h"

#include <array>
#include <cmath>
#include <limits>

namespace Holdfast::records {

namespace {

constexpr std::string_view Digits = "0123456789";

std::string_view takeDigits(std::string_view &text)
{
    const std::string_view digits = text.substr(0, text.find_first_not_of(Digits));
    text.remove_prefix(digits.size());
    return digits;
}

// What repr() prints of a number that is neither negative nor endless.
bool looksPrinted(std::string_view text)
{
    if (takeDigits(text).empty())
        return false;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (takeDigits(text).empty())
            return false;
    }
    if (text.starts_with("e+") || text.starts_with("e-")) {
        text.remove_prefix(2);
        return !takeDigits(text).empty() && text.empty();
    }
    return text.empty();
}

} // namespace

std::optional<std::string> readInteger(std::string_view text)
{
    if (text.empty() || text.find_first_not_of(Digits) != std::string_view::npos)
        return std::nullopt;
    const auto first = text.find_first_not_of('0');
    return first == std::string_view::npos ? "0" : std::string(text.substr(first));
}

std::optional<std::int64_t> readProcess(std::string_view text)
{
    const auto number = readInteger(text);
    const auto process = number ? toNumber<std::int64_t>(*number) : std::nullopt;
    return process && *process >= 1 && *process <= MostProcess ? process : std::nullopt;
}

std::optional<double> readPythonNumber(std::string_view text)
{
    if (!looksPrinted(text))
        return std::nullopt;
    double number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc::result_out_of_range ? std::numeric_limits<double>::infinity() : number;
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
