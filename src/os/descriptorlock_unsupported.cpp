// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/descriptorlock.h"

namespace Holdfast::os {

namespace {

SystemError unsupported(const char *operation)
{
    return {ErrorKind::Unsupported, 0, operation};
}

} // namespace

Result<LockAnswer> tryLockDescriptor(std::intptr_t, LockStrength)
{
    return unsupported("lock");
}

Status unlockDescriptor(std::intptr_t)
{
    return unsupported("unlock");
}

} // namespace Holdfast::os
