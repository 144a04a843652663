// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace Holdfast::records {

/** Cuts off the front of @p text up to the separator, which goes with it; the whole where there is none. */
inline std::string_view takeUntil(std::string_view &text, char separator)
{
    const auto end = text.find(separator);
    const std::string_view head = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return head;
}

/** The number that fills @p text from end to end; nothing when something else is in it, or it does not fit. */
template<class Number>
std::optional<Number> toNumber(std::string_view text, int base = 10)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

} // namespace Holdfast::records
