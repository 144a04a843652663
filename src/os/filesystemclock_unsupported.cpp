// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/filesystemclock.h"

namespace Holdfast::os {

Result<std::int64_t> filesystemNow(const Directory &, const std::string &)
{
    return SystemError{ErrorKind::Unsupported, 0, "open"};
}

bool isProbe(std::string_view, const std::string &)
{
    return false;
}

} // namespace Holdfast::os
