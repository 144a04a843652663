// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/clock.h"

namespace Holdfast::os {

std::chrono::nanoseconds monotonicTime()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

std::chrono::nanoseconds bootTime()
{
    return monotonicTime();
}

} // namespace Holdfast::os
