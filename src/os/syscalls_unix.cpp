// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/syscalls_unix.h"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace Holdfast::os {

namespace {

// The C library has no name for it.
int openStraight(const char *path, int flags)
{
    open_how how = {};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = RESOLVE_NO_SYMLINKS;
    return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how));
}

} // namespace

SystemCalls &systemCalls()
{
    static constinit SystemCalls table{
        .open = [](const char *path, int flags, mode_t mode) { return ::open(path, flags, mode); },
        .openStraight = openStraight,
        .close = ::close,
        .flock = ::flock,
        .rangeLock = [](int descriptor, int command,
                        struct flock *range) { return ::fcntl(descriptor, command, range); },
        .fstat = ::fstat,
        .lstat = ::lstat,
        .ftruncate = ::ftruncate,
        .fchmod = ::fchmod,
        .mkdir = ::mkdir,
        .openat = [](int directory, const char *name, int flags,
                     mode_t mode) { return ::openat(directory, name, flags, mode); },
        .fstatat = ::fstatat,
        .statxat = ::statx,
        .readlinkat = ::readlinkat,
        .mkdirat = ::mkdirat,
        .linkat = ::linkat,
        .unlinkat = ::unlinkat,
        .renameat = ::renameat,
        .renameNew = [](int directory, const char *from, int toDirectory,
                        const char *to) { return ::renameat2(directory, from, toDirectory, to, RENAME_NOREPLACE); },
        .fdopendir = ::fdopendir,
        .readdir = ::readdir,
        .closedir = ::closedir,
        .pread = ::pread,
        .write = ::write,
        .pwrite = ::pwrite,
        .fsync = ::fsync,
        .futimens = ::futimens,
        .fsetxattr = ::fsetxattr,
        .fgetxattr = ::fgetxattr,
        .fstatfs = ::fstatfs,
        .kill = ::kill,
        .getrandom = ::getrandom,
        .inotifyAddWatch = ::inotify_add_watch,
    };
    return table;
}

} // namespace Holdfast::os
