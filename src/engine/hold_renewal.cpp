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

void Hold::appoint(const Upkeep &upkeep)
{
    m_tending.upkeep = upkeep;
    constexpr std::chrono::hours longest{24 * 365 * 100}; // beyond that the sum would overflow
    const auto lifetime = std::min<std::chrono::milliseconds>(m_core->options.lifetime, longest);
    m_tending.hasAppointments = lifetime.count() > 0 || upkeep.every.count() > 0;
    if (!m_tending.hasAppointments)
        return;
    Steward &steward = Steward::instance();
    const auto begun = upkeep.since.count() > 0 ? upkeep.since : clock().boot();
    if (lifetime.count() > 0)
        steward.at(begun + lifetime, {weak_from_this(), m_serial, Timetable::Kind::Expiry});
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

void Hold::expire(std::uint64_t serial)
{
    Lock lock(m_mutex);
    if (borrowForSteward(serial, lock)) {
        dropNow(lock);
        lose(LossReason::Expired, lock);
    } else if (m_use == Use::Renewing && m_serial == serial) {
        lose(LossReason::Expired, lock); // whoever renews finds it lost and lets go
    }
}

void Hold::checkIntact(std::uint64_t serial)
{
    Lock lock(m_mutex);
    if (!borrowForSteward(serial, lock))
        return;
    lock.unlock();
    const LossReason reason = m_backend->inspect();
    lock.lock();
    if (reason == LossReason::None)
        return becomeFree(lock);
    dropNow(lock);
    lose(reason, lock);
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
    if (m_closed || m_serial != serial) { // given up meanwhile
        dropNow(lock);
        return becomeFree(lock);
    }
    if (renewal.answer == Renewal::Lost) {
        dropNow(lock);
        return lose(renewal.reason, lock);
    }
    const bool done = renewal.answer == Renewal::Done;
    const auto next =
        done ? begun + m_tending.upkeep.every : clock().boot() + m_tending.upkeep.every / ChancesPerInterval;
    Steward &steward = Steward::instance();
    steward.at(next, {weak_from_this(), serial, Timetable::Kind::Renewal});
    if (done && m_tending.upkeep.endurance.count() > 0)
        steward.at(begun + m_tending.upkeep.endurance, {weak_from_this(), serial, Timetable::Kind::GiveUp});
    becomeFree(lock);
}

void Hold::giveUpRenewing(std::uint64_t serial)
{
    Lock lock(m_mutex);
    if (borrowForSteward(serial, lock)) {
        dropNow(lock);
        lose(LossReason::RefreshFailed, lock);
    } else if (m_use == Use::Renewing && m_serial == serial) {
        lose(LossReason::RefreshFailed, lock);
    }
}

void Hold::lose(LossReason reason, Lock &lock)
{
    m_lossReason = reason;
    if (reason == LossReason::RefreshFailed && m_tending.postponed.isSet())
        m_failure = m_tending.postponed, m_hasFailure = true;
    m_lostLevels = std::exchange(m_depth, 0);
    m_serial = 0;
    forgetBySteward();
    const std::shared_ptr<Mailbox> mailbox = m_mailbox;
    if (m_use == Use::Renewing)
        lock.unlock(); // free only when that has come back
    else
        becomeFree(lock);
    qCDebug(lcHoldfast) << name() << "lost:" << reason;
    if (mailbox)
        mailbox->post([self = shared_from_this(), reason] { self->m_core->reportLoss(*self, reason); });
}

void Hold::forgetBySteward()
{
    if (std::exchange(m_tending.isWatched, false))
        Steward::instance().disarm(this);
    if (std::exchange(m_tending.hasAppointments, false))
        Steward::instance().cancelAppointments(this);
}

} // namespace Holdfast
