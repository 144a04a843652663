// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <cstdint>

namespace Holdfast::os {

enum class LockStrength { Exclusive, Shared };

/** What one attempt to lock can answer. Busy is no error. */
enum class LockAnswer { Acquired, Busy };

/** The system's lock on an open file (`flock(2)`), once, without waiting. It goes with the last copy of the descriptor. */
Result<LockAnswer> tryLockDescriptor(std::intptr_t descriptor, LockStrength strength);
Status unlockDescriptor(std::intptr_t descriptor);

} // namespace Holdfast::os
