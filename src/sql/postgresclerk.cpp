// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresclerk.h"

#include "sql/postgressessions.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace Holdfast {

namespace {

using std::chrono::milliseconds;

// How long a session that nobody uses is kept for the next who might.
constexpr std::chrono::seconds LingerTime{5};

// How often it is seen whether the server has closed the connection, while somebody holds or waits; and when nobody does.
constexpr milliseconds BusyLook{100};
constexpr milliseconds IdleLook{1000};

// Only what has been loaded when this is registered ends after the threads, and connecting loads the last of it: TLS.
void endSessionsWithTheProcess()
{
    [[maybe_unused]] static const int registered = std::atexit([] { PostgresSessions::instance().endAll(); });
}

} // namespace

milliseconds pingInterval(milliseconds lossBound)
{
    return std::min<milliseconds>(lossBound / 10, milliseconds(1000));
}

milliseconds lookInterval(milliseconds lossBound)
{
    return pingInterval(lossBound) / 2;
}

void workFor(const std::shared_ptr<PostgresSession> &session)
{
    {
        const QEventLoop makesTheDispatcher; // first: timers and notifiers need it
        PostgresClerk(session).run();
    }
    session->end();
}

PostgresClerk::PostgresClerk(const std::shared_ptr<PostgresSession> &session)
    : m_session(session),
      m_connection(m_session->address(), m_session->pulse(), m_session->socket(),
                   [this](const Failure &why) { tellOfEnd(why); }),
      m_locks(m_connection),
      m_lastJob(SessionPulse::Clock::now())
{ }

PostgresClerk::~PostgresClerk() = default;

void PostgresClerk::run()
{
    begin();
    QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    m_session->enter(dispatcher);
    while (!m_hasLeft)
        turn(*dispatcher);
}

// Not the event loop's own exec(): between two applications of one process Qt delivers no event, and jobs are done all the same.
void PostgresClerk::turn(QAbstractEventDispatcher &dispatcher)
{
    if (QCoreApplication::instance()) {
        const auto waiting = m_session->mayRest() ? QEventLoop::WaitForMoreEvents : QEventLoop::AllEvents;
        dispatcher.processEvents(QEventLoop::AllEvents | waiting);
    } else {
        m_session->waitForJobs(BusyLook);
        look();
    }
    work();
}

void PostgresClerk::begin()
{
    const Failure failure = m_connection.open();
    endSessionsWithTheProcess();
    if (failure.isSet()) {
        m_session->lose(failure);
        m_connection.close();
    } else {
        m_session->noteOpen();
        m_locks.prepare();
        m_connection.listen(this, [this](const QString &said) {
            bool isNumber = false;
            const qint64 key = said.toLongLong(&isNumber);
            if (isNumber)
                m_session->ring(key);
        });
    }
    connect(&m_timer, &QTimer::timeout, this, [this] { look(); });
    m_timer.start(IdleLook);
}

void PostgresClerk::work()
{
    watchForEnd(); // before anybody gets an answer that rests on it
    const auto jobs = m_session->takeJobs();
    for (const PostgresSession::Job &job : jobs)
        job({m_connection, m_locks});
    if (!jobs.empty())
        m_lastJob = SessionPulse::Clock::now();
    watchForEnd();
    const milliseconds interval =
        m_locks.isInUse() ? std::min(lookInterval(m_session->address().lossBound), BusyLook) : IdleLook;
    if (m_timer.intervalAsDuration() != interval)
        m_timer.start(interval);
    if (m_session->isAskedToEnd())
        leave();
}

void PostgresClerk::look()
{
    watchForEnd();
    if (m_session->isLost())
        return leave(); // whoever comes gets the answer without us
    const auto now = SessionPulse::Clock::now();
    if (!m_locks.isInUse())
        return endIfUnused();
    const milliseconds interval = lookInterval(m_session->address().lossBound);
    if (now - m_lastQuestion + std::min(interval, BusyLook) / 2 < interval) // the timer's tick nearest to it
        return;
    m_lastQuestion = now;
    for (const qint64 key : m_locks.findFree())
        m_session->ring(key);
    m_locks.tidyUp();
    const auto age = m_session->pulse().age();
    if (!age || *age >= SessionPulse::Clock::now() - now) // nothing was asked
        static_cast<void>(m_connection.ask(QStringLiteral("''")));
    watchForEnd();
}

void PostgresClerk::watchForEnd()
{
    PostgresSessions::instance().stayIfTheProcessEnds();
    if (m_connection.isUsable() || m_hasLeft)
        return;
    tellOfEnd(m_connection.whyUnusable());
    m_connection.close(); // whatever it still has at the server
}

// When we leave, nobody is to go on in another session.
void PostgresClerk::tellOfEnd(const Failure &why)
{
    if (!m_hasLeft)
        m_session->lose(why);
}

void PostgresClerk::endIfUnused()
{
    m_locks.tidyUp();
    const bool lingers = SessionPulse::Clock::now() - m_lastJob < LingerTime;
    if (!lingers && PostgresSessions::instance().forgetUnused(m_session))
        leave();
}

// Whoever waits for our end waits for the end of the connection.
void PostgresClerk::leave()
{
    m_hasLeft = true;
    m_connection.giveUp(QStringLiteral("the program ends"));
    m_connection.close();
    while (!m_session->leave()) {
        for (const PostgresSession::Job &job : m_session->takeJobs())
            job({m_connection, m_locks});
    }
}

} // namespace Holdfast
