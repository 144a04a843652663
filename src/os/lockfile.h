// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/descriptorlock.h"
#include "os/filefacts.h"
#include "os/fileidentity.h"
#include "os/result.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace Holdfast::os {

/**
 * One open lock file and the system's lock on it: facts and single calls, no waiting, no policy.
 *
 * Not thread-safe, but for abandon(), which the fork handler calls.
 */
class LockFile
{
public:
    LockFile() = default;
    ~LockFile() { close(); }
    LockFile(const LockFile &) = delete;
    LockFile &operator=(const LockFile &) = delete;

    /**
     * Opens @p path, creating it when missing, never following a final symbolic link, never truncating.
     * A shared lock also takes a file that can only be read. False: neither there nor created although its directory is
     * there, as network filesystems answer when somebody has just removed it; try again.
     */
    Result<bool> open(const std::string &path, LockStrength strength, unsigned createMode);

    bool isOpen() const { return descriptor() >= 0; }
    std::intptr_t descriptor() const { return m_descriptor.load(std::memory_order_relaxed); }

    /** One attempt, without waiting. */
    Result<LockAnswer> tryLock(LockStrength strength);

    /** What the open file is. Anything but a regular file is ErrorKind::NotAFile. */
    Result<FileFacts> facts() const;

    Status setMode(unsigned mode); ///< not being the owner is no error
    Status clear();                ///< empties the file
    Status unlock();
    void close(); ///< once, whatever it answers: a retry could close somebody else's descriptor

    /** In the child of a fork: lets go of the inherited descriptor without unlocking the parent's lock. */
    void abandon();

private:
    std::atomic<std::intptr_t> m_descriptor{-1};
};

/** ErrorKind::NotAFile when @p path names something that must not even be opened: opening a pipe lets its reader go on, and
    some devices act on it. A missing file is fine. */
Status checkOpenable(const std::string &path);

/** The file that @p path names now; an invalid identity when there is none. Does not follow a final symbolic link. */
Result<FileIdentity> identityOf(const std::string &path);

/** The file that is open as @p descriptor, whatever its name leads to by now. */
Result<FileIdentity> identityOf(std::intptr_t descriptor);

/** The facts of the file that @p path leads to, a final symbolic link followed; none when there is no such file. */
Result<std::optional<FileFacts>> targetOf(const std::string &path);

} // namespace Holdfast::os
