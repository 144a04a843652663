// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/foreignsocket.h"
#include "sql/postgreserror.h"
#include "sql/postgreskeys.h"
#include "sql/serveraddress.h"
#include "sql/sessionpulse.h"

#include <QtCore/qhash.h>
#include <QtCore/qobject.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtSql/qsqldatabase.h>

#include <functional>

namespace Holdfast {

/**
 * One session of a PostgreSQL server, as QtSql gives it. Belongs to one thread, and waits for the server as long as that takes.
 * What it notes for others: pulse() and the socket.
 */
class PostgresConnection
{
public:
    using EndHandler = std::function<void(const Failure &why)>;

    /** @p ended: what to call when it turns out, in the midst of whatever is asked, that this is no session of ours any more. */
    PostgresConnection(ServerAddress address, SessionPulse &pulse, ForeignSocket &socket, EndHandler ended);
    ~PostgresConnection();
    PostgresConnection(const PostgresConnection &) = delete;
    PostgresConnection &operator=(const PostgresConnection &) = delete;

    /** Connects, makes sure that this is a session of our own, and listens; unset: it is. */
    Failure open();

    /** What the server says to SELECT @p expression; after a failure see isUsable(). */
    struct Answer
    {
        QString text = {};
        Failure failure = {};
        bool isOk() const { return !failure.isSet(); }
    };
    Answer ask(const QString &expression);

    /** The same for an expression in which $1, $2, $3 stand for @p keys. The server works it out once for the session, which
        saves half of its time: as many as there are of those are kept. */
    Answer ask(const QString &expression, const PostgresKeys &keys);

    /** Has the server work out such expressions before they are needed. */
    void prepare(const QStringList &expressions);

    /** Statements without an answer, all or nothing; a failure is left to be found out. */
    void change(const QString &statements);

    void close(); ///< gives everything back

    bool isUsable() const; ///< the session is there and ours, as far as is known without asking
    Failure whyUnusable() const;
    void giveUp(const QString &why); ///< is not usable any more

    /** Has @p heard called, in this thread and as long as @p context is there, with what others say on the channel. Also what
        tells isUsable() that the server has closed the connection: the driver reads, says nothing, and knows it from then on. */
    void listen(QObject *context, std::function<void(const QString &)> heard);

    const ServerAddress &address() const { return m_address; }
    SessionPulse &pulse() { return m_pulse; }

    static QString channel() { return QStringLiteral("holdfast"); }

private:
    bool connect();
    Failure settleIn();
    bool hasTransactions();
    Answer run(const QString &statement);
    Answer breakOff(Failure why);
    void giveBackInOurs();

    const ServerAddress m_address;
    const QString m_name;
    SessionPulse &m_pulse;
    ForeignSocket &m_socket;
    const EndHandler m_ended;
    QSqlDatabase m_database;
    QString m_session;                  ///< the server's number of it
    QString m_statements;               ///< how the names of those that it has prepared begin
    QHash<QString, QString> m_prepared; ///< by the expression: what it is called
    Failure m_broken;
};

} // namespace Holdfast
