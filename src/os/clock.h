// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace Holdfast::os {

/** Time since some fixed moment; stands still while the machine sleeps. For timeouts. */
std::chrono::nanoseconds monotonicTime();

/** Time since the machine started, sleep included. For leases and lifetimes: a hold must not outlive them in a sleep. */
std::chrono::nanoseconds bootTime();

} // namespace Holdfast::os
