// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace Holdfast {

class Hold;

/** What is to happen to which hold, and when, on the clock that goes on in a sleep. Not thread-safe. */
class Timetable
{
public:
    enum class Kind {
        Expiry,  ///< its lifetime is over
        Renewal, ///< it is time to renew it
        GiveUp,  ///< no renewal has succeeded for too long
        Overdue, ///< it has ended, and should have been let go by now
        Unheard  ///< of no hold: who waits for a turn of his event loop in vain
    };

    struct Appointment
    {
        std::weak_ptr<Hold> hold;
        std::uint64_t serial = 0; ///< of the hold that it was made for
        Kind kind = Kind::Expiry;
    };

    /** Replaces the hold's appointment of that kind. */
    void set(const Hold *key, Appointment appointment, std::chrono::nanoseconds moment);
    void cancelAll(const Hold *key); ///< but for what is overdue: that is about a hold that has ended already
    void clear();

    /** Takes out what is due, the earliest first. */
    std::vector<Appointment> takeDue(std::chrono::nanoseconds now);
    std::optional<std::chrono::nanoseconds> next() const;

private:
    using Place = std::pair<std::chrono::nanoseconds, std::pair<const Hold *, Kind>>;
    void cancel(const Hold *key, Kind kind);

    std::map<Place, Appointment> m_appointments;
    std::map<std::pair<const Hold *, Kind>, std::chrono::nanoseconds> m_moments;
};

} // namespace Holdfast
