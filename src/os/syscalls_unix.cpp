// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/syscalls_unix.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace Holdfast::os {

SystemCalls &systemCalls()
{
    static constinit SystemCalls table{
        .open = [](const char *path, int flags, mode_t mode) { return ::open(path, flags, mode); },
        .close = ::close,
        .flock = ::flock,
        .fstat = ::fstat,
        .lstat = ::lstat,
        .ftruncate = ::ftruncate,
        .fchmod = ::fchmod,
        .mkdir = ::mkdir,
    };
    return table;
}

} // namespace Holdfast::os
