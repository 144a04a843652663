// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/descriptorlock.h"

#include <cstdint>
#include <optional>

namespace Holdfast::os {

struct ByteRange
{
    std::int64_t start = 0;
    std::int64_t length = 0;
};

/** The lock that stands in the way. */
struct RangeConflict
{
    std::int64_t process = 0; ///< of a POSIX lock; not positive: it belongs to an open file, or to nobody we can see
    LockStrength strength = LockStrength::Exclusive;
};

/**
 * Locks on bytes of a file that belong to the open file, not to the process (Linux: F_OFD_SETLK): nobody's close() takes them
 * away, and they stand against the POSIX locks of every process, also this one. Never waits.
 */
Result<LockAnswer> tryLockRange(std::intptr_t descriptor, const ByteRange &range, LockStrength strength);
Status unlockRange(std::intptr_t descriptor, const ByteRange &range);

/** One lock, if there is any, that does not let @p range be locked so; not one of this open file. Takes nothing. */
Result<std::optional<RangeConflict>> rangeConflict(std::intptr_t descriptor, const ByteRange &range,
                                                   LockStrength strength);

} // namespace Holdfast::os
