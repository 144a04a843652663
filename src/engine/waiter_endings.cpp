// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// How acquisitions end, and what is said meanwhile. All of it is foreign code's turn: a handler may do anything.

#include "engine/waiter.h"

#include "engine/errands.h"
#include "engine/lockcore.h"
#include "engine/logging.h"
#include "engine/mailbox.h"

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

// A lease's holder looks another at each heartbeat.
bool isSameHold(const LockHolder &one, const LockHolder &other)
{
    return one.token.isEmpty() ? one == other : one.token == other.token;
}

Failure threadHasEnded(const QString &name)
{
    return {
        LockError::NoEventLoop,
        QStringLiteral("Cannot acquire \"%1\" any more: the thread that called acquire() has ended while it waited, so "
                       "no event loop is left to bring the answer. Keep its event loop running until then, or use "
                       "tryAcquireFor().")
            .arg(name)};
}

} // namespace

// Asks every cancelCheck. Each of them is foreign code that may end, add or destroy requests: so by number, and kept alive.
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
        const auto check = (*next)->cancelCheck;
        Failure failure;
        const bool cancelled = callCheck(*check, m_hold->name(), &failure);
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
        return overdue || (request.once && !waitsToBeTold(request));
    }
    return false;
}

// One attempt is all there is, but whoever listens hears first who was in the way.
bool Waiter::waitsToBeTold(const Request &request) const
{
    const Observer *face = m_hold->core()->observer();
    return !request.toldContended && face && face->wantsContended();
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

// For each request once; and again when an event, or where there are none the time, gives reason to believe that it is another
// one by now. Handovers can come by the thousand, but nobody reads names that fast.
bool Waiter::isHolderToBeLookedUp() const
{
    constexpr std::chrono::seconds seldom{1};
    if (std::any_of(m_requests.begin(), m_requests.end(), [](const auto &request) { return !request->toldContended; }))
        return true;
    const bool hasReason = m_holderMayHaveChanged || !m_subscription.isActive();
    return hasReason && clock().monotonic() - m_lookedUpAt >= seldom;
}

// Looking the holder up can take the kernel 15 ms (the lock table waits for all processors), so it is done elsewhere;
// and not on a pool of the program, whose threads may be waiting for this very lock.
void Waiter::lookUpHolder()
{
    if (m_lookingUp || !isHolderToBeLookedUp() || !m_hold->core()->observer()->wantsContended())
        return;
    m_lookingUp = true;
    m_holderMayHaveChanged = false;
    m_lookedUpAt = clock().monotonic();
    const auto lookUp = [weak = weak_from_this(), mailbox = m_mailbox, core = m_hold->core()] {
        const MadeBackend own = core->makeBackend(); // the other is in use
        const LockHolder holder = own.backend ? own.backend->holder() : LockHolder();
        mailbox->post([weak, holder] {
            if (const auto self = weak.lock())
                self->tellContended(holder);
        });
    };
    Errands::instance().post(m_hold->contested().device, lookUp, Errands::Purpose::LookUp);
}

void Waiter::tellContended(const LockHolder &holder)
{
    const auto self = shared_from_this();
    m_lookingUp = false;
    const bool isNobody = !holder.isValid(); // between two who have it
    if (isNobody)
        m_holderMayHaveChanged = true;
    const bool isNews = !isNobody && !isSameHold(std::exchange(m_toldHolder, holder), holder);
    const std::uint64_t last = m_lastId;
    for (std::size_t i = 0; i < m_requests.size() && !isGone(); ++i) {
        if (m_requests[i]->id > last || (std::exchange(m_requests[i]->toldContended, true) && !isNews))
            continue;
        const std::uint64_t id = m_requests[i]->id;
        m_hold->core()->observer()->contended(holder);
        if (!isGone() && i < m_requests.size() && m_requests[i]->id == id && m_requests[i]->once)
            end(take(m_requests[i--].get()), Outcome::TimedOut);
    }
    if (isGone() || m_requests.empty())
        retire();
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

// No event is left to bring the endings, so they come here and now; every acquire() has returned by then.
void Waiter::endWithThread()
{
    const auto self = shared_from_this(); // a handler may destroy the lock
    m_agent = nullptr;
    m_turn = m_lastId;
    const LockCore::Visit visit(*m_hold->core());
    while (!m_requests.empty() && m_hold->core()->observer()) {
        const bool mustAnyway = mustEnd(*m_requests.front(), Ending::OnRequest);
        auto request = take(m_requests.front().get());
        if (request->cancelled) {
            end(std::move(request), Outcome::Cancelled);
            continue;
        }
        Failure why = mustAnyway ? request->refusal : threadHasEnded(m_hold->core()->name());
        if (!mustAnyway)
            qCWarning(lcHoldfast).noquote() << why.text;
        end(std::move(request), Outcome::Failed, std::move(why));
    }
    retire();
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
