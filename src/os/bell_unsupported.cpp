// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/bell.h"

namespace Holdfast::os {

Result<std::intptr_t> openBell()
{
    return SystemError{ErrorKind::Unsupported, 0, "bell"};
}

Status ring(std::intptr_t)
{
    return SystemError{ErrorKind::Unsupported, 0, "bell"};
}

} // namespace Holdfast::os
