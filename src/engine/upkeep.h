// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include "engine/failure.h"

#include <chrono>
#include <cstdint>
#include <utility>

namespace Holdfast {

/** How a hold wants to be kept up, counted on the clock that goes on while the machine sleeps. */
struct Upkeep
{
    std::chrono::nanoseconds every{}; ///< renewed so often; 0: needs none

    /** Lost when no renewal has succeeded for so long, counted from before the last one that did was sent: then others may
        take it. 0: a renewal that fails loses nothing. */
    std::chrono::nanoseconds endurance{};

    std::chrono::nanoseconds since{}; ///< when the attempt that made it began, on Clock::boot(); 0: just now
    LossReason overdue = LossReason::RefreshFailed; ///< what it is called when no renewal has succeeded for so long
};

/** What the steward has been asked to do for a hold. */
struct Tending
{
    bool isWatched = false;               ///< its file, or every second without a file
    bool hasAppointments = false;         ///< in his timetable
    Upkeep upkeep = {};                   ///< since: when the last renewal that succeeded was sent
    std::chrono::nanoseconds expiry = {}; ///< the end of its lifetime, on the same clock; 0: none
    Failure postponed = {};               ///< why the last renewal was
    std::uint64_t untold = 0;             ///< the serial of a hold that is lost, which its holder has not been told
};

/** What one renewal answers. */
struct [[nodiscard]] Renewal
{
    enum Answer {
        Done,
        Postponed, ///< could not be made now (a disk that does not answer): try again soon
        Lost       ///< what was held is gone
    };

    Answer answer = Done;
    LossReason reason = LossReason::None;
    Failure failure = {}; ///< why it was postponed

    static Renewal done() { return {}; }
    static Renewal postponed(Failure why) { return {Postponed, LossReason::None, std::move(why)}; }
    static Renewal lost(LossReason reason) { return {Lost, reason, {}}; }
};

} // namespace Holdfast
