// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgreserror.h"

#include <algorithm>
#include <array>

namespace Holdfast {

namespace {

/** What a server (or PgBouncer) says when it refuses a connection. The driver passes on the words and not the code. */
struct Refusal
{
    const char *words;
    LockError error;
};

constexpr std::array Refusals{
    Refusal{"too many clients", LockError::OutOfResources},                 // 53300
    Refusal{"too many connections", LockError::OutOfResources},             // the same, of a role or database
    Refusal{"connection slots are reserved", LockError::OutOfResources},    // the same, the last ones
    Refusal{"no more connections allowed", LockError::OutOfResources},      // PgBouncer
    Refusal{"out of shared memory", LockError::OutOfResources},             // 53200
    Refusal{"authentication failed", LockError::PermissionDenied},          // 28P01, 28000
    Refusal{"no password supplied", LockError::PermissionDenied},           // libpq
    Refusal{"no pg_hba.conf entry", LockError::PermissionDenied},           // 28000
    Refusal{"pg_hba.conf rejects", LockError::PermissionDenied},            // 28000
    Refusal{"not permitted to log in", LockError::PermissionDenied},        // 28000
    Refusal{"permission denied for database", LockError::PermissionDenied}, // 42501
    Refusal{"no such user", LockError::PermissionDenied},                   // PgBouncer
    Refusal{"no such database", LockError::NotFound},                       // PgBouncer
};

LockError refusalIn(const QString &words)
{
    const auto *const found = std::find_if(Refusals.begin(), Refusals.end(), [&words](const Refusal &refusal) {
        return words.contains(QLatin1String(refusal.words), Qt::CaseInsensitive);
    });
    if (found != Refusals.end())
        return found->error;
    if (words.contains(QLatin1String("does not exist")) && words.contains(QLatin1String("role \"")))
        return LockError::PermissionDenied; // 28000
    if (words.contains(QLatin1String("does not exist")) && words.contains(QLatin1String("database \"")))
        return LockError::NotFound; // 3D000
    return LockError::ConnectionFailed;
}

const char *adviceFor(LockError error)
{
    switch (error) {
    case LockError::OutOfResources:
        return "Wait until others have left, or raise max_connections.";
    case LockError::PermissionDenied:
        return "Check user, password and pg_hba.conf.";
    case LockError::NotFound:
        return "Check the name of the database, or create it.";
    default:
        return "Check that the server runs and can be reached.";
    }
}

// Classes of SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html
LockError toLockError(const QString &state)
{
    if (state.startsWith(QLatin1String("53"))
        || state == QLatin1String("55P03")) // lock_timeout: somebody else has it, for now
        return LockError::OutOfResources;
    if (state == QLatin1String("42501"))
        return LockError::PermissionDenied;
    if (state.startsWith(QLatin1String("08")) || state.startsWith(QLatin1String("57P")))
        return LockError::ConnectionFailed;
    return LockError::System;
}

// What libpq says of a conninfo string that it cannot read (fe-connect.c, conninfo_parse). It repeats a piece of it, and a password
// without its quotes falls into such pieces.
constexpr std::array AboutOptions{"in connection info string", "invalid connection option", "in connection string"};
constexpr auto Unreadable =
    "its connectOptions cannot be read (which are not repeated here, for a password may be among "
    "them; quote values with blanks: name='a value')";

bool isAboutOptions(const QString &words)
{
    return std::any_of(AboutOptions.begin(), AboutOptions.end(),
                       [&words](const char *sign) { return words.contains(QLatin1String(sign)); });
}

// Somebody else's sentences, without the full stop at their end.
QString said(const ServerAddress &address, const QString &words)
{
    QString all = address.withoutSecrets(words).simplified();
    while (all.endsWith(u'.'))
        all.chop(1);
    return all;
}

// libpq may end with a question.
QString ended(const QString &sentence)
{
    return sentence.endsWith(u'?') || sentence.endsWith(u'!') ? sentence : sentence + u'.';
}

} // namespace

Failure wrongDriver(const ServerAddress &address, const QString &name)
{
    QString advice = QStringLiteral("only QPSQL, for PostgreSQL, is");
    if (address.driver == QLatin1String("QSQLITE"))
        advice = QStringLiteral("for a lock on a SQLite file give ReadWriteLock its path");
    const QString driver = address.driver.isEmpty() ? QStringLiteral("(none)") : address.driver;
    return {LockError::Unsupported,
            QStringLiteral("Cannot lock \"%1\": connections of the driver %2 are not supported; %3.")
                .arg(name, driver, advice)};
}

Failure driverIsMissing(const QString &name)
{
    return {LockError::Unsupported,
            QStringLiteral("Cannot lock \"%1\": Qt's PostgreSQL driver is not there. Install it (on Debian the package "
                           "libqt6sql6-psql), and make a QCoreApplication, which finds it.")
                .arg(name)};
}

Failure connectFailure(const ServerAddress &address, const QSqlError &error)
{
    const LockError kind = refusalIn(error.databaseText()); // as it was said: a password may be one of the words
    const QString words =
        isAboutOptions(error.databaseText()) ? QString::fromLatin1(Unreadable) : said(address, error.databaseText());
    return {kind, QStringLiteral("Cannot connect to %1: %2 %3")
                      .arg(address.text(), ended(words), QString::fromLatin1(adviceFor(kind)))};
}

Failure statementFailure(const ServerAddress &address, const QSqlError &error)
{
    return {toLockError(error.nativeErrorCode()),
            QStringLiteral("%1 refuses to lock: %2 (SQLSTATE %3).")
                .arg(address.text(), said(address, error.databaseText()), error.nativeErrorCode())};
}

Failure sessionEnded(const ServerAddress &address, const QString &words)
{
    const QString reason = words.isEmpty() ? QStringLiteral("it closed the connection") : said(address, words);
    return {LockError::ConnectionFailed,
            QStringLiteral("The session with %1 has ended: %2 What was locked through it is locked no more; acquire "
                           "it again, which connects again.")
                .arg(address.text(), ended(reason))};
}

Failure noAnswer(const ServerAddress &address)
{
    return {LockError::ConnectionFailed,
            QStringLiteral("%1 has not answered for %2 ms. Check the server and the network.")
                .arg(address.text(), QString::number(address.lossBound.count()))};
}

Failure movesSessions(const ServerAddress &address)
{
    return {LockError::Unsupported,
            QStringLiteral("Cannot lock through %1: a connection pooler (PgBouncer in transaction mode, or one like "
                           "it) gives each statement another session of the server, and session locks would be left "
                           "behind in them. Connect to the server itself, or set the pooler to session mode.")
                .arg(address.text())};
}

Failure isStandby(const ServerAddress &address)
{
    return {LockError::Unsupported,
            QStringLiteral("Cannot lock on %1: this server is a standby, whose locks its primary does not see. Connect "
                           "to the primary.")
                .arg(address.text())};
}

} // namespace Holdfast
