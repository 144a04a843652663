// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

namespace Holdfast::os {

/**
 * The system calls that touch lock files, in a table that a test can replace entry by entry, so that any of them can
 * fail with any errno. (After SQLite's aSyscall.) Replace only while no other thread uses the library.
 */
struct SystemCalls
{
    int (*open)(const char *path, int flags, mode_t mode);
    int (*close)(int descriptor);
    int (*flock)(int descriptor, int operation);
    int (*fstat)(int descriptor, struct stat *facts);
    int (*lstat)(const char *path, struct stat *facts);
    int (*ftruncate)(int descriptor, off_t length);
    int (*fchmod)(int descriptor, mode_t mode);
    int (*mkdir)(const char *path, mode_t mode);
};

/** The table in use. */
SystemCalls &systemCalls();

} // namespace Holdfast::os
