// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/blockingwait.h"

#include "engine/lockcore.h"
#include "engine/registry.h"

#include <QtCore/qthread.h>
#include <QtCore/qthreadpool.h>

#include <stop_token>
#include <thread>
#include <utility>

namespace Holdfast {

BlockingWait::BlockingWait(std::shared_ptr<Hold> hold, Request request)
    : m_hold(std::move(hold)), m_request(std::move(request))
{ }

void BlockingWait::wake()
{
    m_burst = BurstLength;
    m_alarm.ring();
}

void BlockingWait::cancel()
{
    m_cancelled = true;
    m_alarm.ring();
}

Outcome BlockingWait::run(Failure *failure)
{
    // Also when a cancelCheck throws.
    struct Registration
    {
        explicit Registration(std::shared_ptr<BlockingWait> self) : wait(std::move(self))
        {
            wait->m_hold->countPending(1);
            wait->m_hold->addWaiter(wait);
        }
        ~Registration()
        {
            wait->m_subscription.reset();
            wait->m_hold->countPending(-1);
            wait->m_hold->removeWaiter(wait.get());
        }
        Registration(const Registration &) = delete;
        Registration &operator=(const Registration &) = delete;
        const std::shared_ptr<BlockingWait> wait;
    };
    if (m_request.refusal.isSet()) {
        *failure = m_request.refusal;
        return Outcome::Failed;
    }
    const Registration registration(shared_from_this());
    const std::stop_callback stop(m_request.stopToken, [this] { cancel(); });
    return loop(failure);
}

Outcome BlockingWait::loop(Failure *failure)
{
    for (;;) {
        if (m_cancelled)
            return Outcome::Cancelled;
        std::optional<Attempt> answer = attempt();
        if (!answer && m_hold->isInMyHands()) {
            *failure = misusedInHook(m_hold->name());
            return Outcome::Failed;
        }
        if (!answer) {
            if (!m_request.once && m_request.deadline.hasPassed())
                return Outcome::TimedOut;
            waitForTheOther();
            continue;
        }
        if (answer->answer == Attempt::Acquired)
            return Outcome::Acquired;
        if (answer->answer == Attempt::Failed) {
            *failure = std::move(answer->failure);
            return Outcome::Failed;
        }
        if (const std::optional<Outcome> outcome = handleBusy(failure))
            return *outcome;
    }
}

// Nothing: an attempt is under way, ours on the pool or somebody else's; its end wakes us.
std::optional<Attempt> BlockingWait::attempt()
{
    if (std::optional<Attempt> answer = m_hold->deepen(m_request.mode))
        return answer;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_poolAnswer)
            return std::exchange(m_poolAnswer, std::nullopt);
    }
    QThreadPool *pool = m_hold->poolForAttempts();
    if (!pool || pool->contains(QThread::currentThread())) // waiting for one's own pool could be for ever
        return m_hold->tryUnlessInUse(m_request.mode);
    if (m_request.isDone())
        return Attempt::busy();
    const Start start = m_hold->lookOnPool(pool, m_request.mode, [self = shared_from_this()](const Attempt &answer) {
        if (answer.answer != Attempt::Acquired) { // else it is parked
            const std::scoped_lock lock(self->m_mutex);
            self->m_poolAnswer = answer;
        }
        self->m_alarm.ring();
    });
    if (start == Start::Held)
        m_alarm.ring();
    return std::nullopt;
}

void BlockingWait::waitForTheOther()
{
    constexpr std::chrono::hours longest{1};
    m_alarm.wait(m_request.once ? longest : m_request.deadline.clamp(longest));
}

std::optional<Outcome> BlockingWait::handleBusy(Failure *failure)
{
    m_request.wasRefused = true;
    if (m_request.once)
        return Outcome::TimedOut;
    if (m_request.forEver && wouldWaitForItself()) {
        *failure = {
            LockError::WouldDeadlock,
            QStringLiteral("Cannot lock \"%1\": this thread holds it already through another object, and would wait "
                           "for itself for ever. Release that one first, use one object for both, or give a "
                           "timeout.")
                .arg(m_hold->name())};
        return Outcome::Failed;
    }
    if (!std::exchange(m_request.toldContended, true)) {
        Observer *face = m_hold->core()->observer();
        if (face && face->wantsContended())
            face->contended(face->holder());
    }
    if (m_request.cancelCheck && (*m_request.cancelCheck)())
        return Outcome::Cancelled;
    if (m_request.deadline.hasPassed())
        return Outcome::TimedOut;
    sleep();
    return std::nullopt;
}

bool BlockingWait::wouldWaitForItself() const
{
    return Registry::instance().isHeldBy(std::this_thread::get_id(), m_hold->contested(), m_hold.get());
}

void BlockingWait::sleep()
{
    const Watchable watchable = m_hold->watchable();
    if (!m_subscription.isActive() || watchable != m_watched) {
        m_subscription = WakeHub::instance().subscribe(watchable.descriptor, weak_from_this());
        m_watched = watchable;
        if (m_subscription.isActive())
            return; // look once more: the release may have come just before
    }
    auto step = boundedPoll(m_request.pollInterval.value_or(m_hold->core()->options.pollInterval.load()));
    if (m_subscription.isActive() && !m_request.cancelCheck) // which is asked at each look
        step = ownInterval(step, m_watched);
    if (const auto hint = m_hold->retryIn(); hint.count() > 0)
        step = std::min(step, hint);
    if (m_burst > 0) {
        --m_burst;
        step = std::min(step, BurstInterval);
    }
    m_alarm.wait(m_request.deadline.clamp(step), WakeHub::instance().descriptor());
    WakeHub::instance().drain();
}

} // namespace Holdfast
