// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/sqliteconnection.h"

#include <QtSql/qsqlerror.h>

#include <atomic>
#include <utility>

namespace Holdfast {

namespace {

std::atomic<unsigned> s_connections{0};

// Primary result codes, https://www.sqlite.org/rescode.html; the driver gives the extended ones, of which they are the low byte.
enum Code : int { Perm = 3, Busy = 5, Locked = 6, NoMem = 7, ReadOnly = 8, Full = 13, NotADb = 26 };

int codeOf(const QSqlError &error)
{
    return error.nativeErrorCode().toInt() & 0xff;
}

LockError toLockError(int code)
{
    switch (code) {
    case Perm:
        return LockError::PermissionDenied;
    case ReadOnly:
        return LockError::ReadOnlyLocation;
    case NoMem:
        return LockError::OutOfResources;
    case Full:
        return LockError::NoSpace;
    case NotADb:
        return LockError::NotALockFile;
    default:
        return LockError::System;
    }
}

} // namespace

SqliteConnection::SqliteConnection() : m_name(QStringLiteral("holdfast-sqlite-%1").arg(++s_connections)) { }

SqliteConnection::~SqliteConnection()
{
    close();
}

std::optional<Failure> SqliteConnection::open(const QString &path)
{
    m_path = path;
    const QString driver = QStringLiteral("QSQLITE");
    if (!QSqlDatabase::isDriverAvailable(driver))
        return Failure{LockError::Unsupported,
                       QStringLiteral("Cannot lock \"%1\": Qt's SQLite driver is not there. Install it (on Debian the "
                                      "package libqt6sql6-sqlite), and make a QCoreApplication, which finds it.")
                           .arg(path)};
    m_database = QSqlDatabase::addDatabase(driver, m_name);
    m_database.setDatabaseName(path);
    m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=0")); // only the engine waits
    if (m_database.open())
        return std::nullopt;
    Failure why = fail(m_database.lastError(), "open").failure;
    close();
    return why;
}

// Or SQLite would write a journal file beside it for each writer: it wants to make the first page. To say so needs the lock
// of a reader, for a moment.
Attempt SqliteConnection::prepare()
{
    if (m_isPrepared)
        return Attempt::acquired();
    Attempt answer = run(m_journalInMemory);
    m_isPrepared = answer.answer == Attempt::Acquired;
    return answer;
}

// A transaction that has only begun locks nothing; reading the schema does, as in Python's filelock.
Attempt SqliteConnection::beginRead()
{
    if (Attempt prepared = prepare(); prepared.answer != Attempt::Acquired)
        return prepared;
    if (Attempt begun = run(m_begin); begun.answer != Attempt::Acquired)
        return begun;
    m_isInTransaction = true;
    Attempt read = run(m_read);
    if (read.answer != Attempt::Acquired && end())
        close();
    return read;
}

Attempt SqliteConnection::beginWrite()
{
    if (Attempt prepared = prepare(); prepared.answer != Attempt::Acquired)
        return prepared;
    Attempt begun = run(m_beginExclusive);
    m_isInTransaction = begun.answer == Attempt::Acquired;
    return begun;
}

std::optional<Failure> SqliteConnection::end()
{
    if (!m_isInTransaction)
        return std::nullopt;
    Attempt ended = run(m_rollback);
    if (ended.answer != Attempt::Acquired)
        return std::move(ended.failure);
    m_isInTransaction = false;
    return std::nullopt;
}

void SqliteConnection::close()
{
    for (Statement *statement : {&m_journalInMemory, &m_begin, &m_read, &m_beginExclusive, &m_rollback})
        statement->query.reset();
    if (m_database.isValid()) {
        m_database.close();
        m_database = QSqlDatabase();
        QSqlDatabase::removeDatabase(m_name);
    }
    m_isPrepared = false;
    m_isInTransaction = false;
}

Attempt SqliteConnection::run(Statement &statement)
{
    if (!statement.query) {
        statement.query.emplace(m_database);
        if (!statement.query->prepare(QString::fromLatin1(statement.text)))
            return fail(std::exchange(statement.query, std::nullopt)->lastError(), statement.text);
    }
    if (!statement.query->exec())
        return fail(statement.query->lastError(), statement.text);
    statement.query->finish();
    return Attempt::acquired();
}

Attempt SqliteConnection::fail(const QSqlError &error, const char *doing) const
{
    const int code = codeOf(error);
    if (code == Busy || code == Locked)
        return Attempt::busy();
    return Attempt::failed({toLockError(code), QStringLiteral("Cannot lock \"%1\": SQLite says \"%2\" (%3, code %4).")
                                                   .arg(m_path, error.databaseText(), QString::fromLatin1(doing),
                                                        error.nativeErrorCode())});
}

} // namespace Holdfast
