// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/systemerror.h"

#include <cerrno>
#include <system_error>

namespace Holdfast::os {

namespace {

ErrorKind classify(int code)
{
    switch (code) {
    case EACCES:
    case EPERM:
        return ErrorKind::PermissionDenied;
    case EROFS:
        return ErrorKind::ReadOnlyLocation;
    case ENOENT:
        return ErrorKind::NotFound;
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
    case ENXIO: // open(2) of a socket
    case ENODEV:
    case EEXIST: // mkdir(2) over a file
    case ENOTSOCK:
        return ErrorKind::NotAFile;
    case ENAMETOOLONG:
        return ErrorKind::NameTooLong;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ErrorKind::NoSpace;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOLCK:
        return ErrorKind::OutOfResources;
    case ENOSYS:
    case EOPNOTSUPP:
        return ErrorKind::Unsupported;
    default:
        return ErrorKind::System;
    }
}

constexpr int NoCode = 0; // no call has failed: what it found is the reason

} // namespace

std::string SystemError::words() const
{
    if (*found != '\0')
        return found;
    if (kind == ErrorKind::NotAFile && code == NoCode)
        return "it is not a regular file";
    return std::generic_category().message(code);
}

SystemError errorFromCode(int code, const char *operation)
{
    return {classify(code), code, operation};
}

SystemError notThere(const char *operation)
{
    return errorFromCode(ENOENT, operation);
}

SystemError notPermitted(const char *operation)
{
    return errorFromCode(EACCES, operation);
}

SystemError notAFile(const char *operation)
{
    return {ErrorKind::NotAFile, NoCode, operation};
}

SystemError lastError(const char *operation)
{
    return errorFromCode(errno, operation);
}

} // namespace Holdfast::os
