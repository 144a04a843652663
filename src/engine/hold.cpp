// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/hold.h"

#include "engine/agent.h"
#include "engine/lockcore.h"
#include "engine/logging.h"
#include "engine/mailbox.h"
#include "engine/registry.h"
#include "engine/steward.h"
#include "engine/wakeable.h"

#include <QtCore/qthreadpool.h>

#include <algorithm>

namespace Holdfast {

Hold::Hold(std::shared_ptr<LockCore> core, std::thread::id owner) : m_core(std::move(core)), m_owner(owner)
{
    if (const Agent *agent = Agent::current())
        m_mailbox = agent->mailbox();
}

Hold::~Hold()
{
    Registry::instance().remove(this);
}

HoldFacts Hold::facts() const
{
    const Lock lock(m_mutex);
    return factsLocked();
}

HoldFacts Hold::factsLocked() const
{
    if (m_depth > 0)
        return {LockState::Held, m_depth};
    return {m_pending > 0 ? LockState::Waiting : LockState::Idle, 0};
}

std::optional<std::pair<HoldFacts, HoldFacts>> Hold::takeChange()
{
    const Lock lock(m_mutex);
    const HoldFacts now = factsLocked();
    if (now == m_reported)
        return std::nullopt;
    return std::pair(std::exchange(m_reported, now), now);
}

Attempt Hold::tryNow()
{
    {
        Lock lock(m_mutex);
        // Another thread of a shared hold, or the steward, is done in a moment; a thread pool may not be.
        m_freed.wait(lock, [this] { return m_use != Use::InPlace; });
        if (m_depth > 0) {
            ++m_depth;
            return Attempt::acquired();
        }
        if (m_use != Use::Free)
            return Attempt::busy();
        m_use = Use::InPlace;
    }
    Attempt answer = attempt();
    settle(answer.answer == Attempt::Acquired);
    return answer;
}

bool Hold::deepen()
{
    const Lock lock(m_mutex);
    if (m_depth == 0)
        return false;
    ++m_depth;
    return true;
}

std::unique_ptr<Probe> Hold::probe()
{
    {
        const Lock lock(m_mutex);
        if (m_use != Use::Free) {
            m_someoneRefused = true;
            return nullptr;
        }
        m_use = Use::InPlace;
    }
    auto probe = std::make_unique<Probe>(shared_from_this());
    probe->run();
    return probe;
}

bool Hold::probeOnPool(const std::function<void(std::shared_ptr<Probe>)> &done)
{
    {
        const Lock lock(m_mutex);
        if (m_use != Use::Free) {
            m_someoneRefused = true;
            return false;
        }
        m_use = Use::OnPool;
    }
    const auto probe = std::make_shared<Probe>(shared_from_this());
    m_core->options.threadPool.load()->start([probe, done] {
        probe->run();
        done(probe);
    });
    return true;
}

void Hold::awaitTurn(Deadline deadline)
{
    Lock lock(m_mutex);
    const auto isFree = [this] { return m_use == Use::Free || m_depth > 0; };
    if (deadline.isForever())
        m_freed.wait(lock, isFree);
    else
        m_freed.wait_for(lock, deadline.clamp(std::chrono::hours(24)), isFree);
}

// The backend is ours now.
Attempt Hold::attempt()
{
    const unsigned version = m_core->backendVersion();
    if (!m_backend || m_backendVersion != version) {
        m_abandonable = nullptr;
        m_backend = m_core->makeBackend();
        m_backendVersion = version;
        m_abandonable = m_backend.get();
    }
    return m_backend->attempt();
}

// Ends an attempt: a success becomes a hold. False: the lock object has gone meanwhile, and the success with it.
bool Hold::settle(bool acquired)
{
    Lock lock(m_mutex);
    const bool wanted = !m_closed;
    if (acquired && wanted) {
        becomeHeld();
    } else if (acquired) {
        lock.unlock();
        m_backend->drop();
        lock.lock();
    } else {
        stopTryingIfIdle(lock);
    }
    becomeFree(lock);
    return wanted;
}

void Hold::becomeHeld()
{
    m_depth = 1;
    m_lostLevels = 0;
    m_serial = ++m_lastSerial;
    m_holdingThread = std::this_thread::get_id();
    m_identity = m_backend->identity();
    if (m_owner == std::thread::id()) { // shared: the news of a loss go to the thread that acquired
        if (const Agent *agent = Agent::current())
            m_mailbox = agent->mailbox();
    }
    const std::chrono::milliseconds lifetime = m_core->options.lifetime;
    if (lifetime.count() > 0)
        Steward::instance().expireAt(weak_from_this(), m_serial, clock().boot() + lifetime);
    Steward::instance().noticeHold();
}

void Hold::stopTryingIfIdle(Lock &lock)
{
    if (!m_backend || m_depth > 0 || !m_waiters.empty())
        return;
    lock.unlock();
    m_backend->stopTrying();
    lock.lock();
}

void Hold::becomeFree(Lock &lock)
{
    m_use = Use::Free;
    std::vector<std::shared_ptr<Wakeable>> refused;
    if (std::exchange(m_someoneRefused, false))
        refused = waitersLocked();
    lock.unlock();
    m_freed.notify_all();
    for (const auto &waiter : refused)
        waiter->wake();
}

ReleaseAnswer Hold::release(bool allLevels)
{
    Lock lock(m_mutex);
    if (m_depth > 1 && !allLevels) {
        --m_depth;
        return ReleaseAnswer::LevelLess;
    }
    m_freed.wait(lock, [this] { return m_use != Use::InPlace; });
    if (m_depth == 0) {
        if (m_lostLevels == 0)
            return ReleaseAnswer::NotHeld;
        m_lostLevels = allLevels ? 0 : m_lostLevels - 1;
        return ReleaseAnswer::WasLost;
    }
    if (std::exchange(m_armed, false))
        Steward::instance().disarm(this);
    QThreadPool *pool = m_core->options.threadPool;
    if (pool && m_mailbox && Agent::hasEventLoop())
        return releaseOnPool(lock, pool);
    m_use = Use::InPlace;
    lock.unlock();
    std::optional<Failure> failure = m_backend->release();
    lock.lock();
    if (failure)
        m_failure = *std::move(failure);
    else
        m_depth = 0, m_serial = 0;
    const bool failed = m_depth > 0;
    becomeFree(lock);
    return failed ? ReleaseAnswer::Failed : ReleaseAnswer::Freed;
}

ReleaseAnswer Hold::releaseOnPool(Lock &lock, QThreadPool *pool)
{
    const int depth = std::exchange(m_depth, 0);
    const std::uint64_t serial = std::exchange(m_serial, 0);
    m_use = Use::OnPool;
    lock.unlock();
    pool->start([self = shared_from_this(), depth, serial] {
        std::optional<Failure> failure = self->m_backend->release();
        Lock again(self->m_mutex);
        if (failure && !self->m_closed) { // still held, whatever we wished
            self->m_depth = depth;
            self->m_serial = serial;
            self->m_failure = *failure;
        }
        self->becomeFree(again);
        self->m_mailbox->post([self, failure] { self->m_core->reportRelease(*self, failure); });
    });
    return ReleaseAnswer::UnderWay;
}

} // namespace Holdfast
