// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/** Where the owner of a marker runs. */
struct MarkerHost
{
    std::string name; ///< as gethostname(2) gives it; any bytes
    std::optional<std::uint64_t> pidNamespace =
        {}; ///< the number of a container's; nothing: the machine's own, or not said
    friend bool operator==(const MarkerHost &, const MarkerHost &) = default;
};

/**
 * The host as the markers of filelock name it since 4.1: `NAME`, or `NAME?pidns-HEX`. A byte of the name that is no visible
 * ASCII character, or is `?`, is `?XX`; a name without any byte is `?`. So every name fits into every record of the family.
 */
std::string writeMarkerHost(const MarkerHost &host);

/** The other way; also of a name that was written as it is, which is what filelock did before 3.32.4. */
MarkerHost readMarkerHost(std::string_view text);

} // namespace Holdfast::records
