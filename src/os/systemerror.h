// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Holdfast::os {

/** What an answer of the system means to somebody who wants a lock. One list, one translation per platform. */
enum class ErrorKind {
    PermissionDenied,
    ReadOnlyLocation,
    NotFound,
    NotAFile,
    NameTooLong,
    NoSpace,
    OutOfResources,
    Unsupported,
    InUseHere, ///< see GuardedFile
    System
};

/** One failed system call. */
struct SystemError
{
    ErrorKind kind = ErrorKind::System;
    int code = 0;               ///< errno, or GetLastError(); 0: no call failed, but what it found is wrong
    const char *operation = ""; ///< the call that failed, a string literal: "open"
    const char *found = ""; ///< what was found instead, where that says more than the system's words; a string literal

    std::string words() const; ///< what the system says about the code
};

/** Takes the calling thread's current error code. */
SystemError lastError(const char *operation);

/** What the system says when something does not exist. */
SystemError notThere(const char *operation);

/** What the system says to somebody without the permission. */
SystemError notPermitted(const char *operation);

/** What is to be said of a link, a directory, a pipe or a device: it is not a regular file. */
SystemError notAFile(const char *operation);

/** The error that stands for @p code. */
SystemError errorFromCode(int code, const char *operation);

} // namespace Holdfast::os
