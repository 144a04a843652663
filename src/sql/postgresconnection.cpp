// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresconnection.h"

#include "sql/postgresoptions.h"
#include "sql/postgresprobe.h"
#include "sql/postgressessions.h"

#include <QtCore/qrandom.h>
#include <QtSql/qsqldriver.h>
#include <QtSql/qsqlquery.h>

#include <atomic>
#include <utility>

namespace Holdfast {

namespace {

std::atomic<unsigned> s_connections{0};

// SQLSTATE: what this session has prepared another one does not know.
const auto UnknownStatement = QStringLiteral("26000");

QString freshName()
{
    return QStringLiteral("holdfast-postgres-%1").arg(++s_connections);
}

// How often a pooler is asked for a session that it has taken away.
constexpr int MostTurns = 50;

// Does nothing in any other session, where it would be left behind.
QString inSession(const QString &session, const QString &expression)
{
    return QStringLiteral("CASE WHEN pg_backend_pid() = %1 THEN %2 END").arg(session, expression);
}

// Another client of a pooler must not have prepared the same name for something else.
QString freshStatements()
{
    return QStringLiteral("holdfast_%1").arg(QRandomGenerator::system()->generate64(), 0, 16);
}

} // namespace

PostgresConnection::PostgresConnection(ServerAddress address, SessionPulse &pulse, ForeignSocket &socket,
                                       EndHandler ended)
    : m_address(std::move(address)), m_name(freshName()), m_pulse(pulse), m_socket(socket), m_ended(std::move(ended))
{ }

PostgresConnection::~PostgresConnection()
{
    close();
}

void PostgresConnection::close()
{
    if (!m_database.isValid())
        return;
    m_socket.forget();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Failure PostgresConnection::open()
{
    m_database = m_address.makeConnection(m_name, postgresOptions(m_address));
    m_pulse.asks();
    const bool isOpen = connect();
    m_pulse.hears();
    if (!isOpen)
        m_broken = connectFailure(m_address, m_database.lastError());
    else
        m_broken = settleIn();
    return m_broken;
}

bool PostgresConnection::connect()
{
    const ForeignSocket::Opening untilItIsNoted;
    const bool isOpen = m_database.open();
    if (isOpen)
        m_socket.note(socketOf(*m_database.driver()));
    return isOpen;
}

Failure PostgresConnection::settleIn()
{
    QSqlDriver *driver = m_database.driver();
    const bool listens = driver->subscribeToNotification(channel());
    m_session = askForOne(m_database, QStringLiteral("SELECT pg_backend_pid()"));
    m_statements = freshStatements();
    const Answer settings = ask(settingsExpression(m_address.lossBound));
    if (!settings.isOk())
        return settings.failure;
    if (settings.text.startsWith(u't'))
        return isStandby(m_address);
    if (!listens)
        return statementFailure(m_address, driver->lastError());
    if (isSessionAsAnnounced(*driver, m_session))
        return {}; // nobody is between us and the server, or nobody who knows what is said
    if (!hasTransactions())
        return movesSessions(m_address);
    return findPooler(m_address, m_session, [this] { return ask(QStringLiteral("''")).failure; });
}

// A pooler that moves sessions after each statement refuses them, and ends the connection.
bool PostgresConnection::hasTransactions()
{
    m_pulse.asks();
    const bool isBegun = m_database.isOpen() && m_database.transaction();
    m_pulse.hears();
    return isBegun && m_database.rollback();
}

PostgresConnection::Answer PostgresConnection::ask(const QString &expression)
{
    return run(QStringLiteral("SELECT pg_backend_pid(), ") + inSession(m_session, expression));
}

PostgresConnection::Answer PostgresConnection::ask(const QString &expression, const PostgresKeys &keys)
{
    prepare({expression});
    return run(QStringLiteral("EXECUTE %1 ('%2', '%3', '%4', %5)")
                   .arg(m_prepared.value(expression))
                   .arg(keys.lock)
                   .arg(keys.gate)
                   .arg(keys.bell)
                   .arg(m_session));
}

void PostgresConnection::prepare(const QStringList &expressions)
{
    QString statements;
    for (const QString &expression : expressions) {
        if (!isUsable() || m_prepared.contains(expression))
            continue;
        const QString name = QStringLiteral("%1_%2").arg(m_statements).arg(m_prepared.size());
        m_prepared.insert(expression, name);
        statements += QStringLiteral("PREPARE %1 (bigint, bigint, bigint, int) AS SELECT pg_backend_pid(), %2;")
                          .arg(name, inSession(QStringLiteral("$4"), expression));
    }
    if (!statements.isEmpty())
        change(statements);
}

PostgresConnection::Answer PostgresConnection::run(const QString &statement)
{
    if (!isUsable())
        return breakOff(whyUnusable());
    QSqlQuery query(m_database);
    m_pulse.asks();
    const bool isDone = query.exec(statement) && query.next();
    PostgresSessions::instance().stayIfTheProcessEnds();
    if (!m_database.isOpen())
        return breakOff(sessionEnded(m_address, query.lastError().databaseText()));
    m_pulse.hears();
    const QString state = query.lastError().nativeErrorCode();
    const bool isMoved = isDone ? query.value(0).toString() != m_session : state == UnknownStatement;
    if (isMoved) {
        giveBackInOurs();
        return breakOff(movesSessions(m_address));
    }
    if (!isDone)
        return {{}, statementFailure(m_address, query.lastError())};
    return {query.value(1).toString(), {}};
}

// Told at once, and not when the job is done that has found it out: by then whoever has asked for the job has its answer, and
// wants to know whether it is one about the session.
PostgresConnection::Answer PostgresConnection::breakOff(Failure why)
{
    m_broken = std::move(why);
    m_ended(m_broken);
    return {{}, m_broken};
}

// Our session has gone back to the pooler, with what we have locked in it, and would keep it for as long as the pooler keeps the
// session. It comes round again, if nobody has it; else it is ended, but not under somebody who works with it.
void PostgresConnection::giveBackInOurs()
{
    if (m_prepared.isEmpty())
        return; // nothing has been locked yet
    const QString ask = QStringLiteral("SELECT pg_backend_pid(), ")
                        + inSession(m_session, QStringLiteral("pg_advisory_unlock_all()::text"));
    for (int i = 0; i < MostTurns; ++i) {
        if (askForOne(m_database, ask) == m_session)
            return;
    }
    change(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                          " WHERE pid = %1 AND state = 'idle' AND usename = current_user")
               .arg(m_session));
}

void PostgresConnection::change(const QString &statements)
{
    QSqlQuery query(m_database);
    m_pulse.asks();
    query.exec(statements);
    PostgresSessions::instance().stayIfTheProcessEnds();
    if (m_database.isOpen())
        m_pulse.hears();
}

void PostgresConnection::giveUp(const QString &why)
{
    if (!m_broken.isSet())
        breakOff(sessionEnded(m_address, why));
}

bool PostgresConnection::isUsable() const
{
    return !m_broken.isSet() && m_database.isOpen();
}

Failure PostgresConnection::whyUnusable() const
{
    return m_broken.isSet() ? m_broken : sessionEnded(m_address, {});
}

void PostgresConnection::listen(QObject *context, std::function<void(const QString &)> heard)
{
    QSqlDriver *driver = m_database.driver();
    QObject::connect(
        driver, &QSqlDriver::notification, context,
        [heard = std::move(heard)](const QString &, QSqlDriver::NotificationSource source, const QVariant &payload) {
            if (source != QSqlDriver::SelfSource)
                heard(payload.toString());
        });
}

} // namespace Holdfast
