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

#include <QtCore/qthread.h>
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

Hold::Start Hold::borrow(Use use)
{
    const Lock lock(m_mutex);
    if (m_use != Use::Free) {
        m_someoneRefused = true;
        return Start::UnderWay;
    }
    if (m_depth > 0)
        return Start::Held;
    m_use = use;
    m_user = std::this_thread::get_id();
    return Start::Begun;
}

Attempt Hold::tryNow()
{
    for (;;) {
        if (std::optional<Attempt> answer = tryUnlessInUse())
            return *std::move(answer);
        if (isInMyHands())
            return Attempt::failed(misusedInHook(name()));
        QThreadPool *pool = m_core->options.threadPool;
        if (pool && pool->contains(QThread::currentThread())) // waiting for one's own pool could be for ever
            return Attempt::busy();
        Lock lock(m_mutex);
        if (m_use == Use::OnPool)
            return Attempt::busy(); // that attempt may stall, and this call must not
        m_freed.wait(lock, [this] { return m_use != Use::InPlace && m_use != Use::Leaving; });
    }
}

std::optional<Attempt> Hold::tryUnlessInUse()
{
    for (;;) {
        if (deepen())
            return Attempt::acquired();
        const Start start = borrow(Use::InPlace);
        if (start == Start::UnderWay)
            return std::nullopt;
        if (start == Start::Begun)
            break;
    }
    Attempt answer = attempt();
    settle(answer.answer == Attempt::Acquired);
    return answer;
}

bool Hold::deepen()
{
    Lock lock(m_mutex);
    if (m_use == Use::Parked) {
        becomeHeld();
        becomeFree(lock);
        return true;
    }
    if (m_depth == 0 || m_use != Use::Free) // another thread may be releasing the last level right now
        return false;
    ++m_depth;
    return true;
}

bool Hold::look(Look look)
{
    const Start start = borrow(Use::InPlace);
    if (start != Start::Begun)
        return start == Start::Held;
    const Attempt answer = attempt(look);
    if (answer.answer == Attempt::Acquired)
        park();
    else
        settle(false);
    return answer.answer != Attempt::Busy;
}

Hold::Start Hold::lookOnPool(QThreadPool *pool, const std::function<void(Attempt)> &done)
{
    const Start start = borrow(Use::OnPool);
    if (start != Start::Begun)
        return start;
    pool->start([self = shared_from_this(), done] {
        const Attempt answer = self->attempt();
        if (answer.answer == Attempt::Acquired)
            self->park();
        else
            self->settle(false);
        done(answer);
    });
    return start;
}

// The backend is ours now.
Attempt Hold::attempt(Look look)
{
    const unsigned version = m_core->backendVersion();
    if (!m_backend || m_backendVersion != version) {
        m_abandonable = nullptr;
        m_backend = m_core->makeBackend();
        m_backendVersion = version;
        m_abandonable = m_backend.get();
    }
    return look == Look::Brief ? m_backend->attemptBriefly() : m_backend->attempt();
}

// Ends an attempt in the thread that wanted it: a success becomes a hold.
void Hold::settle(bool acquired)
{
    Lock lock(m_mutex);
    if (acquired && !m_closed) {
        becomeHeld();
    } else if (acquired) { // the lock object has gone, in another thread
        lock.unlock();
        m_backend->drop();
        lock.lock();
    } else {
        stopTryingIfIdle(lock);
    }
    becomeFree(lock);
}

// Ends a successful attempt that was made for others. They may have gone meanwhile.
void Hold::park()
{
    Lock lock(m_mutex);
    m_use = Use::Parked;
    const auto waiters = waitersLocked();
    dropParkedIfUnwanted(lock);
    if (lock.owns_lock())
        lock.unlock();
    m_freed.notify_all();
    for (const auto &waiter : waiters)
        waiter->wake();
}

void Hold::dropParkedIfUnwanted(Lock &lock)
{
    if (m_use != Use::Parked || (m_pending > 0 && !m_closed))
        return;
    m_use = Use::InPlace;
    m_user = {};
    lock.unlock();
    m_backend->drop();
    lock.lock();
    becomeFree(lock);
}

void Hold::becomeHeld()
{
    m_depth = 1;
    m_lostLevels = 0;
    m_serial = ++m_lastSerial;
    m_holdingThread = std::this_thread::get_id();
    m_identity = m_backend->identity();
    if (m_owner == std::thread::id()) { // for all threads: the news of a loss go to the one that acquired
        m_someoneRefused = true;        // and the others may have a level, too
        if (const Agent *agent = Agent::current())
            m_mailbox = agent->mailbox();
    }
    constexpr std::chrono::hours longest{24 * 365 * 100}; // beyond that the sum would overflow
    const auto lifetime = std::min<std::chrono::milliseconds>(m_core->options.lifetime, longest);
    m_expires = lifetime.count() > 0;
    if (m_expires)
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
    if (isInMyHands())
        return ReleaseAnswer::NotHeld; // not yet: the hook is a part of the attempt
    Lock lock(m_mutex);
    m_freed.wait(lock, [this] { return m_use != Use::InPlace; });
    if (m_depth > 1 && !allLevels) {
        --m_depth;
        return ReleaseAnswer::LevelLess;
    }
    if (m_depth == 0) {
        if (m_lostLevels == 0 || allLevels)
            return ReleaseAnswer::NotHeld;
        --m_lostLevels;
        return ReleaseAnswer::WasLost;
    }
    QThreadPool *pool = m_core->options.threadPool;
    const Agent *agent = pool && Agent::hasEventLoop() ? Agent::current() : nullptr;
    if (agent)
        return releaseOnPool(lock, pool, agent->mailbox());
    m_use = Use::InPlace;
    m_user = {}; // no foreign code runs in a release
    lock.unlock();
    std::optional<Failure> failure = m_backend->release();
    lock.lock();
    if (failure)
        m_failure = *std::move(failure), m_hasFailure = true;
    else
        m_depth = 0, m_serial = 0, forgetBySteward();
    const bool failed = m_depth > 0;
    becomeFree(lock);
    return failed ? ReleaseAnswer::Failed : ReleaseAnswer::Freed;
}

ReleaseAnswer Hold::releaseOnPool(Lock &lock, QThreadPool *pool, const std::shared_ptr<Mailbox> &mailbox)
{
    const int depth = std::exchange(m_depth, 0);
    const std::uint64_t serial = std::exchange(m_serial, 0);
    m_use = Use::Leaving;
    lock.unlock();
    pool->start([self = shared_from_this(), mailbox, depth, serial] {
        std::optional<Failure> failure = self->m_backend->release();
        Lock again(self->m_mutex);
        if (failure && !self->m_closed) { // still held, whatever we wished
            self->m_depth = depth;
            self->m_serial = serial;
            self->m_failure = *failure;
            self->m_hasFailure = true;
        } else if (failure) {
            again.unlock();
            self->m_backend->drop();
            again.lock();
        } else {
            self->forgetBySteward();
        }
        self->becomeFree(again);
        mailbox->post([self, failure] { self->m_core->reportRelease(*self, failure); });
    });
    return ReleaseAnswer::UnderWay;
}

} // namespace Holdfast
