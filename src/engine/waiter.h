// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include "engine/hold.h"
#include "engine/request.h"
#include "engine/wakeable.h"
#include "engine/wakehub.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>

QT_FORWARD_DECLARE_CLASS(QThreadPool)

namespace Holdfast {

class Agent;

/**
 * One thread's acquisitions of one hold through its event loop: a queue of requests, each with one ending.
 *
 * Everything but wake() and cancel() belongs to that thread. All endings come from process(), which runs in an event of
 * its own, so no ending comes before its acquire() has returned, and a handler that runs a nested event loop or destroys
 * the lock meets a consistent state.
 */
class Waiter final
    : public Wakeable
    , public std::enable_shared_from_this<Waiter>
{
public:
    Waiter(std::shared_ptr<Hold> hold, Agent &agent);
    ~Waiter() override;

    void add(std::unique_ptr<Request> request);
    bool hasRequests() const { return !m_requests.empty(); }

    void wake() override;
    void cancel() override;

    /** Ends one request, as cancelled, if it is still under way. */
    void cancelRequest(const Request *request);

    /** The poll: one attempt without a word; news are left to process(). */
    void look();

    bool warnIfUnheard(std::chrono::nanoseconds patience) override;

    /** The application goes, and the event loop with it: no endings any more. */
    void quit();

    /** The thread ends, and no event comes any more: what is under way ends here and now, as failed. */
    void endWithThread();

private:
    static constexpr std::chrono::nanoseconds Heard{-1};
    void post();
    void process();
    bool isGone() const;
    std::optional<Attempt> nextAnswer();
    void startOnPool(QThreadPool *pool, LockMode mode);
    void takePoolAnswer(Attempt answer);
    void handleUnderWay();
    void handleBusy();
    void lookUpHolder();
    bool isHolderToBeLookedUp() const;
    void tellContended(const LockHolder &holder);
    bool askToEnd();
    enum class Ending { OnRequest, Overdue, Refused };
    void endWhat(Ending ending);
    bool waitsToBeTold(const Request &request) const;
    bool mustEnd(Request &request, Ending ending) const;
    void arm();
    void armDeadline();
    void listen();
    void retire();
    std::unique_ptr<Request> take(const Request *request);
    void end(std::unique_ptr<Request> request, Outcome outcome, Failure failure = {});

    const std::shared_ptr<Hold> m_hold;
    Agent *m_agent; // null once it has gone
    const std::shared_ptr<Mailbox> m_mailbox;
    std::deque<std::unique_ptr<Request>> m_requests;
    std::atomic<std::uint64_t> m_lastId{0};
    std::uint64_t m_turn = 0; // the last request that this turn of the event loop is for
    std::atomic<std::uint64_t> m_cancelledUpTo{0};
    std::atomic<bool> m_posted{false};
    std::atomic<int> m_burst{0};
    std::atomic<std::chrono::nanoseconds> m_unheardSince{Heard}; // waits for a turn of the event loop, monotonic clock
    int m_briefLooks = 0;
    bool m_onPool = false;
    bool m_lookingUp = false;
    std::atomic<bool> m_holderMayHaveChanged{false}; // since it was looked up
    std::chrono::nanoseconds m_lookedUpAt{0};        // monotonic clock
    LockHolder m_toldHolder;
    std::optional<Attempt> m_poolAnswer; // busy or failed; a success is parked in the hold
    WakeHub::Subscription m_subscription;
    Watchable m_watched;
    std::chrono::milliseconds m_pollingEvery{0};
    Deadline m_armedDeadline;
};

} // namespace Holdfast
