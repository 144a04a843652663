// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/serverlock.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/vfs.h>

namespace Holdfast::os {

bool mayBeTakenBack(std::intptr_t descriptor)
{
    constexpr std::uint32_t nfs = 0x6969; // NFS_SUPER_MAGIC
    struct statfs facts;
    return systemCalls().fstatfs(static_cast<int>(descriptor), &facts) == 0
           && static_cast<std::uint32_t>(facts.f_type) == nfs;
}

// What is read past the cache carries the lock's state along, also from an empty file, and once the client has had to give up
// the lock it fails with EIO, for good (Linux, NFS_LOCK_LOST; fcntl(2), "lost locks"). Nothing else tells: to lock it again succeeds.
Result<bool> isInForce(std::intptr_t descriptor)
{
    alignas(4096) std::array<char, 4096> bytes;
    const int number = static_cast<int>(descriptor);
    const int flags = ::fcntl(number, F_GETFL);
    ::fcntl(number, F_SETFL, flags | O_DIRECT);
    const ssize_t answer = uninterrupted([&] { return systemCalls().pread(number, bytes.data(), bytes.size(), 0); });
    const SystemError error = lastError("read");
    ::fcntl(number, F_SETFL, flags);
    if (answer < 0 && error.code != EIO)
        return error;
    return answer >= 0;
}

} // namespace Holdfast::os
