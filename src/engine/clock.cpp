// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/clock.h"

#include "os/clock.h"

#include <algorithm>
#include <atomic>

namespace Holdfast {

namespace {

std::atomic<const Clock *> s_replacement{nullptr};

} // namespace

std::chrono::nanoseconds Clock::monotonic() const
{
    return os::monotonicTime();
}

std::chrono::nanoseconds Clock::boot() const
{
    return os::bootTime();
}

const Clock &clock()
{
    static const auto *const system = new Clock; // never destroyed: the steward reads it to the very end
    const Clock *replacement = s_replacement.load(std::memory_order_relaxed);
    return replacement ? *replacement : *system;
}

void setClock(const Clock *clock)
{
    s_replacement = clock;
}

Deadline Deadline::in(std::chrono::milliseconds timeout)
{
    using std::chrono::nanoseconds;
    Deadline deadline;
    const nanoseconds now = clock().monotonic();
    // A timeout of centuries would overflow the sum; it is for ever.
    if (timeout.count() >= 0
        && timeout < std::chrono::duration_cast<std::chrono::milliseconds>(nanoseconds::max() - now))
        deadline.m_moment = now + timeout;
    return deadline;
}

Deadline Deadline::at(std::chrono::nanoseconds moment)
{
    Deadline deadline;
    deadline.m_moment = moment;
    return deadline;
}

std::chrono::nanoseconds Deadline::clamp(std::chrono::nanoseconds step) const
{
    if (isForever())
        return step;
    return std::clamp(m_moment - clock().monotonic(), std::chrono::nanoseconds::zero(), step);
}

} // namespace Holdfast
