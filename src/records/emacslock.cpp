// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/emacslock.h"

#include "records/fields.h"
#include "records/limits.h"

namespace Holdfast::records {

namespace {

constexpr std::string_view Prefix = ".#";
constexpr std::string_view Colon = ":";
constexpr std::string_view ColonOnWindowsShares = "\xEF\x80\xA2";

std::string_view takeDigits(std::string_view &text)
{
    const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
    text.remove_prefix(digits.size());
    return digits;
}

bool takeColon(std::string_view &text)
{
    for (const std::string_view colon : {Colon, ColonOnWindowsShares}) {
        if (text.starts_with(colon)) {
            text.remove_prefix(colon.size());
            return true;
        }
    }
    return false;
}

} // namespace

std::optional<EmacsOwner> readEmacsLock(std::string_view text)
{
    const auto at = text.rfind('@');
    const auto stop = text.rfind('.');
    if (text.size() > MostEmacsBytes || at == std::string_view::npos || stop == std::string_view::npos || stop < at)
        return std::nullopt;
    EmacsOwner owner{std::string(text.substr(0, at)), std::string(text.substr(at + 1, stop - at - 1)), 0, {}};
    std::string_view rest = text.substr(stop + 1);
    const std::string_view process = takeDigits(rest);
    if (process.empty())
        return std::nullopt;
    const auto number = toNumber<std::int64_t>(process);
    if (number && *number <= MostProcess)
        owner.process = *number;
    if (rest.empty())
        return owner;
    if (!takeColon(rest))
        return std::nullopt;
    const std::string_view start = takeDigits(rest);
    owner.startOfHost = toNumber<std::int64_t>(start);
    return !start.empty() && rest.empty() ? std::optional(owner) : std::nullopt;
}

std::string emacsLockName(std::string_view documentName)
{
    return std::string(Prefix).append(documentName);
}

} // namespace Holdfast::records
