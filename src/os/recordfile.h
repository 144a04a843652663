// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/descriptor.h"
#include "os/descriptorlock.h"
#include "os/filefacts.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace Holdfast::os {

/** Which byte the system's lock is on. 2^62: behind every file there is, and within what 64-bit offsets of all systems can say. */
inline constexpr std::int64_t RecordLockOffset = std::int64_t(1) << 62;

/** How RecordFile::open() has come to its file. */
enum class Opening {
    Created,
    Found,
    FoundForReading, ///< somebody else's, who does not let us write
    Vanished         ///< removed just now: try again
};

/**
 * A file with a record in it, and the system's lock far behind the record.
 *
 * The record stays readable for everybody while it is locked, also where such locks are mandatory (Windows; SMB since Linux 5.5,
 * which would refuse every read inside the locked range). Facts and single calls, no waiting, no policy. Not thread-safe, but for
 * abandon().
 */
class RecordFile
{
public:
    /** Opens @p path or makes it, never through a symbolic link. What is no regular file is ErrorKind::NotAFile. */
    Result<Opening> open(const std::string &path, unsigned createMode);

    bool isOpen() const { return m_descriptor.isOpen(); }
    std::intptr_t descriptor() const { return m_descriptor.number(); }

    /** Who holds it Exclusive is the one holder; who may only read the file takes it Shared, to keep holders out. */
    Result<LockAnswer> tryLock(LockStrength strength);
    Status unlock();

    Result<FileFacts> facts() const;
    Result<std::string> read(std::size_t most) const; ///< from its beginning

    /** In place of the @p before bytes that are in it. Other machines see them when this returns. */
    Status write(std::string_view bytes, std::int64_t before);

    Status setMode(unsigned mode); ///< permission bits

    void close() { m_descriptor.close(); } ///< lets go of the lock as well
    void abandon() { m_descriptor.abandon(); }

private:
    Descriptor m_descriptor;
};

/** Whether somebody else than the open file @p descriptor has it locked. Takes nothing. */
Result<bool> isRecordLocked(std::intptr_t descriptor);

} // namespace Holdfast::os
