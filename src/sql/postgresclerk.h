// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "sql/postgressession.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <memory>

namespace Holdfast {

/** Does a session's work, in the session's thread: jobs, what the server says by itself, a look now and then. */
class PostgresClerk final : public QObject
{
public:
    PostgresClerk(std::shared_ptr<PostgresSession> session, QEventLoop &loop);
    ~PostgresClerk() override;

    void begin();

protected:
    bool event(QEvent *event) override;

private:
    void work();
    void look();
    void watchForEnd();
    void endIfUnused();
    void leave();

    const std::shared_ptr<PostgresSession> m_session;
    QEventLoop &m_loop;
    PostgresConnection m_connection;
    PostgresLocks m_locks;
    QTimer m_timer;
    SessionPulse::Clock::time_point m_lastJob;
    SessionPulse::Clock::time_point m_lastQuestion;
};

/** The life of @p session's thread, which keeps no more than this one reference to it. */
void workFor(std::shared_ptr<PostgresSession> session);

/** How often a session that somebody holds or waits through is asked for a sign of life, and how often it is looked at. */
std::chrono::milliseconds pingInterval(std::chrono::milliseconds lossBound);

} // namespace Holdfast
