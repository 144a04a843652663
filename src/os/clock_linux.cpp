// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/clock.h"

#include <ctime>

namespace Holdfast::os {

namespace {

std::chrono::nanoseconds read(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

std::chrono::nanoseconds monotonicTime()
{
    return read(CLOCK_MONOTONIC);
}

std::chrono::nanoseconds bootTime()
{
    return read(CLOCK_BOOTTIME);
}

} // namespace Holdfast::os
