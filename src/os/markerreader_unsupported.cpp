// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/markerreader.h"

namespace Holdfast::os {

namespace {

SystemError unsupported(const char *operation)
{
    return {ErrorKind::Unsupported, 0, operation};
}

} // namespace

Result<std::optional<MarkerContent>> MarkerReader::read(const Directory &, const std::string &, std::size_t)
{
    return unsupported("open");
}

Status MarkerReader::open(const Directory &, const std::string &)
{
    return unsupported("open");
}

Result<std::optional<MarkerContent>> MarkerReader::readAgain()
{
    return unsupported("read");
}

Status MarkerReader::refresh()
{
    return unsupported("utime");
}

} // namespace Holdfast::os
