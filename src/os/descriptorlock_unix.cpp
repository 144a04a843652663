// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/descriptorlock.h"

#include "os/syscalls_unix.h"

#include <cerrno>
#include <sys/file.h>

namespace Holdfast::os {

namespace {

// A signal storm may interrupt a call again and again; a kernel that answers nothing else must not hang us.
constexpr int MaxInterruptions = 1000;

int uninterruptedFlock(std::intptr_t descriptor, int operation)
{
    int result = systemCalls().flock(static_cast<int>(descriptor), operation);
    for (int i = 0; result < 0 && errno == EINTR && i < MaxInterruptions; ++i)
        result = systemCalls().flock(static_cast<int>(descriptor), operation);
    return result;
}

} // namespace

Result<LockAnswer> tryLockDescriptor(std::intptr_t descriptor, LockStrength strength)
{
    const int operation = (strength == LockStrength::Shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
    if (uninterruptedFlock(descriptor, operation) == 0)
        return LockAnswer::Acquired;
    // EACCES: some systems and network filesystems report a conflict this way, as fcntl(2) may.
    if (errno == EWOULDBLOCK || errno == EACCES)
        return LockAnswer::Busy;
    return lastError("flock");
}

Status unlockDescriptor(std::intptr_t descriptor)
{
    if (uninterruptedFlock(descriptor, LOCK_UN) == 0)
        return {};
    return lastError("flock");
}

} // namespace Holdfast::os
