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

Hold::Hold(std::shared_ptr<LockCore> core, std::thread::id owner) : m_core(std::move(core)), m_owner(owner) { }

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

Start Hold::borrow(Use use, LockMode mode)
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
    m_mode = mode;
    return Start::Begun;
}

Attempt Hold::tryNow(LockMode mode)
{
    for (;;) {
        if (std::optional<Attempt> answer = tryUnlessInUse(mode))
            return *std::move(answer);
        if (isInMyHands())
            return Attempt::failed(misusedInHook(name()));
        QThreadPool *pool = m_core->options.poolForAttempts();
        if (pool && pool->contains(QThread::currentThread())) // waiting for one's own pool could be for ever
            return Attempt::busy();
        Lock lock(m_mutex);
        m_freed.wait(lock, [this] { return m_use != Use::InPlace && m_use != Use::Leaving; });
        m_freed.wait_for(lock, Moment, [this] { return m_use != Use::OnPool && m_use != Use::Renewing; });
        if (m_use == Use::OnPool || m_use == Use::Renewing)
            return Attempt::busy(); // that attempt stalls, and this call must not
    }
}

std::optional<Attempt> Hold::tryUnlessInUse(LockMode mode)
{
    for (;;) {
        if (std::optional<Attempt> answer = deepen(mode))
            return answer;
        const Start start = borrow(Use::InPlace, mode);
        if (start == Start::UnderWay)
            return std::nullopt;
        if (start == Start::Begun)
            break;
    }
    Attempt answer = attempt();
    settle(answer.answer == Attempt::Acquired);
    return answer;
}

std::optional<Attempt> Hold::deepen(LockMode mode)
{
    Lock lock(m_mutex);
    if (m_use == Use::Parked && m_mode == mode) {
        becomeHeld();
        becomeFree(lock);
        return Attempt::acquired();
    }
    if (m_use == Use::Parked) { // for somebody who does not want it any more
        dropNow(lock);
        becomeFree(lock);
        return std::nullopt;
    }
    const bool inUse = m_use != Use::Free && m_use != Use::Renewing;
    if (m_depth == 0 || inUse) // another thread may be releasing the last level right now
        return std::nullopt;
    if (m_mode != mode)
        return Attempt::failed(heldInOtherMode(m_backend->name(), m_mode));
    ++m_depth;
    return Attempt::acquired();
}

bool Hold::look(Look look, LockMode mode)
{
    const Start start = borrow(Use::InPlace, mode);
    if (start != Start::Begun)
        return start == Start::Held;
    const Attempt answer = attempt(look);
    if (answer.answer == Attempt::Acquired)
        park();
    else
        settle(false);
    return answer.answer != Attempt::Busy;
}

Start Hold::lookOnPool(QThreadPool *pool, LockMode mode, const std::function<void(Attempt)> &done)
{
    const Start start = borrow(Use::OnPool, mode);
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

// The user's own pool is for all attempts. The built-in one is for those that may stall: the first, which has to find out.
QThreadPool *Hold::poolForAttempts() const
{
    if (QThreadPool *pool = m_core->options.threadPool)
        return pool;
    const Lock lock(m_mutex);
    const bool isQuick =
        m_use == Use::Free && m_backend && m_backendVersion == m_core->backendVersion() && m_backend->isQuick();
    return isQuick ? nullptr : m_core->options.builtInPool;
}

// The backend is ours now.
Attempt Hold::attempt(Look look)
{
    const unsigned version = m_core->backendVersion();
    if (!m_backend || m_backendVersion != version) {
        MadeBackend made = m_core->makeBackend();
        m_abandonable = nullptr;
        {
            const Lock lock(m_mutex); // others ask it for its name, and what to watch
            m_backend.swap(made.backend);
        }
        m_backendVersion = version;
        m_abandonable = m_backend.get();
        if (!m_backend)
            return Attempt::failed(std::move(made.refusal));
    }
    Attempt answer = look == Look::Brief ? m_backend->attemptBriefly(m_mode) : m_backend->attempt(m_mode);
    m_retryIn = answer.retryIn;
    return answer;
}

// Ends an attempt in the thread that wanted it: a success becomes a hold.
void Hold::settle(bool acquired)
{
    Lock lock(m_mutex);
    if (acquired && !m_closed) {
        becomeHeld();
    } else if (acquired) { // the lock object has gone, in another thread
        dropNow(lock);
    } else {
        stopTryingIfIdle(lock);
    }
    becomeFree(lock);
}

// Ends a successful attempt that was made for others. They may have gone meanwhile.
void Hold::park()
{
    Lock lock(m_mutex);
    const auto waiters = waitersLocked();
    if (m_pending > 0 && !m_closed) {
        m_use = Use::Parked;
        lock.unlock();
        m_freed.notify_all();
    } else { // still ours, in the thread that has made it
        dropNow(lock);
        becomeFree(lock);
    }
    for (const auto &waiter : waiters)
        waiter->wake();
}

void Hold::dropParkedIfUnwanted(Lock &lock)
{
    if (m_use != Use::Parked || (m_pending > 0 && !m_closed))
        return;
    dropNow(lock);
    becomeFree(lock);
}

// Lets go of the backend's lock without a word; ends with the mutex locked and the backend still ours.
void Hold::dropNow(Lock &lock)
{
    const bool mayTakeItsTime = m_use == Use::OnPool || m_use == Use::Leaving || m_use == Use::Renewing;
    if (!mayTakeItsTime) {
        m_use = Use::InPlace;
        m_user = {}; // no foreign code runs in it
    }
    lock.unlock();
    m_backend->drop();
    lock.lock();
}

void Hold::becomeHeld()
{
    m_depth = 1;
    m_lostLevels = 0;
    m_lossReason = LossReason::None;
    m_serial = ++m_lastSerial;
    m_holdingThread = std::this_thread::get_id();
    m_identity = m_backend->identity();
    if (const Agent *agent = Agent::current()) // with another application a thread gets another one
        m_mailbox = agent->mailbox();
    if (m_owner == std::thread::id()) // for all threads: the others may have a level, too
        m_someoneRefused = true;
    beginUpkeep(m_backend->upkeep());
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

} // namespace Holdfast
