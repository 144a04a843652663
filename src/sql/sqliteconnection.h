// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/attempt.h"

#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlquery.h>

#include <optional>

QT_FORWARD_DECLARE_CLASS(QSqlError)

namespace Holdfast {

/**
 * One connection to the SQLite file of a lock: transactions that are begun and rolled back, nothing else.
 *
 * Qt wants a connection in one thread. This one is used by one thread at a time, which is what SQLite asks for (multi-thread
 * mode), and by Qt's driver only as a handle: it has no timer and no notifier in it.
 */
class SqliteConnection
{
public:
    SqliteConnection();
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection &) = delete;
    SqliteConnection &operator=(const SqliteConnection &) = delete;

    bool isOpen() const { return m_database.isOpen(); }

    /** Opens the file, which is there; takes no lock. */
    std::optional<Failure> open(const QString &path);

    Attempt beginRead();
    Attempt beginWrite();

    /** Ends the transaction. A failure means that it goes on. */
    std::optional<Failure> end();

    void close(); ///< ends the transaction in any case

private:
    /** Prepared with its first use. */
    struct Statement
    {
        const char *text;
        std::optional<QSqlQuery> query = {};
    };
    Attempt prepare();
    Attempt run(Statement &statement);
    Attempt fail(const QSqlError &error, const char *doing) const;

    const QString m_name;
    QString m_path;
    QSqlDatabase m_database;
    Statement m_journalInMemory{"PRAGMA journal_mode=MEMORY"};
    Statement m_begin{"BEGIN"};
    Statement m_read{"SELECT name FROM sqlite_schema LIMIT 1"};
    Statement m_beginExclusive{"BEGIN EXCLUSIVE"};
    Statement m_rollback{"ROLLBACK"};
    bool m_isPrepared = false;
    bool m_isInTransaction = false;
};

} // namespace Holdfast
