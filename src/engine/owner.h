// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast {

/** Who made a marker, as its record says. */
struct Owner
{
    std::int64_t process = 0;
    std::string host;       ///< as gethostname(2) gives it
    std::string startToken; ///< tells one process from a later one with its number; empty: none

    /** The PID namespace in which it has that number, of a container; nothing: the machine's first one, or it is not known. */
    std::optional<std::uint64_t> pidNamespace = {};

    friend bool operator==(const Owner &, const Owner &) = default;
};

/** This process. */
Owner currentOwner();

/** How the markers of filelock name the owner's host, and the other way. */
std::string markerHostOf(const Owner &owner);
Owner ownerAt(std::string_view markerHost, std::int64_t process, std::string startToken);

/** Notes on an open marker of this process in which PID namespace it was made; see livenessOf(). */
void noteOwnNamespace(std::intptr_t descriptor);

/** Whether the record's owner may be this process. A record without start token leaves that open. */
bool isThisProcess(const Owner &owner);

/**
 * Whether @p owner still runs; Dead only when that is proven, so that a marker may be removed.
 *
 * Several PID namespaces can share one host name, and a process has another number in each: what our own namespace says
 * about a number proves nothing until it is known that the owner was in it, which its record tells, or @p notedNamespace
 * (os::notedNamespace()), or until every namespace has been searched, which is possible from the machine's first one.
 */
Liveness livenessOf(const Owner &owner, std::optional<std::uint64_t> notedNamespace = {});

} // namespace Holdfast
