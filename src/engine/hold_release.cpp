// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// How a hold gives the lock back.

#include "engine/hold.h"

#include "engine/agent.h"
#include "engine/lockcore.h"
#include "engine/mailbox.h"
#include "engine/steward.h"

#include <QtCore/qthreadpool.h>

#include <utility>

namespace Holdfast {

ReleaseAnswer Hold::release(bool allLevels)
{
    if (isInMyHands())
        return ReleaseAnswer::NotHeld; // not yet: the hook is a part of the attempt
    Lock lock(m_mutex);
    m_freed.wait(lock, [this] { return m_depth == 0 || m_use != Use::InPlace; }); // an attempt may stall
    if (m_depth > 1 && !allLevels) {
        --m_depth;
        return ReleaseAnswer::LevelLess;
    }
    QThreadPool *pool = m_core->options.threadPool;
    const Agent *agent = pool && Agent::hasEventLoop() ? Agent::current() : nullptr;
    m_freed.wait(lock, [&] { return m_depth == 0 || (m_use != Use::InPlace && (agent || m_use != Use::Renewing)); });
    if (m_depth == 0) {
        if (m_lostLevels == 0 || allLevels)
            return ReleaseAnswer::NotHeld;
        --m_lostLevels;
        return ReleaseAnswer::WasLost;
    }
    if (agent)
        return releaseOnPool(lock, pool, agent->mailbox());
    m_use = Use::InPlace;
    m_user = {}; // no foreign code runs in a release
    const std::uint64_t serial = m_serial;
    lock.unlock();
    std::optional<Failure> failure = m_backend->release();
    lock.lock();
    if (m_serial != serial) { // it took so long that the hold was declared lost meanwhile
        m_lostLevels = allLevels ? 0 : m_lostLevels - 1;
        letGo(lock);
        return ReleaseAnswer::WasLost;
    }
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
    if (m_use == Use::Renewing) { // who is at it finds that it is not held any more, and lets it go
        m_releasedTo = mailbox;
        forgetBySteward();
        return ReleaseAnswer::UnderWay;
    }
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
            self->appoint();
            Steward::instance().noticeHold();
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
