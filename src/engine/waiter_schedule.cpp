// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// When a waiter looks again: on an event, on the poll, at a deadline.

#include "engine/waiter.h"

#include "engine/agent.h"
#include "engine/lockcore.h"
#include "engine/logging.h"

#include <algorithm>

namespace Holdfast {

void Waiter::arm()
{
    listen();
    if (!m_agent)
        return;
    std::chrono::milliseconds interval = boundedPoll(std::chrono::milliseconds::max());
    for (const auto &request : m_requests)
        interval = std::min(interval, request->pollInterval.value_or(m_hold->core()->options.pollInterval.load()));
    const bool someoneIsAsked = std::any_of(m_requests.begin(), m_requests.end(),
                                            [](const auto &request) { return request->cancelCheck != nullptr; });
    if (m_subscription.isActive() && !someoneIsAsked) // at each look
        interval = ownInterval(interval, m_watched);
    if (m_burst > 0)
        interval = std::min(interval, BurstInterval);
    if (const auto hint = m_hold->retryIn(); hint.count() > 0)
        interval = std::min(interval, hint);
    if (interval != m_pollingEvery) {
        m_agent->stopPolling(this, m_pollingEvery);
        m_agent->poll(shared_from_this(), interval);
        m_pollingEvery = interval;
    }
    armDeadline();
}

void Waiter::armDeadline()
{
    Deadline soonest;
    for (const auto &request : m_requests) {
        if (request->deadline.moment() < soonest.moment())
            soonest = request->deadline;
    }
    if (soonest.moment() != m_armedDeadline.moment()) {
        m_agent->setDeadline(shared_from_this(), soonest, m_armedDeadline);
        m_armedDeadline = soonest;
    }
}

// Listens to the file that is contended for now. It may be another than before, if somebody replaced it.
//
//   P.1 tries: busy
//   Q.1 lets go: the event finds no listener
//   P.2 listens, and would wait for a whole poll
//
// So whoever begins to listen looks once more.
void Waiter::listen()
{
    const Watchable watchable = m_hold->watchable();
    if (m_subscription.isActive() && watchable == m_watched)
        return;
    if (!m_subscription.isActive())
        m_agent->countListener(1);
    m_subscription = WakeHub::instance().subscribe(watchable.descriptor, weak_from_this());
    m_watched = watchable;
    m_agent->countListener(m_subscription.isActive() ? 0 : -1);
    if (m_subscription.isActive())
        post();
}

// Any thread: ours may be the one that is blocked.
bool Waiter::warnIfUnheard(std::chrono::nanoseconds patience)
{
    std::chrono::nanoseconds since = m_unheardSince;
    if (since == Heard)
        return false;
    if (clock().monotonic() - since < patience)
        return true;
    if (!m_unheardSince.compare_exchange_strong(since, Heard)) // once; the next acquire() counts anew
        return false;
    const QString name = m_hold->core()->name();
    if (!name.isEmpty())
        qCWarning(lcHoldfast).noquote()
            << QStringLiteral(
                   "acquire() of \"%1\" has waited %2 s for a turn of the event loop of its thread; while that "
                   "is blocked, it hears of no ending. Use tryAcquireFor() where no event loop runs.")
                   .arg(name, QString::number(std::chrono::duration_cast<std::chrono::seconds>(patience).count()));
    return false;
}

void Waiter::retire()
{
    const auto self = shared_from_this();
    for (const auto &request : m_requests) {
        if (request->promise) // the lock has gone: a future must not wait for ever
            request->promise->future().cancel();
        m_hold->countPending(-1);
    }
    m_requests.clear();
    if (m_subscription.isActive()) {
        m_subscription.reset();
        if (m_agent)
            m_agent->countListener(-1);
    }
    if (Agent *agent = std::exchange(m_agent, nullptr)) {
        agent->stopPolling(this, m_pollingEvery);
        agent->setDeadline(self, Deadline(), m_armedDeadline);
        agent->forget(m_hold.get());
    }
    m_hold->removeWaiter(this);
}

void Waiter::quit()
{
    if (!m_requests.empty())
        qCDebug(lcHoldfast) << "the application is gone;" << m_requests.size() << "acquisition(s) of" << m_hold->name()
                            << "end without a word";
    m_agent = nullptr;
    retire();
}

} // namespace Holdfast
