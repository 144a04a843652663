// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/rangelock.h"

#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <cerrno>
#include <fcntl.h>

namespace Holdfast::os {

namespace {

struct flock toKernel(const ByteRange &range, int type)
{
    struct flock lock = {}; // l_pid has to be 0
    lock.l_type = static_cast<short>(type);
    lock.l_whence = SEEK_SET;
    lock.l_start = range.start;
    lock.l_len = range.length;
    return lock;
}

int call(std::intptr_t descriptor, int command, struct flock *lock)
{
    return uninterrupted([&] { return systemCalls().rangeLock(static_cast<int>(descriptor), command, lock); });
}

int typeOf(LockStrength strength)
{
    return strength == LockStrength::Shared ? F_RDLCK : F_WRLCK;
}

} // namespace

Result<LockAnswer> tryLockRange(std::intptr_t descriptor, const ByteRange &range, LockStrength strength)
{
    struct flock lock = toKernel(range, typeOf(strength));
    if (call(descriptor, F_OFD_SETLK, &lock) == 0)
        return LockAnswer::Acquired;
    if (errno == EAGAIN || errno == EACCES)
        return LockAnswer::Busy;
    return lastError("fcntl");
}

Status unlockRange(std::intptr_t descriptor, const ByteRange &range)
{
    struct flock lock = toKernel(range, F_UNLCK);
    if (call(descriptor, F_OFD_SETLK, &lock) == 0)
        return {};
    return lastError("fcntl");
}

Result<std::optional<RangeConflict>> rangeConflict(std::intptr_t descriptor, const ByteRange &range,
                                                   LockStrength strength)
{
    struct flock lock = toKernel(range, typeOf(strength));
    if (call(descriptor, F_OFD_GETLK, &lock) != 0)
        return lastError("fcntl");
    if (lock.l_type == F_UNLCK)
        return std::optional<RangeConflict>();
    return std::optional(
        RangeConflict{lock.l_pid, lock.l_type == F_RDLCK ? LockStrength::Shared : LockStrength::Exclusive});
}

} // namespace Holdfast::os
