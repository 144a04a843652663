// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/serverlock.h"

namespace Holdfast::os {

bool isOnNfs(std::intptr_t)
{
    return false;
}

Result<bool> isInForce(std::intptr_t)
{
    return SystemError{ErrorKind::Unsupported, 0, "read"};
}

Result<Descriptor> reopenForWriting(std::intptr_t)
{
    return SystemError{ErrorKind::Unsupported, 0, "open"};
}

} // namespace Holdfast::os
