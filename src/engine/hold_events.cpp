// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What comes to a hold from outside its own thread: waiters, the end of a thread or of the lock, a fork.

#include "engine/hold.h"

#include "engine/agent.h"
#include "engine/lockcore.h"
#include "engine/logging.h"
#include "engine/mailbox.h"
#include "engine/wakeable.h"

#include <QtCore/qthread.h>

#include <algorithm>

namespace Holdfast {

bool Hold::isInMyHands() const
{
    const Lock lock(m_mutex);
    return m_use == Use::InPlace && m_user == std::this_thread::get_id();
}

void Hold::addWaiter(const std::shared_ptr<Wakeable> &waiter)
{
    const Lock lock(m_mutex);
    m_waiters.push_back(waiter);
}

void Hold::removeWaiter(const Wakeable *waiter)
{
    Lock lock(m_mutex);
    std::erase_if(m_waiters, [waiter](const std::weak_ptr<Wakeable> &other) {
        const auto alive = other.lock();
        return !alive || alive.get() == waiter;
    });
    if (m_use != Use::Free || m_depth > 0 || !m_waiters.empty())
        return; // whoever uses the backend now tidies up after himself
    m_use = Use::InPlace;
    m_user = {};
    stopTryingIfIdle(lock);
    becomeFree(lock);
}

void Hold::countPending(int difference)
{
    Lock lock(m_mutex);
    m_pending += difference;
    dropParkedIfUnwanted(lock);
}

std::vector<std::shared_ptr<Wakeable>> Hold::waitersLocked() const
{
    std::vector<std::shared_ptr<Wakeable>> alive;
    for (const auto &waiter : m_waiters) {
        if (auto shared = waiter.lock())
            alive.push_back(std::move(shared));
    }
    return alive;
}

std::vector<std::shared_ptr<Wakeable>> Hold::waiters() const
{
    const Lock lock(m_mutex);
    return waitersLocked();
}

Watchable Hold::watchable() const
{
    const Lock lock(m_mutex);
    return m_backend ? m_backend->watchable() : Watchable();
}

os::FileIdentity Hold::contested() const
{
    const Lock lock(m_mutex);
    return m_backend ? m_backend->identity() : os::FileIdentity{};
}

QString Hold::name() const
{
    const Lock lock(m_mutex);
    return m_backend ? m_backend->name() : QString();
}

QString Hold::token() const
{
    const Lock lock(m_mutex);
    return m_depth > 0 ? m_backend->token() : QString();
}

LossReason Hold::lossReason() const
{
    const Lock lock(m_mutex);
    return m_lossReason;
}

LossReason Hold::overdueReason() const
{
    const Lock lock(m_mutex);
    return m_tending.upkeep.overdue;
}

Failure Hold::failure() const
{
    const Lock lock(m_mutex);
    return m_failure;
}

bool Hold::setFailure(Failure failure)
{
    if (!failure.isSet() && !m_hasFailure)
        return false;
    const Lock lock(m_mutex);
    m_failure = std::move(failure);
    m_hasFailure = m_failure.isSet();
    return true;
}

bool Hold::isHeldBy(std::thread::id thread, const os::FileIdentity &identity) const
{
    const Lock lock(m_mutex);
    return m_depth > 0 && m_holdingThread == thread && m_identity == identity;
}

std::uint64_t Hold::serial() const
{
    const Lock lock(m_mutex);
    return m_serial;
}

std::uint64_t Hold::disk() const
{
    const Lock lock(m_mutex);
    return m_identity.device;
}

Watchable Hold::arm(std::uint64_t serial)
{
    const Lock lock(m_mutex);
    if (m_closed || m_serial != serial || m_use != Use::Free)
        return {};
    m_tending.isWatched = true;
    return m_backend->watchable();
}

void Hold::close()
{
    Lock lock(m_mutex);
    m_closed = true;
    if (m_use == Use::InPlace && m_user == std::this_thread::get_id())
        return; // destroyed by its own hook: the attempt finds it closed and lets go
    const auto patience = QThread::currentThread()->loopLevel() > 0 ? Blink : Moment;
    do { // whoever was at work may be done, and somebody else have begun
        m_freed.wait(lock, [this] { return m_use != Use::InPlace; });
        m_freed.wait_for(lock, patience, [this] { return m_use != Use::OnPool && m_use != Use::Renewing; });
    } while (m_use == Use::InPlace);
    forgetBySteward();
    m_depth = 0;
    m_serial = 0;
    if (m_use == Use::OnPool || m_use == Use::Leaving || m_use == Use::Renewing || !m_backend)
        return; // whoever is at work finds it closed and lets go
    dropNow(lock);
    // The hold itself may live on for a moment, in an errand; but nothing is left open.
    m_abandonable = nullptr;
    const std::unique_ptr<Backend> gone = std::move(m_backend);
    becomeFree(lock);
}

void Hold::threadEnded()
{
    const HoldFacts before = facts();
    if (before.state == LockState::Held)
        qCWarning(lcHoldfast) << "a thread has ended while it held a lock;" << name()
                              << "is free now. Release a lock before its thread ends.";
    close();
}

void Hold::abandon()
{
    if (Backend *backend = m_abandonable)
        backend->abandon();
}

} // namespace Holdfast
