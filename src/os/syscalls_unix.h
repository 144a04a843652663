// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>

struct statfs;

namespace Holdfast::os {

/**
 * The system calls that touch lock files, in a table that a test can replace entry by entry, so that any of them can
 * fail with any errno. (After SQLite's aSyscall.) Replace only while no other thread uses the library.
 */
struct SystemCalls
{
    int (*open)(const char *path, int flags, mode_t mode);
    int (*openStraight)(const char *path, int flags); ///< ELOOP when a symbolic link lies anywhere on the way
    int (*close)(int descriptor);
    int (*flock)(int descriptor, int operation);
    int (*rangeLock)(int descriptor, int command, struct flock *range); ///< fcntl(2) with F_OFD_*
    int (*fstat)(int descriptor, struct stat *facts);
    int (*lstat)(const char *path, struct stat *facts);
    int (*ftruncate)(int descriptor, off_t length);
    int (*fchmod)(int descriptor, mode_t mode);
    int (*mkdir)(const char *path, mode_t mode);

    // Relative to an open directory, or to AT_FDCWD.
    int (*openat)(int directory, const char *name, int flags, mode_t mode);
    int (*fstatat)(int directory, const char *name, struct stat *facts, int flags);
    int (*statxat)(int directory, const char *name, int flags, unsigned wanted, struct statx *facts);
    ssize_t (*readlinkat)(int directory, const char *name, char *target, size_t size);
    int (*mkdirat)(int directory, const char *name, mode_t mode);
    int (*linkat)(int directory, const char *from, int toDirectory, const char *to, int flags);
    int (*unlinkat)(int directory, const char *name, int flags);
    int (*renameat)(int directory, const char *from, int toDirectory, const char *to);
    int (*renameNew)(int directory, const char *from, int toDirectory, const char *to); ///< EEXIST instead of replacing
    DIR *(*fdopendir)(int descriptor);
    dirent *(*readdir)(DIR *stream);
    int (*closedir)(DIR *stream);

    // On an open file.
    ssize_t (*pread)(int descriptor, void *bytes, size_t size, off_t from);
    ssize_t (*write)(int descriptor, const void *bytes, size_t size);
    ssize_t (*pwrite)(int descriptor, const void *bytes, size_t size, off_t at);
    int (*fsync)(int descriptor);
    int (*futimens)(int descriptor, const timespec *times);
    int (*fsetxattr)(int descriptor, const char *name, const void *value, size_t size, int flags);
    ssize_t (*fgetxattr)(int descriptor, const char *name, void *value, size_t size);
    int (*fstatfs)(int descriptor, struct statfs *facts);

    // Not on files at all, but just as hard to make fail otherwise.
    int (*kill)(pid_t process, int signal);
    ssize_t (*getrandom)(void *bytes, size_t size, unsigned flags);

    int (*inotifyAddWatch)(int instance, const char *path, uint32_t mask); ///< looks at the file, so it takes its time
};

/** The table in use. */
SystemCalls &systemCalls();

} // namespace Holdfast::os
