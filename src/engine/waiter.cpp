// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/waiter.h"

#include "engine/agent.h"
#include "engine/lockcore.h"
#include "engine/mailbox.h"
#include "engine/steward.h"

#include <QtCore/qthreadpool.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

Waiter::Waiter(std::shared_ptr<Hold> hold, Agent &agent)
    : m_hold(std::move(hold)), m_agent(&agent), m_mailbox(agent.mailbox())
{ }

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
    if (m_unheardSince.load() == Heard) {
        m_unheardSince = clock().monotonic();
        Steward::instance().noticeWait();
    }
    post();
}

void Waiter::wake()
{
    m_burst = BurstLength;
    m_holderMayHaveChanged = true;
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
    m_unheardSince = Heard;
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
    const LockMode mode = m_requests.front()->mode;
    if (std::optional<Attempt> answer = m_hold->deepen(mode))
        return answer;
    if (m_poolAnswer)
        return std::exchange(m_poolAnswer, std::nullopt);
    if (QThreadPool *pool = m_hold->poolForAttempts()) {
        if (m_requests.front()->isDone() && !m_onPool)
            return Attempt::busy();
        startOnPool(pool, mode);
        return std::nullopt;
    }
    return m_hold->tryUnlessInUse(mode);
}

void Waiter::startOnPool(QThreadPool *pool, LockMode mode)
{
    if (m_onPool)
        return;
    const Start start =
        m_hold->lookOnPool(pool, mode, [mailbox = m_mailbox, weak = weak_from_this()](const Attempt &answer) {
            mailbox->post([weak, answer] {
                if (const auto self = weak.lock())
                    self->takePoolAnswer(answer);
            });
        });
    m_onPool = start == Start::Begun;
    if (start == Start::Held)
        post();
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
    // Events tell of a replacement, but for that of a directory above; so now and then the poll makes sure.
    constexpr int briefLooks = 19;
    const bool brief = m_subscription.isActive() && m_burst == 0 && m_briefLooks < briefLooks;
    m_briefLooks = brief ? m_briefLooks + 1 : 0;
    if (m_hold->poolForAttempts()) {
        if (m_burst > 0)
            --m_burst;
        return post();
    }
    if (m_hold->look(brief ? Look::Brief : Look::Thorough, m_requests.front()->mode))
        return post();
    const auto self = shared_from_this(); // the check may do anything
    if (askToEnd())
        return post();
    if (m_burst > 0)
        --m_burst;
    if (isGone())
        return;
    lookUpHolder();
    arm();
}

void Waiter::handleBusy()
{
    m_requests.front()->wasRefused = true;
    askToEnd();
    endWhat(Ending::Refused);
    if (isGone() || m_requests.empty())
        return retire();
    lookUpHolder();
    const bool someoneWaits =
        std::any_of(m_requests.begin(), m_requests.end(), [](const auto &request) { return !request->once; });
    if (someoneWaits)
        arm();
}

} // namespace Holdfast
