// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/filefacts_unix.h"

#include <limits>

namespace Holdfast::os {

namespace {

// Anybody can give a file of his a time that nanoseconds cannot count (before 1677, after 2262).
std::int64_t toNanoseconds(const timespec &time)
{
    constexpr std::int64_t second = 1'000'000'000;
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max() / second - 1;
    if (time.tv_sec > last)
        return std::numeric_limits<std::int64_t>::max();
    if (time.tv_sec < -last)
        return std::numeric_limits<std::int64_t>::min();
    return time.tv_sec * second + time.tv_nsec;
}

FileFacts::Type typeOf(mode_t mode)
{
    if (S_ISREG(mode))
        return FileFacts::Regular;
    if (S_ISDIR(mode))
        return FileFacts::Directory;
    return S_ISLNK(mode) ? FileFacts::Link : FileFacts::Other;
}

} // namespace

FileFacts factsFrom(const struct stat &facts)
{
    constexpr mode_t permissions = 07777;
    return {
        .identity = {static_cast<std::uint64_t>(facts.st_dev), static_cast<std::uint64_t>(facts.st_ino)},
        .modified = toNanoseconds(facts.st_mtim),
        .changed = toNanoseconds(facts.st_ctim),
        .type = typeOf(facts.st_mode),
        .links = static_cast<std::uint64_t>(facts.st_nlink),
        .size = facts.st_size,
        .mode = facts.st_mode & permissions,
        .owner = facts.st_uid,
    };
}

} // namespace Holdfast::os
