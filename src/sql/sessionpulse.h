// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

namespace Holdfast {

/** What any thread may know about a session without asking the server. */
class SessionPulse
{
public:
    using Clock = std::chrono::steady_clock;

    /** Around a question to the server. An answer proves that the session was there when the question was sent. */
    void asks() { m_askedAt = Clock::now().time_since_epoch(); }
    void hears()
    {
        m_heardOf = m_askedAt.load();
        m_askedAt = Clock::duration::zero();
    }

    /** For how long the server has not answered; 0: nothing is asked. */
    Clock::duration unansweredFor() const
    {
        const Clock::duration since = m_askedAt;
        return since.count() == 0 ? since : Clock::now().time_since_epoch() - since;
    }

    /** How long ago the session was there for certain; nothing: never. */
    std::optional<Clock::duration> age() const
    {
        const Clock::duration heard = m_heardOf;
        return heard.count() == 0 ? std::nullopt : std::optional(Clock::now().time_since_epoch() - heard);
    }

private:
    std::atomic<Clock::duration> m_askedAt{Clock::duration::zero()};
    std::atomic<Clock::duration> m_heardOf{Clock::duration::zero()};
};

} // namespace Holdfast
