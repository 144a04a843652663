// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/markerfile.h"

namespace Holdfast::os {

namespace {

SystemError unsupported(const char *operation)
{
    return {ErrorKind::Unsupported, 0, operation};
}

} // namespace

Result<bool> MarkerFile::create(const Directory &, const std::string &, unsigned)
{
    return unsupported("open");
}

Status MarkerFile::write(std::string_view)
{
    return unsupported("write");
}

Result<FileFacts> MarkerFile::facts() const
{
    return unsupported("stat");
}

Status MarkerFile::refresh()
{
    return unsupported("utime");
}

Status MarkerFile::setMode(unsigned)
{
    return unsupported("chmod");
}

} // namespace Holdfast::os
