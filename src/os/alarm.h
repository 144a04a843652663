// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

namespace Holdfast::os {

/**
 * Blocks one thread until it is rung, a descriptor becomes readable or a moment comes; all three at once.
 *
 * ring() may be called from any thread; waiting is for one thread at a time.
 */
class Alarm
{
public:
    Alarm() = default; ///< opens nothing before the first wait
    ~Alarm();
    Alarm(const Alarm &) = delete;
    Alarm &operator=(const Alarm &) = delete;

    /** Opens what waiting needs now instead of then. */
    void prepare();

    /** Ends the current wait, or the next one. */
    void ring();

    /** Waits at most @p limit, for ever when it has no value, also for @p descriptor when that is not negative. Where no
        descriptor is left for ring(), never longer than a second: then the caller looks for himself, and it is tried again. */
    void wait(std::optional<std::chrono::nanoseconds> limit, int descriptor = -1);

    /** Rings by itself when os::bootTime() reaches @p moment; also right after a sleep that went past it. False: there is
        no descriptor left for that, so the caller has to limit his waits. */
    bool ringAt(std::optional<std::chrono::nanoseconds> moment);

    /** In the child of a fork: stops sharing the parent's descriptors. */
    void abandon();

private:
    void close();
    void waitNow(std::optional<std::chrono::nanoseconds> limit, int descriptor);

    std::atomic<bool> m_rung{false};
    std::atomic<bool> m_waits{false};
    std::atomic<int> m_bell{-1};
    std::atomic<int> m_timer{-1};
};

} // namespace Holdfast::os
