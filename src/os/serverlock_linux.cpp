// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/fork.h"
#include "os/serverlock.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/vfs.h>

namespace Holdfast::os {

bool isOnNfs(std::intptr_t descriptor)
{
    constexpr std::uint32_t nfs = 0x6969; // NFS_SUPER_MAGIC
    struct statfs facts;
    return systemCalls().fstatfs(static_cast<int>(descriptor), &facts) == 0
           && static_cast<std::uint32_t>(facts.f_type) == nfs;
}

namespace {

// Past the cache, also of an empty file: what is sent to the server carries the lock's state along.
Status readDirectly(int descriptor)
{
    alignas(4096) std::array<char, 4096> bytes;
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (::fcntl(descriptor, F_SETFL, flags | O_DIRECT) != 0)
        return lastError("fcntl");
    const ssize_t answer =
        uninterrupted([&] { return systemCalls().pread(descriptor, bytes.data(), bytes.size(), 0); });
    const Status status = answer >= 0 ? Status() : Status(lastError("read"));
    ::fcntl(descriptor, F_SETFL, flags);
    return status;
}

Result<Descriptor> reopen(std::intptr_t descriptor, int mode)
{
    const ForkPause untilItIsNoted;
    const std::string same = "/proc/self/fd/" + std::to_string(descriptor);
    const int number = uninterrupted([&] { return systemCalls().open(same.c_str(), mode | O_CLOEXEC, 0); });
    if (number < 0)
        return lastError("open");
    return Descriptor(number);
}

bool isInputError(const Status &status)
{
    return !status && status.error().code == EIO;
}

} // namespace

// Once the client has had to give up the lock, to read through the file that had it fails with EIO, for good (Linux,
// NFS_LOCK_LOST; fcntl(2), "lost locks"). Nothing else tells: to lock it again succeeds. A server that does not answer in time is
// the same error on mounts that are "soft", but then it does not answer those who have no lock, either.
Result<bool> isInForce(std::intptr_t descriptor)
{
    const int locked = static_cast<int>(descriptor);
    Status answer = readDirectly(locked);
    if (!isInputError(answer))
        return answer ? Result<bool>(true) : Result<bool>(answer.error());
    Result<Descriptor> other = reopen(locked, O_RDONLY);
    if (!other)
        return other.error();
    if (const Status server = readDirectly(static_cast<int>(other->number())); !server)
        return server.error();
    answer = readDirectly(locked);
    if (!answer && !isInputError(answer))
        return answer.error();
    return bool(answer);
}

Result<Descriptor> reopenForWriting(std::intptr_t descriptor)
{
    return reopen(descriptor, O_RDWR);
}

} // namespace Holdfast::os
