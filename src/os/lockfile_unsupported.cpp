// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/lockfile.h"

namespace Holdfast::os {

namespace {

SystemError unsupported(const char *operation)
{
    return {ErrorKind::Unsupported, 0, operation};
}

} // namespace

Result<bool> LockFile::open(const std::string &, LockStrength, unsigned)
{
    return unsupported("open");
}

Status checkOpenable(const std::string &)
{
    return {};
}

Result<LockAnswer> LockFile::tryLock(LockStrength)
{
    return unsupported("lock");
}

Result<FileFacts> LockFile::facts() const
{
    return unsupported("stat");
}

Status LockFile::setMode(unsigned)
{
    return unsupported("chmod");
}

Status LockFile::clear()
{
    return unsupported("truncate");
}

Status LockFile::unlock()
{
    return unsupported("unlock");
}

void LockFile::close() { }

void LockFile::abandon() { }

Result<FileIdentity> identityOf(const std::string &)
{
    return unsupported("stat");
}

Result<FileIdentity> identityOf(std::intptr_t)
{
    return unsupported("stat");
}

Result<std::optional<FileFacts>> targetOf(const std::string &)
{
    return unsupported("stat");
}

} // namespace Holdfast::os
