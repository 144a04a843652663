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
    m_freed.wait(lock, [this] { return m_use != Use::InPlace; });
    if (m_closed || m_serial != serial || m_use != Use::Free)
        return false;
    m_use = Use::InPlace;
    m_user = std::this_thread::get_id();
    return true;
}

// Whoever was at work on what is held, and now has the mutex again: it may have been lost, or closed, meanwhile. True: it
// was, and is let go.
bool Hold::dropIfGivenUp(std::uint64_t serial, Lock &lock)
{
    if (!m_closed && m_serial == serial)
        return false;
    dropNow(lock);
    becomeFree(lock);
    return true;
}

void Hold::end(std::uint64_t serial, LossReason reason)
{
    Lock lock(m_mutex);
    if (m_tending.undropped == serial) {
        m_tending.undropped = 0;
        dropNow(lock);
        becomeFree(lock);
    } else if (borrowForSteward(serial, lock)) {
        lose(reason, lock);
    }
}

// Waits for nobody and calls nobody. Whoever is at work with the backend finds the hold lost, and lets go.
void Hold::endAnyway(std::uint64_t serial, LossReason reason)
{
    Lock lock(m_mutex);
    if (m_closed)
        return;
    if (m_serial == serial && m_use == Use::Free) { // end() is still to come, behind something that takes its time
        m_use = Use::Renewing;
        m_tending.undropped = serial;
    }
    if (m_serial == serial)
        markLost(reason);
    if (m_tending.untold == serial)
        tellLost(lock);
}

void Hold::checkIntact(std::uint64_t serial)
{
    Lock lock(m_mutex);
    if (!borrowForSteward(serial, lock))
        return;
    lock.unlock();
    const LossReason reason = m_backend->inspect();
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
        const Lock lock(m_mutex);
        serial = m_serial;
        const auto now = clock().boot();
        const Upkeep &upkeep = m_tending.upkeep;
        if (m_tending.expiry.count() > 0 && now >= m_tending.expiry)
            reason = LossReason::Expired;
        else if (upkeep.endurance.count() > 0 && now >= upkeep.since + upkeep.endurance)
            reason = LossReason::RefreshFailed;
    }
    if (serial == 0)
        return false;
    if (reason == LossReason::None)
        checkIntact(serial);
    else
        end(serial, reason);
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

// The backend is ours. Nobody here believes to hold it any more when others can have it; and when its holder is told, it has
// been let go, so that he can have it again at once. If that takes its time, endAnyway() tells him.
void Hold::lose(LossReason reason, Lock &lock)
{
    markLost(reason);
    dropNow(lock);
    if (m_tending.untold != 0)
        tellLost(lock);
    becomeFree(lock);
}

// With m_mutex locked.
void Hold::markLost(LossReason reason)
{
    m_lossReason = reason;
    if (reason == LossReason::RefreshFailed) {
        m_failure = m_tending.postponed.isSet() ? m_tending.postponed : notRenewed(m_backend->name());
        m_hasFailure = true;
    }
    m_lostLevels = std::exchange(m_depth, 0);
    m_tending.untold = std::exchange(m_serial, 0);
    forgetBySteward();
}

void Hold::tellLost(Lock &lock)
{
    m_tending.untold = 0;
    const LossReason reason = m_lossReason;
    const std::shared_ptr<Mailbox> mailbox = m_mailbox;
    lock.unlock();
    qCDebug(lcHoldfast) << name() << "lost:" << reason;
    if (mailbox)
        mailbox->post([self = shared_from_this(), reason] { self->m_core->reportLoss(*self, reason); });
    lock.lock();
}

void Hold::forgetBySteward()
{
    if (std::exchange(m_tending.isWatched, false))
        Steward::instance().disarm(this);
    if (std::exchange(m_tending.hasAppointments, false))
        Steward::instance().cancelAppointments(this);
}

} // namespace Holdfast
