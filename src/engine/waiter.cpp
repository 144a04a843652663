// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/waiter.h"

#include "engine/agent.h"
#include "engine/lockcore.h"
#include "engine/logging.h"
#include "engine/mailbox.h"

#include <QtCore/qthreadpool.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace Holdfast {

Waiter::Waiter(std::shared_ptr<Hold> hold, Agent &agent)
    : m_hold(std::move(hold)), m_agent(&agent), m_mailbox(agent.mailbox())
{
}

Waiter::~Waiter() = default;

void Waiter::add(std::unique_ptr<Request> request)
{
    request->id = ++m_lastId;
    if (request->stopToken.stop_possible()) {
        // Any thread; a stop that was requested already comes here at once.
        const auto look = [weak = weak_from_this()] {
            if (const auto self = weak.lock())
                self->post();
        };
        using Callback = std::stop_callback<std::function<void()>>;
        request->stopCallback = std::make_unique<Callback>(request->stopToken, look);
    }
    m_requests.push_back(std::move(request));
    m_hold->countPending(1);
    post();
}

void Waiter::wake()
{
    m_burst = BurstLength;
    post();
}

void Waiter::post()
{
    if (!m_posted.exchange(true))
        m_mailbox->post([weak = weak_from_this()] {
            if (const auto self = weak.lock())
                self->process();
        });
}

void Waiter::cancel()
{
    m_cancelledUpTo = m_lastId.load();
    post();
}

void Waiter::cancelRequest(const Request *request)
{
    for (const auto &candidate : m_requests) {
        if (candidate.get() == request)
            candidate->cancelled = true;
    }
    post();
}

bool Waiter::isGone() const
{
    return !m_agent || !m_hold->core()->observer();
}

void Waiter::process()
{
    const auto self = shared_from_this(); // a handler may destroy the lock
    m_posted = false;
    const std::uint64_t last = m_lastId; // what a handler asks for meanwhile comes in a turn of its own
    endUnwanted(false);
    while (!isGone() && !m_requests.empty() && m_requests.front()->id <= last) {
        if (m_requests.front()->refusal.isSet()) {
            auto refused = take(m_requests.front().get());
            const Failure why = refused->refusal;
            end(std::move(refused), Outcome::Failed, why);
            continue;
        }
        std::optional<Attempt> attempt = nextAnswer();
        if (!attempt)
            return; // one is under way, and wakes us
        if (attempt->answer == Attempt::Busy)
            return handleBusy();
        auto request = take(m_requests.front().get());
        if (attempt->answer == Attempt::Acquired)
            end(std::move(request), Outcome::Acquired);
        else
            end(std::move(request), Outcome::Failed, std::move(attempt->failure));
    }
    if (isGone() || m_requests.empty())
        retire();
    else
        post();
}

std::optional<Attempt> Waiter::nextAnswer()
{
    if (m_hold->deepen())
        return Attempt::acquired();
    if (!m_probe) {
        QThreadPool *pool = m_hold->core()->options.threadPool;
        if (pool) {
            startOnPool(pool);
            return std::nullopt;
        }
        m_probe = m_hold->probe();
    }
    if (!m_probe)
        return std::nullopt;
    return std::exchange(m_probe, nullptr)->settle();
}

bool Waiter::startOnPool(QThreadPool *pool)
{
    Q_UNUSED(pool);
    if (m_onPool)
        return false;
    m_onPool = m_hold->probeOnPool([mailbox = m_mailbox, weak = weak_from_this()](std::shared_ptr<Probe> probe) {
        // If nobody takes the message, the probe goes with it, and what it got is given back.
        mailbox->post([weak, probe = std::move(probe)] {
            const auto self = weak.lock();
            if (!self)
                return;
            self->m_onPool = false;
            if (self->m_requests.empty())
                return;
            self->m_probe = probe;
            self->process();
        });
    });
    return m_onPool;
}

void Waiter::look()
{
    if (m_posted || m_probe || m_requests.empty())
        return;
    if (m_hold->core()->options.threadPool.load()) {
        post();
        return;
    }
    m_probe = m_hold->probe();
    if (!m_probe)
        return;
    if (m_probe->answer() != Attempt::Busy)
        return post();
    m_probe.reset();
    for (const auto &request : m_requests) {
        if (askToEnd(*request))
            return post();
    }
    if (m_burst > 0)
        --m_burst;
    arm();
}

bool Waiter::askToEnd(Request &request)
{
    try {
        return request.wantsToEnd(true);
    } catch (const std::exception &exception) {
        request.refusal = {LockError::CallbackFailed, QString::fromLocal8Bit(exception.what())};
    } catch (...) {
        request.refusal = {LockError::CallbackFailed, QStringLiteral("The cancelCheck threw an unknown exception.")};
    }
    return true;
}

// Each round looks from the start again: the handler of an ending may have changed everything.
void Waiter::endUnwanted(bool afterAttempt)
{
    const std::uint64_t cancelledUpTo = m_cancelledUpTo;
    for (;;) {
        const auto found = std::find_if(m_requests.begin(), m_requests.end(), [&](const auto &request) {
            return request->id <= cancelledUpTo || request->wantsToEnd(false)
                   || (afterAttempt && (request->refusal.isSet() || request->once || request->deadline.hasPassed()));
        });
        if (found == m_requests.end() || isGone())
            return;
        auto request = take(found->get());
        const Failure refusal = request->refusal;
        if (request->id <= cancelledUpTo || request->cancelled)
            end(std::move(request), Outcome::Cancelled);
        else if (refusal.isSet())
            end(std::move(request), Outcome::Failed, refusal);
        else
            end(std::move(request), Outcome::TimedOut);
    }
}

void Waiter::handleBusy()
{
    tellContended();
    if (!isGone()) {
        for (const auto &request : m_requests)
            askToEnd(*request);
        endUnwanted(true);
    }
    if (isGone() || m_requests.empty())
        return retire();
    arm();
}

void Waiter::tellContended()
{
    for (std::size_t i = 0; i < m_requests.size() && !isGone(); ++i) {
        if (std::exchange(m_requests[i]->toldContended, true))
            continue;
        Observer *face = m_hold->core()->observer();
        if (face->wantsContended())
            face->contended(face->holder());
    }
}

void Waiter::end(std::unique_ptr<Request> request, Outcome outcome, Failure failure)
{
    request->stopCallback.reset();
    if (request->promise) {
        request->futureWatcher.reset();
        // False: the future was cancelled, and nobody will ever see that the lock is his.
        if (!request->promise->addResult(outcome) && outcome == Outcome::Acquired) {
            m_hold->release(false);
            outcome = Outcome::Cancelled;
        }
    }
    if (m_hold->setFailure(std::move(failure))) {
        if (Observer *face = m_hold->core()->observer())
            face->errorChanged();
    }
    qCDebug(lcHoldfast) << "acquisition" << request->id << "ended:" << outcome;
    m_hold->core()->reportEnding(*m_hold, outcome);
    if (request->promise)
        request->promise->finish();
}

std::unique_ptr<Request> Waiter::take(const Request *request)
{
    const auto found = std::find_if(m_requests.begin(), m_requests.end(),
                                    [request](const auto &other) { return other.get() == request; });
    auto taken = std::move(*found);
    m_requests.erase(found);
    m_hold->countPending(-1);
    return taken;
}

} // namespace Holdfast
