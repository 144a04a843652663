// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/steward.h"

#include "engine/errands.h"
#include "engine/hold.h"
#include "engine/logging.h"
#include "engine/registry.h"
#include "engine/wakeable.h"
#include "os/backgroundthread.h"

namespace Holdfast {

namespace {

// A hold that outlives one to two of these gets its file watched. Rapid cycles of short holds never do.
constexpr std::chrono::milliseconds TickInterval{100};

// How often a hold is checked whose file is not watched, and that is tried again: there may have been no watches left, or
// somebody was just at work on the hold.
constexpr std::chrono::seconds UnwatchedInterval{1};

// How long letting go may take before the holder is told that his hold has ended. Mostly it takes microseconds.
constexpr std::chrono::milliseconds LettingGoTakes{200};

// A thread that calls acquire() and gives its event loop no turn for so long has probably forgotten that it needs one.
constexpr std::chrono::seconds TurnTakes{10};

} // namespace

Steward &Steward::instance()
{
    static auto *const steward = new Steward; // never destroyed, as its thread never ends
    return *steward;
}

void Steward::startTicking()
{
    const std::scoped_lock lock(m_mutex);
    m_ticking = true;
    startThread();
    m_alarm->ring();
}

// With m_mutex locked.
void Steward::startThread()
{
    if (!m_alarm) {
        m_alarm = std::make_unique<os::Alarm>();
        m_alarm->prepare();
    }
    if (m_hasThread)
        return;
    m_hasThread = os::startBackgroundThread("holdfast", [](void *) { instance().run(); });
    if (m_hasThread)
        return;
    m_ticking = false; // so that the next hold tries again
    if (!std::exchange(m_hasWarned, true))
        m_mustWarn = true;
}

void Steward::warn()
{
    if (m_mustWarn.exchange(false))
        qCWarning(lcHoldfast) << "cannot start a thread: lifetimes do not end and losses go unnoticed";
}

void Steward::run()
{
    // What paces the thread itself is the time that its alarm waits in, which no test can turn.
    std::chrono::steady_clock::time_point lastTick;
    std::chrono::steady_clock::time_point lastUnwatched;
    Serials seen; // not a member: a fork would catch it half changed
    for (;;) {
        m_alarm->wait(patience(), m_files.descriptor());
        handleEvents();
        runDue();
        const auto now = std::chrono::steady_clock::now();
        if (m_ticking && now - lastTick >= TickInterval) {
            lastTick = now;
            tick(seen);
        }
        if (now - lastUnwatched >= UnwatchedInterval) {
            lastUnwatched = now;
            watchUnwatched();
        }
    }
}

std::optional<std::chrono::nanoseconds> Steward::patience()
{
    const std::scoped_lock lock(m_mutex);
    if (m_ticking)
        return TickInterval;
    if (m_byWatch.contains(-1) || (m_nextRing && !m_hasTimer)) // no descriptor was left for the timer
        return UnwatchedInterval;
    return std::nullopt;
}

void Steward::at(std::chrono::nanoseconds moment, Timetable::Appointment appointment)
{
    const std::scoped_lock lock(m_mutex);
    const Hold *key = appointment.hold.lock().get();
    m_timetable.set(key, std::move(appointment), moment);
    startThread();
    if (m_nextRing && *m_nextRing <= moment)
        return;
    m_nextRing = moment;
    m_hasTimer = m_alarm->ringAt(moment);
    if (!m_hasTimer)
        m_alarm->ring();
}

void Steward::cancelAppointments(const Hold *hold)
{
    const std::scoped_lock lock(m_mutex);
    m_timetable.cancelAll(hold);
}

// With m_mutex locked.
void Steward::ringAtNext()
{
    m_nextRing = m_timetable.next();
    m_hasTimer = m_alarm->ringAt(m_nextRing);
}

void Steward::runDue()
{
    std::vector<Timetable::Appointment> due;
    {
        const std::scoped_lock lock(m_mutex);
        const auto now = clock().boot();
        if (!m_nextRing || *m_nextRing > now)
            return;
        due = m_timetable.takeDue(now);
        ringAtNext();
    }
    for (const Timetable::Appointment &appointment : due) {
        if (appointment.kind == Timetable::Kind::Unheard)
            warnOfUnheard();
        else if (const auto hold = appointment.hold.lock())
            keep(appointment, hold);
    }
}

void Steward::keep(const Timetable::Appointment &appointment, const std::shared_ptr<Hold> &hold)
{
    const std::uint64_t serial = appointment.serial;
    switch (appointment.kind) {
    case Timetable::Kind::Expiry:
        return end(hold, serial, LossReason::Expired);
    case Timetable::Kind::GiveUp:
        return end(hold, serial, hold->overdueReason());
    case Timetable::Kind::Overdue:
        return hold->endIsOverdue(serial);
    case Timetable::Kind::Unheard: // it is not about a hold
        return;
    case Timetable::Kind::Renewal:
        return Errands::instance().post(hold->disk(), [hold, serial] { hold->renew(serial); });
    }
}

void Steward::end(const std::shared_ptr<Hold> &hold, std::uint64_t serial, LossReason reason)
{
    if (hold->beginEnd(serial, reason))
        Errands::instance().post(hold->disk(), [hold] { hold->finishEnd(); });
    instance().expectEnd(hold, serial);
}

void Steward::expectEnd(const std::shared_ptr<Hold> &hold, std::uint64_t serial)
{
    at(clock().boot() + LettingGoTakes, {hold, serial, Timetable::Kind::Overdue});
}

void Steward::lookForUnheardLater()
{
    if (!m_looksForUnheard.exchange(true))
        at(clock().boot() + TurnTakes, {{}, 0, Timetable::Kind::Unheard});
}

void Steward::warnOfUnheard()
{
    m_looksForUnheard =
        false; // whoever waits from now on sees it and has us look again; whoever did before is found below
    bool someoneWaits = false;
    for (const auto &hold : Registry::instance().holds()) {
        for (const auto &waiter : hold->waiters())
            someoneWaits = waiter->warnIfUnheard(TurnTakes) || someoneWaits;
    }
    if (someoneWaits)
        lookForUnheardLater();
}

void Steward::tick(Serials &seen)
{
    Serials young;
    for (const auto &hold : Registry::instance().holds()) {
        const std::uint64_t serial = hold->serial();
        if (serial == 0 || isArmed(hold.get(), serial))
            continue;
        const auto before = seen.find(hold.get());
        if (before != seen.end() && before->second == serial)
            arm(hold, serial);
        else
            young.emplace(hold.get(), serial);
    }
    seen = std::move(young);
    if (!seen.empty())
        return;
    // Whoever becomes a holder after this store sees it and starts us again; whoever did before is found below.
    m_ticking = false;
    for (const auto &hold : Registry::instance().holds()) {
        const std::uint64_t serial = hold->serial();
        if (serial != 0 && !isArmed(hold.get(), serial))
            m_ticking = true;
    }
}

void Steward::abandon()
{
    m_ticking = false;
    m_looksForUnheard = false;
    m_timetable.clear();
    m_nextRing.reset();
    m_armed.clear();
    m_byWatch.clear();
    m_files.abandon();
    m_hasThread = false;
    static_cast<void>(m_alarm.release()); // its thread is the parent's
}

} // namespace Holdfast
