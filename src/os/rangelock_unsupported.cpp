// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/rangelock.h"

namespace Holdfast::os {

Result<LockAnswer> tryLockRange(std::intptr_t, const ByteRange &, LockStrength)
{
    return SystemError{ErrorKind::Unsupported, 0, "lock range"};
}

Status unlockRange(std::intptr_t, const ByteRange &)
{
    return SystemError{ErrorKind::Unsupported, 0, "unlock range"};
}

Result<std::optional<RangeConflict>> rangeConflict(std::intptr_t, const ByteRange &, LockStrength)
{
    return SystemError{ErrorKind::Unsupported, 0, "lock range"};
}

} // namespace Holdfast::os
