// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include "os/result.h"

#include <optional>
#include <string>

namespace Holdfast {

/** Who holds the flock on @p path according to the system's lock table; invalid when nobody is listed. Opens nothing, so it
    wakes nobody who waits for the file to be closed. */
LockHolder fileHolder(const std::string &path);

/** How another machine has the file at @p path locked, of whose locks this machine's table knows nothing: asks the server (NFS keeps
    a flock as a lock on all bytes of the file). Nothing, and nothing opened, on this machine's disks. An error: the file must not be
    read, so nobody can tell. */
os::Result<std::optional<LockMode>> remoteLock(const std::string &path);

} // namespace Holdfast
