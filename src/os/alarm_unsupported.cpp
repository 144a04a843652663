// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/alarm.h"

#include <algorithm>
#include <thread>

namespace Holdfast::os {

Alarm::~Alarm() = default;

void Alarm::prepare() { }

void Alarm::ring() { }

void Alarm::wait(std::optional<std::chrono::nanoseconds> limit, int)
{
    constexpr std::chrono::nanoseconds step = std::chrono::milliseconds(10); // nothing can end the sleep early
    std::this_thread::sleep_for(std::min(limit.value_or(step), step));
}

bool Alarm::ringAt(std::optional<std::chrono::nanoseconds>)
{
    return false;
}

void Alarm::abandon() { }

void Alarm::close() { }

} // namespace Holdfast::os
