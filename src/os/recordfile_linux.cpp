// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/durability.h"
#include "os/filefacts_unix.h"
#include "os/fork.h"
#include "os/guardedfile.h"
#include "os/lockfile.h"
#include "os/rangelock.h"
#include "os/recordfile.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <cerrno>
#include <fcntl.h>

namespace Holdfast::os {

namespace {

constexpr ByteRange LockedByte{RecordLockOffset, 1};

// As in LockFile: a planted link must not lead us elsewhere, a pipe or terminal must take no harm.
constexpr int OpenFlags = O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

int openFile(const std::string &path, int flags, unsigned mode)
{
    return uninterrupted([&] { return systemCalls().open(path.c_str(), OpenFlags | flags, mode); });
}

bool isDenied(int code)
{
    return code == EACCES || code == EPERM || code == EROFS;
}

Status writeAt(int descriptor, std::string_view bytes)
{
    for (off_t at = 0; !bytes.empty();) {
        const ssize_t written =
            uninterrupted([&] { return systemCalls().pwrite(descriptor, bytes.data(), bytes.size(), at); });
        if (written < 0)
            return lastError("write");
        if (written == 0) // for ever, perhaps
            return errorFromCode(EIO, "write");
        at += written;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

} // namespace

// Made first: a document that nobody edits has no such file, and that is the common case.
Result<Opening> RecordFile::open(const std::string &path, unsigned createMode)
{
    close();
    if (Status unguarded = checkUnguarded(AT_FDCWD, path); !unguarded)
        return unguarded.error();
    const ForkPause untilItIsNoted;
    int descriptor = openFile(path, O_RDWR | O_CREAT | O_EXCL, createMode);
    if (descriptor >= 0) {
        m_descriptor.set(descriptor);
        return Opening::Created;
    }
    const SystemError whyNotMade = lastError("open");
    if (whyNotMade.code != EEXIST && !isDenied(whyNotMade.code))
        return whyNotMade;
    if (Status openable = checkOpenable(path); !openable)
        return openable.error();
    Opening how = Opening::Found;
    descriptor = openFile(path, O_RDWR, 0);
    if (descriptor < 0 && isDenied(errno)) {
        how = Opening::FoundForReading;
        descriptor = openFile(path, O_RDONLY, 0);
    }
    if (descriptor >= 0) {
        m_descriptor.set(descriptor);
        return how;
    }
    if (errno == ENOENT) // nothing there: then it is the making that is refused
        return whyNotMade.code == EEXIST ? Result<Opening>(Opening::Vanished) : Result<Opening>(whyNotMade);
    return lastError("open");
}

Result<LockAnswer> RecordFile::tryLock(LockStrength strength)
{
    return tryLockRange(descriptor(), LockedByte, strength);
}

Status RecordFile::unlock()
{
    return unlockRange(descriptor(), LockedByte);
}

Result<FileFacts> RecordFile::facts() const
{
    struct stat facts;
    if (systemCalls().fstat(static_cast<int>(descriptor()), &facts) != 0)
        return lastError("fstat");
    return factsFrom(facts);
}

Result<std::string> RecordFile::read(std::size_t most) const
{
    std::string bytes(most, '\0');
    std::size_t size = 0;
    while (size < most) {
        const ssize_t got = uninterrupted([&] {
            return systemCalls().pread(static_cast<int>(descriptor()), bytes.data() + size, most - size,
                                       static_cast<off_t>(size));
        });
        if (got < 0)
            return lastError("read");
        const std::size_t wanted = most - size;
        size += static_cast<std::size_t>(got);
        if (static_cast<std::size_t>(got) < wanted)
            break; // of a file, less than was asked for is the end
    }
    bytes.resize(size);
    return bytes;
}

// Written first and cut off after: whoever reads in between finds a whole record at the beginning.
Status RecordFile::write(std::string_view bytes, std::int64_t before)
{
    const int number = static_cast<int>(descriptor());
    if (Status written = writeAt(number, bytes); !written)
        return written;
    const auto size = static_cast<off_t>(bytes.size());
    if (before > size && systemCalls().ftruncate(number, size) != 0)
        return lastError("ftruncate");
    return syncWithOtherMachines(number);
}

Status RecordFile::setMode(unsigned mode)
{
    return systemCalls().fchmod(static_cast<int>(descriptor()), mode) == 0 ? Status() : lastError("fchmod");
}

// What keeps the one holder out is anybody's lock.
Result<bool> isRecordLocked(std::intptr_t descriptor)
{
    Result<std::optional<RangeConflict>> conflict = rangeConflict(descriptor, LockedByte, LockStrength::Exclusive);
    if (!conflict)
        return conflict.error();
    return conflict->has_value();
}

} // namespace Holdfast::os
