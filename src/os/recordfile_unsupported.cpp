// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/recordfile.h"

namespace Holdfast::os {

namespace {

SystemError unsupported(const char *operation)
{
    return {ErrorKind::Unsupported, 0, operation};
}

} // namespace

Result<Opening> RecordFile::open(const std::string &, unsigned)
{
    return unsupported("open");
}

Result<LockAnswer> RecordFile::tryLock(LockStrength)
{
    return unsupported("lock range");
}

Status RecordFile::unlock()
{
    return unsupported("unlock range");
}

Result<FileFacts> RecordFile::facts() const
{
    return unsupported("stat");
}

Result<std::string> RecordFile::read(std::size_t) const
{
    return unsupported("read");
}

Status RecordFile::write(std::string_view, std::int64_t)
{
    return unsupported("write");
}

Status RecordFile::setMode(unsigned)
{
    return unsupported("chmod");
}

Result<bool> isRecordLocked(std::intptr_t)
{
    return unsupported("lock range");
}

} // namespace Holdfast::os
