// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/bell.h"
#include "engine/foreignsocket.h"
#include "sql/postgreslocks.h"
#include "sql/sessionpulse.h"

#include <QtCore/qglobal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

QT_FORWARD_DECLARE_CLASS(QAbstractEventDispatcher)

namespace Holdfast {

/**
 * The session that all locks of this process share on one server: a connection in a thread of its own, which does its jobs in
 * order, hears of releases, and notices the end. Any thread; nothing here but the jobs waits for the server.
 *
 * It begins with the first lock that needs it and ends a few seconds after the last one has gone. Once lost it stays lost; whoever
 * wants a lock then takes the next one.
 */
class PostgresSession : public std::enable_shared_from_this<PostgresSession>
{
public:
    /** The one in use for @p address, or a new one. Null: no thread is to be had. */
    static std::shared_ptr<PostgresSession> at(const ServerAddress &address);

    explicit PostgresSession(ServerAddress address);

    const ServerAddress &address() const { return m_address; }
    std::uint64_t number() const { return m_number; } ///< another one for each session of this process

    struct Desk ///< what a job has to do with
    {
        PostgresConnection &connection;
        PostgresLocks &locks;
    };
    using Job = std::function<void(const Desk &)>;
    bool post(Job job); ///< false: the session's thread has ended

    bool isLost() const { return m_isLost; }
    bool hasBeenOpen() const { return m_hasBeenOpen; } ///< so what is lost has ended, and not failed to begin
    Failure loss() const;
    const SessionPulse &pulse() const { return m_pulse; }

    std::shared_ptr<Bell> bellFor(qint64 key);

    // For the session's thread.
    SessionPulse &pulse() { return m_pulse; }
    ForeignSocket &socket() { return m_socket; }
    void enter(QAbstractEventDispatcher *dispatcher);
    std::deque<Job> takeJobs();
    bool mayRest();                                    ///< false: there is something to do already, or there soon was
    void waitForJobs(std::chrono::milliseconds limit); ///< without an event loop
    bool leave();                                      ///< false: there are jobs
    void end();                                        ///< nothing of it is used any more
    void noteOpen() { m_hasBeenOpen = true; }
    void lose(const Failure &why);
    void ring(std::optional<qint64> key = std::nullopt); ///< nothing: all

    void askToEnd();                                  ///< for good, whoever uses it
    bool waitForEnd(std::chrono::milliseconds limit); ///< of its thread
    bool isAskedToEnd() const { return m_isAskedToEnd; }

private:
    bool start();
    void call();

    const ServerAddress m_address;
    const std::uint64_t m_number;
    SessionPulse m_pulse;
    ForeignSocket m_socket;
    std::atomic<bool> m_isLost{false};
    std::atomic<bool> m_hasBeenOpen{false};
    std::atomic<bool> m_isAskedToEnd{false};
    std::atomic<bool> m_hasJobs{false}; // for a look without the mutex
    mutable std::mutex m_mutex;
    std::condition_variable m_called;
    std::condition_variable m_ended;
    QAbstractEventDispatcher *m_dispatcher = nullptr; // of the session's thread
    bool m_isAtRest = false;                          // and has to be called when there is a job
    bool m_hasWorked = false;                         // of the session's thread: there were jobs the last time
    bool m_hasEnded = false;
    bool m_isOver = false;
    std::deque<Job> m_jobs;
    std::map<qint64, std::weak_ptr<Bell>> m_bells;
    Failure m_loss;
};

} // namespace Holdfast
