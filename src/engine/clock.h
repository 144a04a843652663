// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace Holdfast {

/** Where the engine reads the time, so that tests can move it. */
class Clock
{
public:
    virtual ~Clock() = default;
    virtual std::chrono::nanoseconds monotonic() const; ///< for timeouts; stands still while the machine sleeps
    virtual std::chrono::nanoseconds boot() const;      ///< for lifetimes; goes on while the machine sleeps
};

/** The clock in use. */
const Clock &clock();

/** Uses @p clock from now on; null: the system's. Only while no lock is in use. */
void setClock(const Clock *clock);

/** A moment on the monotonic clock; the default never comes. */
class Deadline
{
public:
    Deadline() = default;
    static Deadline in(std::chrono::milliseconds timeout); ///< negative: never
    static Deadline at(std::chrono::nanoseconds moment);

    bool isForever() const { return m_moment == std::chrono::nanoseconds::max(); }
    bool hasPassed() const { return !isForever() && clock().monotonic() >= m_moment; }
    std::chrono::nanoseconds moment() const { return m_moment; }

    /** How long to sleep: @p step, shortened so that the sleep ends at the deadline; never negative. */
    std::chrono::nanoseconds clamp(std::chrono::nanoseconds step) const;

private:
    std::chrono::nanoseconds m_moment = std::chrono::nanoseconds::max();
};

} // namespace Holdfast
