// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/directory.h"

#include <string>
#include <string_view>

namespace Holdfast::os {

/**
 * What time it is where @p besideName lies, in nanoseconds since the epoch: the clock by which that filesystem stamps its
 * files, be it a server's. Ages of markers are counted on it, because the local clock may be wrong.
 *
 * Creates a file without a name there, or where that is impossible a hidden one with a name of its own that is removed at
 * once, so it needs the right to write to the directory.
 */
Result<std::int64_t> filesystemNow(const Directory &directory, const std::string &besideName);

/** Whether @p name in the same directory is such a hidden file; a process that was killed may have left it. */
bool isProbe(std::string_view name, const std::string &besideName);

} // namespace Holdfast::os
