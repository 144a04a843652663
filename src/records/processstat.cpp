// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/processstat.h"

#include "records/fields.h"
#include "records/pythontext.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace Holdfast::records {

namespace {

constexpr std::string_view Blanks = " \t\n\v\f\r";

std::string_view takeWord(std::string_view &text)
{
    text.remove_prefix(std::min(text.find_first_not_of(Blanks), text.size()));
    const std::string_view word = text.substr(0, text.find_first_of(Blanks));
    text.remove_prefix(word.size());
    return word;
}

// A boot id is a UUID: 128 bits in hexadecimal with dashes. Most significant half first.
std::array<std::uint64_t, 2> readBootId(std::string_view text)
{
    text = stripped(text);
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char digit) { return digit != '-'; });
    constexpr std::size_t HalfSize = 16;
    if (digits.size() > 2 * HalfSize)
        return {0, 0};
    digits.insert(0, 2 * HalfSize - digits.size(), '0');
    const auto high = toNumber<std::uint64_t>(std::string_view(digits).substr(0, HalfSize), 16);
    const auto low = toNumber<std::uint64_t>(std::string_view(digits).substr(HalfSize), 16);
    return high && low ? std::array{*high, *low} : std::array<std::uint64_t, 2>{0, 0};
}

} // namespace

std::optional<ProcessStat> readProcessStat(std::string_view text)
{
    const auto end = text.rfind(')');
    if (end == std::string_view::npos)
        return std::nullopt;
    text.remove_prefix(end + 1);
    const std::string_view state = takeWord(text);
    for (int field = 4; field < 22; ++field) // proc(5): the state is field 3, the start time field 22
        takeWord(text);
    const auto startTime = toNumber<std::uint64_t>(takeWord(text));
    if (state.size() != 1 || !startTime)
        return std::nullopt;
    return ProcessStat{state[0], *startTime};
}

// Long division on paper: six digits of 32 bits, most significant first, by a billion until nothing is left. Each
// remainder is nine decimal digits of the result, from its end.
std::string startToken(std::string_view bootId, std::uint64_t startTime)
{
    const auto [high, low] = readBootId(bootId);
    std::array<std::uint32_t, 6> number{};
    std::size_t at = 0;
    for (const std::uint64_t half : {high, low, startTime}) {
        number[at++] = static_cast<std::uint32_t>(half >> 32);
        number[at++] = static_cast<std::uint32_t>(half & 0xFFFFFFFF);
    }
    std::string decimal;
    while (std::any_of(number.begin(), number.end(), [](std::uint32_t digit) { return digit != 0; })) {
        constexpr std::uint64_t Billion = 1000000000;
        std::uint64_t remainder = 0;
        for (std::uint32_t &digit : number) {
            remainder = (remainder << 32) | digit;
            digit = static_cast<std::uint32_t>(remainder / Billion);
            remainder %= Billion;
        }
        const std::string nine = std::to_string(remainder);
        decimal.insert(0, std::string(9 - nine.size(), '0') + nine);
    }
    const auto first = decimal.find_first_not_of('0');
    return first == std::string::npos ? "0" : decimal.substr(first);
}

std::optional<std::vector<std::int64_t>> namespacePids(std::string_view statusText)
{
    while (!statusText.empty()) {
        std::string_view line = takeUntil(statusText, '\n');
        if (takeUntil(line, ':') != "NSpid")
            continue;
        std::vector<std::int64_t> pids;
        for (std::string_view word = takeWord(line); !word.empty(); word = takeWord(line)) {
            const auto pid = toNumber<std::int64_t>(word);
            if (!pid)
                return std::nullopt;
            pids.push_back(*pid);
        }
        return pids.empty() ? std::nullopt : std::optional(pids);
    }
    return std::nullopt;
}

} // namespace Holdfast::records
