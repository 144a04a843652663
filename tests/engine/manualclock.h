// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/clock.h"

#include <atomic>

namespace Holdfast::Testing {

/** Time that passes only when told to. In use while an object of ManualTime lives. */
class ManualClock final : public Clock
{
public:
    std::chrono::nanoseconds monotonic() const override { return m_monotonic.load(); }
    std::chrono::nanoseconds boot() const override { return m_boot.load(); }

    void pass(std::chrono::nanoseconds time) ///< awake
    {
        m_monotonic = m_monotonic.load() + time;
        m_boot = m_boot.load() + time;
    }
    void sleep(std::chrono::nanoseconds time) ///< the machine sleeps: only one of the clocks goes on
    {
        m_boot = m_boot.load() + time;
    }

private:
    std::atomic<std::chrono::nanoseconds> m_monotonic{std::chrono::hours(1)};
    std::atomic<std::chrono::nanoseconds> m_boot{std::chrono::hours(2)};
};

class ManualTime
{
public:
    ManualTime() { setClock(&clock()); }
    ~ManualTime() { setClock(nullptr); }
    ManualTime(const ManualTime &) = delete;
    ManualTime &operator=(const ManualTime &) = delete;
    ManualClock *operator->() const { return &clock(); }

private:
    static ManualClock &clock()
    {
        static auto *const one = new ManualClock; // never destroyed: a thread of the library may read it at any time
        return *one;
    }
};

} // namespace Holdfast::Testing
