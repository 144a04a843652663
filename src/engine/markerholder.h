// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include "engine/owner.h"
#include "os/markerreader.h"

#include <optional>
#include <string>
#include <string_view>

namespace Holdfast {

/** The marker of protocol 1 for this process. */
std::string softRecord();

/** The owner that a marker of protocol 1 or 2 names; nothing when it names none. */
std::optional<Owner> ownerIn(std::string_view bytes);

/** Whether the owner of the marker that @p reader has open and read as @p content still runs. */
Liveness livenessIn(const Owner &owner, const os::MarkerReader &reader);

/** Whether the marker at @p path names this process; see isThisProcess(). */
bool markerNamesThisProcess(const std::string &path);

/** Everything that a marker tells about @p owner. */
LockHolder holderFrom(const Owner &owner, Liveness liveness, const os::FileFacts &facts);

/** Who holds the marker at @p path; invalid when there is none or it names nobody. */
LockHolder markerHolder(const std::string &path);

} // namespace Holdfast
