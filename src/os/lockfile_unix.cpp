// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/filefacts_unix.h"
#include "os/fork.h"
#include "os/guardedfile.h"
#include "os/lockfile.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <cerrno>
#include <fcntl.h>

namespace Holdfast::os {

namespace {

// O_NOFOLLOW and no O_TRUNC: a planted link must not make us empty its target (CVE-2025-68146 in a peer).
// O_NOCTTY and O_NONBLOCK: a path that names a terminal or a pipe must do no harm before it is refused.
constexpr int OpenFlags = O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

int openFile(const std::string &path, int flags, unsigned mode)
{
    return uninterrupted([&] { return systemCalls().open(path.c_str(), OpenFlags | flags, mode); });
}

bool exists(const std::string &path)
{
    struct stat facts;
    return systemCalls().lstat(path.c_str(), &facts) == 0;
}

bool isDenied(int code)
{
    return code == EACCES || code == EPERM;
}

SystemError notAFile(mode_t mode)
{
    SystemError error = os::notAFile("open");
    error.found = S_ISDIR(mode)    ? "it is a directory"
                  : S_ISLNK(mode)  ? "it is a symbolic link"
                  : S_ISFIFO(mode) ? "it is a pipe"
                  : S_ISSOCK(mode) ? "it is a socket"
                                   : "it is a device";
    return error;
}

FileIdentity identityFrom(const struct stat &facts)
{
    return {static_cast<std::uint64_t>(facts.st_dev), static_cast<std::uint64_t>(facts.st_ino)};
}

} // namespace

Result<bool> LockFile::open(const std::string &path, LockStrength strength, unsigned createMode)
{
    if (Status unguarded = checkUnguarded(AT_FDCWD, path); !unguarded)
        return unguarded.error();
    const ForkPause untilItIsNoted;
    int descriptor = openFile(path, O_RDWR | O_CREAT, createMode);
    SystemError error = lastError("open"); // now: every further call overwrites it
    const auto again = [&](int flags) {
        descriptor = openFile(path, flags, 0);
        error = lastError("open");
    };
    // Sticky directories refuse O_CREAT on somebody else's existing file (fs.protected_regular).
    if (descriptor < 0 && isDenied(error.code) && exists(path))
        again(O_RDWR);
    if (descriptor < 0 && (isDenied(error.code) || error.code == EROFS) && strength == LockStrength::Shared
        && exists(path))
        again(O_RDONLY);
    if (descriptor < 0) {
        // On FUSE and NFS, O_CREAT is not atomic: it can answer ENOENT although the directory is there.
        if (error.code == ENOENT && !path.empty() && exists(path.substr(0, path.rfind('/') + 1) + "."))
            return false;
        return error;
    }
    m_descriptor.store(descriptor, std::memory_order_relaxed);
    return true;
}

Status checkOpenable(const std::string &path)
{
    struct stat facts;
    if (systemCalls().lstat(path.c_str(), &facts) != 0 || S_ISREG(facts.st_mode))
        return {};
    return notAFile(facts.st_mode);
}

Result<LockAnswer> LockFile::tryLock(LockStrength strength)
{
    return tryLockDescriptor(descriptor(), strength);
}

Result<FileFacts> LockFile::facts() const
{
    struct stat facts;
    if (systemCalls().fstat(static_cast<int>(descriptor()), &facts) != 0)
        return lastError("fstat");
    if (!S_ISREG(facts.st_mode))
        return notAFile(facts.st_mode);
    return factsFrom(facts);
}

Status LockFile::setMode(unsigned mode)
{
    if (systemCalls().fchmod(static_cast<int>(descriptor()), mode) == 0 || isDenied(errno))
        return {};
    return lastError("fchmod");
}

Status LockFile::clear()
{
    if (systemCalls().ftruncate(static_cast<int>(descriptor()), 0) == 0)
        return {};
    return lastError("ftruncate");
}

Status LockFile::unlock()
{
    return unlockDescriptor(descriptor());
}

void LockFile::close()
{
    const ForkPause untilItIsClosed;
    const auto descriptor = m_descriptor.exchange(-1, std::memory_order_relaxed);
    if (descriptor >= 0)
        closeUnguarded(descriptor);
}

void LockFile::abandon()
{
    // flock(2) belongs to the open file description, which the parent shares: closing our copy leaves its lock alone.
    const auto descriptor = m_descriptor.exchange(-1, std::memory_order_relaxed);
    if (descriptor >= 0)
        systemCalls().close(static_cast<int>(descriptor));
}

Result<FileIdentity> identityOf(const std::string &path)
{
    struct stat facts;
    if (systemCalls().lstat(path.c_str(), &facts) == 0)
        return identityFrom(facts);
    if (errno == ENOENT || errno == ENOTDIR)
        return FileIdentity{};
    return lastError("lstat");
}

Result<FileIdentity> identityOf(std::intptr_t descriptor)
{
    struct stat facts;
    if (systemCalls().fstat(static_cast<int>(descriptor), &facts) != 0)
        return lastError("fstat");
    return identityFrom(facts);
}

Result<std::optional<FileFacts>> targetOf(const std::string &path)
{
    struct stat facts;
    if (systemCalls().fstatat(AT_FDCWD, path.c_str(), &facts, 0) == 0)
        return std::optional(factsFrom(facts));
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
        return std::optional<FileFacts>();
    return lastError("stat");
}

} // namespace Holdfast::os
