// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/clock.h"

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <chrono>
#include <map>
#include <memory>
#include <thread>
#include <unordered_map>
#include <utility>

QT_FORWARD_DECLARE_CLASS(QSocketNotifier)

namespace Holdfast {

class Hold;
class Mailbox;
class Waiter;

/**
 * What one thread needs to wait through its event loop, for all its locks together: one timer per poll interval, one
 * for the deadlines, one notifier for wake-ups. Made on first use, gone with the thread.
 */
class Agent final : public QObject
{
    Q_OBJECT

public:
    ~Agent() override;

    /** This thread's agent; null when the thread can have none any more (it, or the application, is ending). */
    static Agent *current();

    /** Whether this thread runs an event loop, or may still begin to. */
    static bool hasEventLoop();

    /** Whether this is a thread of a QThreadPool in which no event loop runs. */
    static bool isLooplessPoolThread();

    const std::shared_ptr<Mailbox> &mailbox() const { return m_mailbox; }

    /** This thread's waiter for @p hold, made when missing; existing until forgotten. */
    std::shared_ptr<Waiter> waiterFor(const std::shared_ptr<Hold> &hold);
    std::shared_ptr<Waiter> existingWaiter(const Hold *hold) const;
    void forget(const Hold *hold);

    /** Has @p waiter look every @p interval. */
    void poll(const std::shared_ptr<Waiter> &waiter, std::chrono::milliseconds interval);
    void stopPolling(const Waiter *waiter, std::chrono::milliseconds interval);

    /** Wakes @p waiter at @p deadline, and no longer at the one @p before. */
    void setDeadline(const std::shared_ptr<Waiter> &waiter, Deadline deadline, Deadline before);

    /** Listens for wake-ups while somebody is counted. */
    void countListener(int difference);

    bool event(QEvent *event) override;

private:
    struct PollGroup
    {
        QTimer timer;
        std::unordered_map<const Waiter *, std::weak_ptr<Waiter>> waiters;
    };

    Agent();
    void tick(std::chrono::milliseconds interval);
    void startDeadlineTimer();
    void wakeDue();

    const std::shared_ptr<Mailbox> m_mailbox;
    const std::thread::id m_thread;
    std::map<std::chrono::milliseconds, std::unique_ptr<PollGroup>> m_groups;
    std::map<std::pair<std::chrono::nanoseconds, const Waiter *>, std::weak_ptr<Waiter>> m_deadlines;
    QTimer m_deadlineTimer;
    std::unique_ptr<QSocketNotifier> m_notifier;
    int m_listeners = 0;
    std::unordered_map<const Hold *, std::shared_ptr<Waiter>> m_waiters;
};

} // namespace Holdfast
