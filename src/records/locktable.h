// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace Holdfast::records {

/** One granted lock in the system's table. */
struct LockTableEntry
{
    std::int64_t process = 0;
    bool shared = false;
    friend bool operator==(const LockTableEntry &, const LockTableEntry &) = default;
};

/**
 * The processes that hold a flock(2) on one file, from the text of `/proc/locks` (format: proc(5), fs/locks.c).
 *
 * @param table the whole text; lines that do not look like a lock are skipped
 * @param major, minor, inode the file; a major of 0 (a device that belongs to a filesystem without disk, such as
 *        btrfs or overlay, which the table numbers differently) matches by the inode alone
 */
std::vector<LockTableEntry> flockHolders(std::string_view table, unsigned major, unsigned minor, std::uint64_t inode);

/** The same for POSIX locks (fcntl(2)), of those that cover the byte @p offset. */
std::vector<LockTableEntry> posixHolders(std::string_view table, unsigned major, unsigned minor, std::uint64_t inode,
                                         std::uint64_t offset);

/** The same for locks of open files (F_OFD_SETLK), which the table knows no process of: it says -1. */
std::vector<LockTableEntry> openFileHolders(std::string_view table, unsigned major, unsigned minor, std::uint64_t inode,
                                            std::uint64_t offset);

} // namespace Holdfast::records
