// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/serverlock.h"

namespace Holdfast::os {

bool mayBeTakenBack(std::intptr_t)
{
    return false;
}

Result<bool> isInForce(std::intptr_t)
{
    return SystemError{ErrorKind::Unsupported, 0, "read"};
}

} // namespace Holdfast::os
