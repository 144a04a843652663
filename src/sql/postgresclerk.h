// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "sql/postgressession.h"

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <memory>

QT_FORWARD_DECLARE_CLASS(QAbstractEventDispatcher)

namespace Holdfast {

/** Does a session's work, in the session's thread: jobs, what the server says by itself, a look now and then. */
class PostgresClerk final : public QObject
{
public:
    explicit PostgresClerk(const std::shared_ptr<PostgresSession> &session);
    ~PostgresClerk() override;

    void run();

private:
    void begin();
    void turn(QAbstractEventDispatcher &dispatcher);
    void work();
    void look();
    void watchForEnd();
    void tellOfEnd(const Failure &why);
    void endIfUnused();
    void leave();

    const std::shared_ptr<PostgresSession> &m_session; // no other reference: who uses it is counted
    PostgresConnection m_connection;
    PostgresLocks m_locks;
    QTimer m_timer;
    SessionPulse::Clock::time_point m_lastJob;
    SessionPulse::Clock::time_point m_lastQuestion;
    bool m_hasLeft = false;
};

/** The life of @p session's thread, which keeps no more than this one reference to it. */
void workFor(const std::shared_ptr<PostgresSession> &session);

/** How often a session that somebody holds or waits through gives a sign of life. */
std::chrono::milliseconds pingInterval(std::chrono::milliseconds lossBound);

/** How often it looks, for all who wait, whether what they wait for is free. */
std::chrono::milliseconds lookInterval(std::chrono::milliseconds lossBound);

} // namespace Holdfast
