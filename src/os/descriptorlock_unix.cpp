// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/descriptorlock.h"

#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <cerrno>
#include <sys/file.h>

namespace Holdfast::os {

namespace {

int uninterruptedFlock(std::intptr_t descriptor, int operation)
{
    return uninterrupted([&] { return systemCalls().flock(static_cast<int>(descriptor), operation); });
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
