// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qtemporarydir.h>
#include <QtSql/qsqldatabase.h>

#include <memory>
#include <sys/types.h>
#include <vector>

/**
 * A PostgreSQL server of the test's own, on a Unix socket in a temporary directory; as the user postgres when the test runs as
 * root, which the server refuses to be. It ends with the object, and with the test program however that ends.
 */
class PostgresServer
{
public:
    /** Why there can be no server here; empty: there can. */
    static QString whyNot();

    /** Running when this returns; @p settings as for postgres -c. */
    explicit PostgresServer(const QStringList &settings = {});
    ~PostgresServer();
    PostgresServer(const PostgresServer &) = delete;
    PostgresServer &operator=(const PostgresServer &) = delete;

    /** A closed connection for locks: only its settings count. */
    QSqlDatabase describe(const QString &user = QStringLiteral("postgres"), const QString &password = {},
                          const QString &database = QStringLiteral("postgres")) const;

    /** As HOLDFAST_POSTGRES wants it. */
    QString url() const;

    QString directory() const { return m_directory.path(); } ///< of the socket; for PgBouncer, too
    int port() const { return Port; }

    /** The first value that @p statement gives, in a session of its own; empty when there is none. Waits for the server. */
    QString ask(const QString &statement) const;

    void start();
    void stop(); ///< as an administrator does it: ends all sessions
    void kill(); ///< SIGKILL to all its processes

    void freeze(); ///< SIGSTOP to all its processes; undone also by the end of the test program
    void thaw();

    /** The program @p name of PostgreSQL's, run to its end as the server's user. */
    bool run(const QString &name, const QStringList &arguments) const;

private:
    static constexpr int Port = 54321; // only a part of the socket's name
    std::vector<qint64> processes() const;

    QTemporaryDir m_directory;
    const QStringList m_settings;
    std::unique_ptr<QProcess> m_server;
    std::unique_ptr<QProcess> m_freezer;
};

/** Has @p process run as the server's user, and end with this thread by @p signalAtEnd (0: not). */
void runAsServer(QProcess &process, int signalAtEnd = 0);
