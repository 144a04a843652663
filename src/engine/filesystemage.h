// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/directory.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace Holdfast {

/**
 * How old files are, by the clock of the filesystem that stamps them: a local clock that is wrong ages nobody's marker on a
 * server. On a local disk both clocks are one.
 *
 * Asking that clock makes a file. So what it said is remembered for a while, counted on with the local clock's pace, and
 * only when somebody would be called old by that is it asked again. Not thread-safe.
 */
class FilesystemAge
{
public:
    /**
     * Whether the file that was stamped @p modified, beside which @p besideName lies, is at least @p age old. False when that
     * cannot be found out, and for one from the future.
     */
    bool isAtLeast(std::chrono::nanoseconds age, std::int64_t modified, const os::Directory &directory,
                   const std::string &besideName);

private:
    std::optional<std::int64_t> now(const os::Directory &directory, const std::string &besideName);

    std::int64_t m_filesystemTime = 0;
    std::optional<std::chrono::nanoseconds> m_askedAt; // on Clock::boot()
};

} // namespace Holdfast
