// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresprobe.h"

#include "engine/backgroundwork.h"
#include "sql/postgreserror.h"
#include "sql/postgresoptions.h"
#include "sql/reply.h"

#include <QtCore/qlibrary.h>
#include <QtSql/qsqlquery.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>

namespace Holdfast {

namespace {

// What libpq, which the driver has loaded, knows of the connection, and the driver does not tell. -1: cannot be asked.
int askLibpq(const QSqlDriver &driver, const char *function)
{
    using AboutConnection = int (*)(const void *);
    const auto ask = reinterpret_cast<AboutConnection>(QLibrary(QStringLiteral("pq"), 5).resolve(function));
    const QVariant handle = driver.handle();
    return ask && handle.isValid() ? ask(*static_cast<void *const *>(handle.constData())) : -1;
}

// A pooler in session mode whose sessions are all in use lets the next client wait, and the driver has no limit for that.
constexpr std::chrono::seconds ProbeTime{1};

// Where other clients take sessions and give them back all the time, ours may come round to us by chance.
constexpr int Rounds = 8;

/** A second connection, in a thread of its own, and what that one and ours tell each other. */
struct Probe
{
    struct Round
    {
        Reply<QString> session; ///< of the second one, which is in a transaction
        Reply<bool> goOn;
    };
    std::array<Round, Rounds> rounds;
    Reply<bool> closed;
};

QString freshName()
{
    static std::atomic<unsigned> probes{0};
    return QStringLiteral("holdfast-probe-%1").arg(++probes);
}

void askInAnother(const ServerAddress &address, Probe &probe)
{
    const QString name = freshName();
    {
        QSqlDatabase other = address.makeConnection(name, postgresOptions(address));
        bool goesOn = other.open();
        for (Probe::Round &round : probe.rounds) {
            if (!goesOn)
                break;
            QString session;
            if (other.isOpen() && other.transaction())
                session = askForOne(other, QStringLiteral("SELECT pg_backend_pid()"));
            goesOn = round.session.give(session) && round.goOn.wait(ProbeTime).value_or(false);
            if (other.isOpen())
                other.rollback();
        }
    }
    QSqlDatabase::removeDatabase(name);
    probe.closed.give(true);
}

} // namespace

std::intptr_t socketOf(const QSqlDriver &driver)
{
    return askLibpq(driver, "PQsocket");
}

bool isSessionAsAnnounced(const QSqlDriver &driver, const QString &session)
{
    return QString::number(askLibpq(driver, "PQbackendPID")) == session;
}

QString askForOne(const QSqlDatabase &database, const QString &statement)
{
    QSqlQuery query(database);
    return query.exec(statement) && query.next() ? query.value(0).toString() : QString();
}

// A pooler that moves sessions has given the one that we have just used back, and hands it to whoever asks next; and if he keeps
// it, in a transaction, we get another. Where no second connection is to be had, or not soon, we ask alone, which those who use the
// pooler besides may answer; and every later statement still does its work in the first session only.
Failure findPooler(const ServerAddress &address, const QString &session, const std::function<Failure()> &askAgain)
{
    const auto probe = std::make_shared<Probe>();
    bool isAnswered = startInBackground("holdfast-probe", [address, probe] { askInAnother(address, *probe); });
    const bool isStarted = isAnswered;
    Failure why;
    for (Probe::Round &round : probe->rounds) {
        const QString theirs = isAnswered ? round.session.wait(ProbeTime).value_or(QString()) : QString();
        isAnswered = !theirs.isEmpty();
        why = theirs == session ? movesSessions(address) : askAgain();
        round.goOn.give(isAnswered && !why.isSet());
        if (why.isSet())
            break;
    }
    if (isStarted && isAnswered)
        probe->closed.wait(ProbeTime);
    return why;
}

} // namespace Holdfast
