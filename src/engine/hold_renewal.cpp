// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What the steward does with a hold: keeps it up, sees that it is still there, ends it.

#include "engine/hold.h"

#include "engine/lockcore.h"
#include "engine/logging.h"
#include "engine/mailbox.h"
#include "engine/steward.h"

#include <algorithm>

namespace Holdfast {

namespace {

// How soon after a renewal that could not be made the next is tried: so many chances before the next would be due anyway.
constexpr int ChancesPerInterval = 4;

} // namespace

void Hold::beginUpkeep(const Upkeep &upkeep)
{
    m_tending.upkeep = upkeep;
    if (upkeep.every.count() > 0 && upkeep.since.count() == 0)
        m_tending.upkeep.since = clock().boot();
    m_tending.postponed = {};
    constexpr std::chrono::hours longest{24 * 365 * 100}; // beyond that the sum would overflow
    const auto lifetime = std::min<std::chrono::milliseconds>(m_core->options.lifetime, longest);
    m_tending.expiry = {};
    if (lifetime.count() > 0)
        m_tending.expiry = (upkeep.since.count() > 0 ? upkeep.since : clock().boot()) + lifetime;
    appoint();
}

// Also for a hold that could not be given back: what was due meanwhile has come to nothing.
void Hold::appoint()
{
    const Upkeep &upkeep = m_tending.upkeep;
    m_tending.hasAppointments = m_tending.expiry.count() > 0 || upkeep.every.count() > 0;
    if (!m_tending.hasAppointments)
        return;
    Steward &steward = Steward::instance();
    if (m_tending.expiry.count() > 0)
        steward.at(m_tending.expiry, {weak_from_this(), m_serial, Timetable::Kind::Expiry});
    if (upkeep.every.count() > 0)
        steward.at(upkeep.since + upkeep.every, {weak_from_this(), m_serial, Timetable::Kind::Renewal});
    if (upkeep.endurance.count() > 0)
        steward.at(upkeep.since + upkeep.endurance, {weak_from_this(), m_serial, Timetable::Kind::GiveUp});
}

bool Hold::borrowForSteward(std::uint64_t serial, Lock &lock)
{
    m_freed.wait(lock, [&] { return m_closed || m_serial != serial || m_use != Use::InPlace; });
    if (m_closed || m_serial != serial || m_use != Use::Free)
        return false;
    m_use = Use::InPlace;
    m_user = std::this_thread::get_id();
    return true;
}

// A hold ends in three steps. First nobody here believes to hold it any more, for others may have it from now on; this waits
// for nobody and asks no disk. True: the backend is the caller's, who has to finishEnd(); otherwise somebody is at work with
// it, finds the hold lost, and does the rest.
bool Hold::beginEnd(std::uint64_t serial, LossReason reason)
{
    const Lock lock(m_mutex);
    if (m_closed || m_serial != serial)
        return false;
    const bool isOurs = m_use == Use::Free;
    if (isOurs)
        m_use = Use::Renewing;
    markLost(reason);
    m_freed.notify_all();
    return isOurs;
}

// Then it is let go, and then its holder is told, so that he can have it again at once.
void Hold::finishEnd()
{
    Lock lock(m_mutex);
    letGo(lock);
}

// If letting go takes its time, he is told all the same.
void Hold::endIsOverdue(std::uint64_t serial)
{
    Lock lock(m_mutex);
    if (m_closed || m_tending.untold != serial)
        return;
    const News news = takeNews();
    lock.unlock();
    tell(news);
}

void Hold::letGo(Lock &lock)
{
    dropNow(lock);
    const News news = takeNews();
    const auto releasedTo = std::exchange(m_releasedTo, nullptr);
    becomeFree(lock);
    tell(news);
    if (releasedTo)
        releasedTo->post([self = shared_from_this()] { self->m_core->reportRelease(*self, std::nullopt); });
}

// Whoever was at work on what is held, and now has the mutex again: it may have been lost, or closed, meanwhile. True: it
// was, and is let go.
bool Hold::dropIfGivenUp(std::uint64_t serial, Lock &lock)
{
    if (!m_closed && m_serial == serial)
        return false;
    letGo(lock);
    return true;
}

void Hold::checkIntact(std::uint64_t serial, LossReason (Backend::*asking)())
{
    Lock lock(m_mutex);
    if (!borrowForSteward(serial, lock))
        return;
    lock.unlock();
    const LossReason reason = (m_backend.get()->*asking)();
    lock.lock();
    if (dropIfGivenUp(serial, lock))
        return;
    if (reason == LossReason::None)
        return becomeFree(lock);
    lose(reason, lock);
}

// Does not rely on the steward, who may be about to find out the same: after a sleep all wake at once.
bool Hold::verify()
{
    LossReason reason = LossReason::None;
    std::uint64_t serial = 0;
    {
        Lock lock(m_mutex);
        serial = m_serial;
        if (serial == 0)
            return false;
        m_freed.wait(lock, [&] { return m_closed || m_serial != serial || m_use != Use::Renewing; });
        const auto now = clock().boot();
        const Upkeep &upkeep = m_tending.upkeep;
        if (m_tending.expiry.count() > 0 && now >= m_tending.expiry)
            reason = LossReason::Expired;
        else if (upkeep.endurance.count() > 0 && now >= upkeep.since + upkeep.endurance)
            reason = upkeep.overdue;
    }
    if (reason == LossReason::None)
        checkIntact(serial, &Backend::verify);
    else if (beginEnd(serial, reason))
        finishEnd();
    return this->serial() == serial;
}

// While the disk stalls, the hold goes on: it gains levels, it loses them, it is given up. Only its last release waits.
void Hold::renew(std::uint64_t serial)
{
    Lock lock(m_mutex);
    if (!borrowForSteward(serial, lock))
        return;
    m_use = Use::Renewing;
    const auto begun = clock().boot();
    lock.unlock();
    m_freed.notify_all();
    Renewal renewal = m_backend->renew();
    lock.lock();
    m_tending.postponed = std::move(renewal.failure);
    if (dropIfGivenUp(serial, lock))
        return;
    if (renewal.answer == Renewal::Lost)
        return lose(renewal.reason, lock);
    Upkeep &upkeep = m_tending.upkeep;
    const bool done = renewal.answer == Renewal::Done;
    if (done)
        upkeep.since = begun;
    Steward &steward = Steward::instance();
    steward.at(done ? begun + upkeep.every : clock().boot() + upkeep.every / ChancesPerInterval,
               {weak_from_this(), serial, Timetable::Kind::Renewal});
    if (done && upkeep.endurance.count() > 0)
        steward.at(begun + upkeep.endurance, {weak_from_this(), serial, Timetable::Kind::GiveUp});
    becomeFree(lock);
}

// The backend is ours.
void Hold::lose(LossReason reason, Lock &lock)
{
    Steward::instance().expectEnd(shared_from_this(), m_serial);
    markLost(reason);
    letGo(lock);
}

// With m_mutex locked.
void Hold::markLost(LossReason reason)
{
    m_lossReason = reason;
    if (reason == m_tending.upkeep.overdue) {
        m_failure = m_backend->whyLost();
        if (!m_failure.isSet())
            m_failure = m_tending.postponed.isSet() ? m_tending.postponed : notRenewed(m_backend->name());
        m_hasFailure = true;
    }
    m_lostLevels = std::exchange(m_depth, 0);
    m_tending.untold = std::exchange(m_serial, 0);
    forgetBySteward();
}

// With m_mutex locked. Whoever takes them has to tell them, once the mutex is unlocked.
Hold::News Hold::takeNews()
{
    const bool isNews = std::exchange(m_tending.untold, 0) != 0;
    return isNews ? News(m_mailbox, m_lossReason) : News();
}

void Hold::tell(const News &news)
{
    if (news.second == LossReason::None)
        return;
    qCDebug(lcHoldfast) << name() << "lost:" << news.second;
    if (news.first) {
        news.first->post(
            [self = shared_from_this(), reason = news.second] { self->m_core->reportLoss(*self, reason); });
    }
}

void Hold::forgetBySteward()
{
    if (std::exchange(m_tending.isWatched, false))
        Steward::instance().disarm(this);
    if (std::exchange(m_tending.hasAppointments, false))
        Steward::instance().cancelAppointments(this);
}

} // namespace Holdfast
