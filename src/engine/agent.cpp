// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/agent.h"

#include "engine/fork.h"
#include "engine/hold.h"
#include "engine/mailbox.h"
#include "engine/registry.h"
#include "engine/waiter.h"
#include "engine/wakehub.h"
#include "os/process.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtCore/qthreadstorage.h>

#include <utility>
#include <vector>

namespace Holdfast {

namespace {

/** Owns a thread's agent; Qt deletes it with the thread (the main thread's: with the application object). */
struct AgentSlot
{
    std::unique_ptr<Agent> agent;
    unsigned generation = forkGeneration();
};

QThreadStorage<AgentSlot *> &agentSlots()
{
    static QThreadStorage<AgentSlot *> storage;
    return storage;
}

thread_local bool t_ended = false;

/** Lets the agent go while the thread can still use thread-local objects (a message handler may); Qt does so only
    after them, except for a QThread, which is earlier than both. */
struct ThreadEnd
{
    ~ThreadEnd()
    {
        if (agentSlots().hasLocalData())
            agentSlots().setLocalData(nullptr);
        t_ended = true;
    }
    void touch() const { }
};

thread_local const ThreadEnd t_end;

} // namespace

Agent *Agent::current()
{
    if (t_ended)
        return nullptr;
    AgentSlot *slot = agentSlots().localData();
    if (slot && slot->generation == forkGeneration()) [[likely]]
        return slot->agent.get();
    if (slot) // the parent's: it listens to descriptors that this process has let go of
        static_cast<void>(slot->agent.release());
    t_end.touch();
    slot = new AgentSlot;
    agentSlots().setLocalData(slot);
    slot->agent.reset(new Agent);
    return slot->agent.get();
}

bool Agent::hasEventLoop()
{
    return QAbstractEventDispatcher::instance() && !isLooplessPoolThread();
}

// Such a thread has a dispatcher, as every QThread does, but runs one task after another instead of events. The pool itself
// cannot be asked, for it may be any pool; its threads are of a class of Qt's own that has no header.
bool Agent::isLooplessPoolThread()
{
    const QThread *thread = QThread::currentThread();
    return thread->loopLevel() == 0 && qstrcmp(thread->metaObject()->className(), "QThreadPoolThread") == 0;
}

Agent::Agent() : m_mailbox(std::make_shared<Mailbox>(this)), m_thread(std::this_thread::get_id())
{
    m_deadlineTimer.setSingleShot(true);
    m_deadlineTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_deadlineTimer, &QTimer::timeout, this, &Agent::wakeDue);
}

Agent::~Agent()
{
    m_mailbox->close();
    // The main thread's agent goes with the application object, while the thread goes on, keeps its locks and may even make
    // another application.
    const bool threadEnds = !os::isMainThread();
    t_ended = threadEnds; // a handler that acquires once more must not make another agent
    for (const auto &[hold, waiter] : std::exchange(m_waiters, {}))
        threadEnds ? waiter->endWithThread() : waiter->quit();
    if (threadEnds)
        Registry::instance().threadEnded(m_thread);
}

std::shared_ptr<Waiter> Agent::waiterFor(const std::shared_ptr<Hold> &hold)
{
    std::shared_ptr<Waiter> &waiter = m_waiters[hold.get()];
    if (!waiter) {
        waiter = std::make_shared<Waiter>(hold, *this);
        hold->addWaiter(waiter);
    }
    return waiter;
}

std::shared_ptr<Waiter> Agent::existingWaiter(const Hold *hold) const
{
    const auto found = m_waiters.find(hold);
    return found == m_waiters.end() ? nullptr : found->second;
}

void Agent::forget(const Hold *hold)
{
    m_waiters.erase(hold);
}

void Agent::poll(const std::shared_ptr<Waiter> &waiter, std::chrono::milliseconds interval)
{
    std::unique_ptr<PollGroup> &group = m_groups[interval];
    if (!group) {
        group = std::make_unique<PollGroup>();
        connect(&group->timer, &QTimer::timeout, this, [this, interval] { tick(interval); });
    }
    group->waiters.emplace(waiter.get(), waiter);
    if (!group->timer.isActive())
        group->timer.start(interval);
}

void Agent::stopPolling(const Waiter *waiter, std::chrono::milliseconds interval)
{
    const auto group = m_groups.find(interval);
    if (group == m_groups.end())
        return;
    group->second->waiters.erase(waiter);
    if (group->second->waiters.empty())
        group->second->timer.stop();
}

void Agent::tick(std::chrono::milliseconds interval)
{
    // A copy: looking may end waits, and a cancelCheck may do anything.
    std::vector<std::weak_ptr<Waiter>> waiters;
    for (const auto &[raw, waiter] : m_groups.at(interval)->waiters)
        waiters.push_back(waiter);
    for (const auto &waiter : waiters) {
        if (const auto alive = waiter.lock())
            alive->look();
    }
}

void Agent::setDeadline(const std::shared_ptr<Waiter> &waiter, Deadline deadline, Deadline before)
{
    m_deadlines.erase({before.moment(), waiter.get()});
    if (!deadline.isForever())
        m_deadlines.emplace(std::pair(deadline.moment(), waiter.get()), waiter);
    startDeadlineTimer();
}

void Agent::startDeadlineTimer()
{
    if (m_deadlines.empty())
        return m_deadlineTimer.stop();
    constexpr std::chrono::hours longest{1}; // then look again: a QTimer holds 24 days at most
    const auto left = Deadline::at(m_deadlines.begin()->first.first).clamp(longest);
    m_deadlineTimer.start(std::chrono::ceil<std::chrono::milliseconds>(left));
}

void Agent::wakeDue()
{
    while (!m_deadlines.empty() && Deadline::at(m_deadlines.begin()->first.first).hasPassed()) {
        if (const auto alive = m_deadlines.begin()->second.lock())
            alive->wake();
        m_deadlines.erase(m_deadlines.begin());
    }
    startDeadlineTimer();
}

void Agent::countListener(int difference)
{
    m_listeners += difference;
    if (!m_notifier && WakeHub::instance().descriptor() >= 0) {
        m_notifier = std::make_unique<QSocketNotifier>(WakeHub::instance().descriptor(), QSocketNotifier::Read);
        connect(m_notifier.get(), &QSocketNotifier::activated, this, [] { WakeHub::instance().drain(); });
    }
    if (m_notifier)
        m_notifier->setEnabled(m_listeners > 0);
}

bool Agent::event(QEvent *event)
{
    return Mailbox::deliver(event) || QObject::event(event);
}

} // namespace Holdfast
