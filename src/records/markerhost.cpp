// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/markerhost.h"

#include "records/canonical.h"
#include "records/fields.h"

#include <array>
#include <charconv>

namespace Holdfast::records {

namespace {

constexpr std::string_view NamespaceMark = "?pidns-";
constexpr char Escape = '?';

bool isPlain(char character)
{
    return character >= '!' && character <= '~' && character != Escape;
}

std::string unescaped(std::string_view text)
{
    if (text == "?")
        return {};
    std::string name;
    while (!text.empty()) {
        const auto byte =
            text.front() == Escape && text.size() >= 3 ? fromHexadecimal(text.substr(1, 2)) : std::nullopt;
        name += byte ? byte->front() : text.front();
        text.remove_prefix(byte ? 3 : 1);
    }
    return name;
}

} // namespace

std::string writeMarkerHost(const MarkerHost &host)
{
    std::string text;
    for (const char &character : host.name)
        text += isPlain(character) ? std::string(1, character) : Escape + toHexadecimal({&character, 1});
    if (host.pidNamespace) {
        std::array<char, 16> digits;
        const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), *host.pidNamespace, 16);
        text.append(NamespaceMark).append(digits.data(), result.ptr);
    }
    return text.empty() ? std::string(1, Escape) : text;
}

MarkerHost readMarkerHost(std::string_view text)
{
    MarkerHost host;
    const auto mark = text.rfind(NamespaceMark);
    if (mark != std::string_view::npos)
        host.pidNamespace = toNumber<std::uint64_t>(text.substr(mark + NamespaceMark.size()), 16);
    host.name = unescaped(host.pidNamespace ? text.substr(0, mark) : text);
    return host;
}

} // namespace Holdfast::records
