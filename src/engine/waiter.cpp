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

namespace {

bool callCheck(const std::function<bool()> &check, const QString &name, Failure *failure)
{
    try {
        return check();
    } catch (const std::exception &exception) {
        *failure = callbackFailure(name, "cancelCheck", QString::fromLocal8Bit(exception.what()));
    } catch (...) {
        *failure = callbackFailure(name, "cancelCheck", QStringLiteral("unknown exception"));
    }
    return false;
}

} // namespace

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
    m_turn = m_lastId; // what a handler asks for meanwhile comes in a turn of its own
    const std::uint64_t last = m_turn;
    endWhat(Ending::OnRequest);
    while (!isGone() && !m_requests.empty() && m_requests.front()->id <= last) {
        std::optional<Attempt> attempt = nextAnswer();
        if (!attempt)
            return handleUnderWay();
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
    if (m_poolAnswer)
        return std::exchange(m_poolAnswer, std::nullopt);
    if (QThreadPool *pool = m_hold->core()->options.threadPool) {
        startOnPool(pool);
        return std::nullopt;
    }
    return m_hold->tryUnlessInUse();
}

void Waiter::startOnPool(QThreadPool *pool)
{
    if (m_onPool)
        return;
    m_onPool = m_hold->lookOnPool(pool, [mailbox = m_mailbox, weak = weak_from_this()](const Attempt &answer) {
        mailbox->post([weak, answer] {
            if (const auto self = weak.lock())
                self->takePoolAnswer(answer);
        });
    });
}

void Waiter::takePoolAnswer(Attempt answer)
{
    m_onPool = false;
    if (answer.answer != Attempt::Acquired) // else it is parked
        m_poolAnswer = std::move(answer);
    process();
}

// An attempt is under way, perhaps on a disk that stalls: its end wakes us, and deadlines hold meanwhile.
void Waiter::handleUnderWay()
{
    endWhat(Ending::Overdue);
    if (isGone() || m_requests.empty())
        retire();
    else
        armDeadline();
}

void Waiter::look()
{
    if (m_posted || m_requests.empty())
        return;
    if (m_hold->core()->options.threadPool.load() || m_hold->look())
        return post();
    const auto self = shared_from_this(); // the check may do anything
    if (askToEnd())
        return post();
    if (m_burst > 0)
        --m_burst;
    if (!isGone())
        arm();
}

// Asks every cancelCheck. Each of them is foreign code that may end, add or destroy requests: so by number, with a copy.
bool Waiter::askToEnd()
{
    bool any = false;
    const std::uint64_t last = m_lastId;
    std::uint64_t asked = 0;
    for (;;) {
        const auto next = std::find_if(m_requests.begin(), m_requests.end(), [&](const auto &request) {
            return request->id > asked && request->id <= last && request->cancelCheck && !request->once
                   && !request->cancelled && !request->refusal.isSet();
        });
        if (next == m_requests.end())
            return any;
        asked = (*next)->id;
        const std::function<bool()> check = (*next)->cancelCheck;
        Failure failure;
        const bool cancelled = callCheck(check, m_hold->name(), &failure);
        for (const auto &request : m_requests) {
            if (request->id != asked)
                continue;
            request->cancelled = request->cancelled || cancelled;
            request->refusal = failure;
        }
        any = any || cancelled || failure.isSet();
    }
}

bool Waiter::mustEnd(Request &request, Ending ending) const
{
    if (request.id > m_turn)
        return false;
    if (request.id <= m_cancelledUpTo || request.cancelled || request.stopToken.stop_requested())
        return request.cancelled = true;
    if (request.refusal.isSet())
        return true;
    const bool overdue = !request.once && request.deadline.hasPassed();
    switch (ending) {
    case Ending::OnRequest:
        return false;
    case Ending::Overdue: // one that may try only once waits for its one attempt
        return overdue;
    case Ending::Refused:
        return overdue || request.once;
    }
    return false;
}

// Each round looks from the start again: the handler of an ending may have changed everything.
void Waiter::endWhat(Ending ending)
{
    for (;;) {
        const auto found = std::find_if(m_requests.begin(), m_requests.end(),
                                        [&](const auto &request) { return mustEnd(*request, ending); });
        if (found == m_requests.end() || isGone())
            return;
        auto request = take(found->get());
        const Failure refusal = request->refusal;
        if (request->cancelled)
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
        askToEnd();
        endWhat(Ending::Refused);
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
    if (!m_requests.empty())
        post(); // should a handler run an event loop of its own, the others are served in it
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
