// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include <string>

namespace Holdfast {

/** Who holds the flock on @p path according to the system's lock table; invalid when nobody is listed. Opens nothing, so it
    wakes nobody who waits for the file to be closed. */
LockHolder fileHolder(const std::string &path);

} // namespace Holdfast
