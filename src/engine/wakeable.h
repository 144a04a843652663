// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/backend.h"

#include <chrono>

namespace Holdfast {

/** Somebody who waits and wants to look again when something may have changed. */
class Wakeable
{
public:
    Wakeable() = default;
    virtual ~Wakeable() = default;
    Wakeable(const Wakeable &) = delete;
    Wakeable &operator=(const Wakeable &) = delete;

    /** Look again soon. Any thread; must not call back into the caller. */
    virtual void wake() = 0;

    /** Ends what was asked so far, as cancelled. Any thread. */
    virtual void cancel() = 0;

    /** Warns, once, when it has waited longer than @p patience for a turn of its event loop. True: it waits, so ask again. */
    virtual bool warnIfUnheard(std::chrono::nanoseconds patience)
    {
        static_cast<void>(patience);
        return false; // needs no event loop
    }

protected:
    // After an event, a waiter looks again a few times in short order: the close event of a dying holder comes
    // microseconds before the kernel drops its lock.
    static constexpr std::chrono::milliseconds BurstInterval{1};
    static constexpr int BurstLength = 5;

    /** How often somebody who is to look every @p interval has to, when he is told of what happens at @p watched. */
    static std::chrono::milliseconds ownInterval(std::chrono::milliseconds interval, const Watchable &watched)
    {
        constexpr int rarely = 20; // should the other one fail
        return watched.looksEvery.count() > 0 && watched.looksEvery <= interval ? interval * rarely : interval;
    }
};

} // namespace Holdfast
