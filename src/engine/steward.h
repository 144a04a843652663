// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include "engine/clock.h"
#include "engine/timetable.h"
#include "os/alarm.h"
#include "os/filewatch.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace Holdfast {

class Hold;
struct Watchable;

/**
 * Looks after what is held, from one background thread of the process, so that a blocked event loop prolongs no lifetime
 * and hides no loss; and says so when an acquisition waits for an event loop that gets no turn. The thread starts with the first
 * hold or wait, and sleeps while there is nothing to look after.
 *
 * A hold costs nothing here unless it outlives a tick: only then its file is watched (28 us to add and remove a watch,
 * against 1.5 us for taking and giving back the lock).
 */
class Steward
{
public:
    static Steward &instance();

    /** Somebody has become a holder. Called for every hold: one load when the steward is awake already. */
    void noticeHold()
    {
        if (!m_ticking.load())
            startTicking();
    }

    /** An acquire() waits for its event loop. Called for every one: one load, but for one in ten seconds. */
    void noticeWait()
    {
        if (!m_looksForUnheard.load())
            lookForUnheardLater();
    }

    /** Says what has gone wrong with the thread. Called now and then, without any mutex: who handles messages may use locks. */
    void tellTrouble()
    {
        if (m_mustWarn.load(std::memory_order_relaxed)) [[unlikely]]
            warn();
    }

    /** Has something happen to a hold at @p moment of the clock that goes on in a sleep. */
    void at(std::chrono::nanoseconds moment, Timetable::Appointment appointment);

    /** @p hold has ended, and is being let go; should that take long, its holder is told before. */
    void expectEnd(const std::shared_ptr<Hold> &hold, std::uint64_t serial);

    /** Nothing is to happen to @p hold any more. */
    void cancelAppointments(const Hold *hold);

    /** No longer watches for @p hold. */
    void disarm(const Hold *hold);

    /** Does what is due by now; the thread's work, callable from tests with a clock of their own. */
    void runDue();

    // Around a fork.
    void lock() { m_mutex.lock(); }
    void unlock() { m_mutex.unlock(); }
    void abandon();

private:
    struct Held
    {
        std::weak_ptr<Hold> hold;
        std::uint64_t serial = 0;
        int watch = NoWatch;
    };
    using Serials = std::unordered_map<const Hold *, std::uint64_t>;
    static constexpr int NoWatch = -1; ///< so its file is looked at now and then
    static constexpr int NotYet = -2;  ///< an errand is about to add it

    void startTicking();
    void lookForUnheardLater();
    void warn();
    void warnOfUnheard();
    void startThread();
    void run();
    void tick(Serials &seen);
    static void keep(const Timetable::Appointment &appointment, const std::shared_ptr<Hold> &hold);
    static void end(const std::shared_ptr<Hold> &hold, std::uint64_t serial, LossReason reason);
    static void check(const Held &held);
    void arm(const std::shared_ptr<Hold> &hold, std::uint64_t serial);
    void watch(const std::shared_ptr<Hold> &hold, std::uint64_t serial, const Watchable &watchable);
    void note(const Hold *hold, std::uint64_t serial, int watch);
    void removeIfUnused(int watch);
    bool isArmed(const Hold *hold, std::uint64_t serial);
    void checkWatched(int watch);
    void forget(const Hold *hold);
    void watchUnwatched();
    void handleEvents();
    void ringAtNext();
    void checkEverything();
    std::optional<std::chrono::nanoseconds> patience();

    std::mutex m_mutex;                 // a hold's own may be locked before it, never after it
    std::unique_ptr<os::Alarm> m_alarm; // made with the thread
    os::FileWatch m_files;
    std::atomic<std::uint64_t> m_removals{0}; // of watches
    std::atomic<bool> m_ticking{false};
    std::atomic<bool> m_looksForUnheard{false};
    Timetable m_timetable;
    std::optional<std::chrono::nanoseconds> m_nextRing; // may be too early: holds that were released leave it alone
    bool m_hasTimer = false;
    bool m_hasThread = false;
    bool m_hasWarned = false;
    std::atomic<bool> m_mustWarn{false};
    std::unordered_map<const Hold *, Held> m_armed;
    std::unordered_multimap<int, const Hold *> m_byWatch; // several shared holds of one file have one watch
};

} // namespace Holdfast
