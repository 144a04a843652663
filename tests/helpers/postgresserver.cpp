// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "postgresserver.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qthread.h>
#include <QtSql/qsqlquery.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <csignal>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace {

constexpr int Patience = 60000; // ms

QString programs()
{
    const QDir all(QStringLiteral("/usr/lib/postgresql"));
    for (const QString &version : all.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed)) {
        const QString directory = all.filePath(version) + QStringLiteral("/bin/");
        if (QFile::exists(directory + QStringLiteral("initdb"))
            && QFile::exists(directory + QStringLiteral("postgres")))
            return directory;
    }
    return {};
}

const passwd *serverUser()
{
    return geteuid() == 0 ? getpwnam("postgres") : nullptr;
}

void require(bool condition, const QString &what)
{
    if (!condition)
        qFatal("%s", qPrintable(what)); // the test program's end is the end of all it has started
}

} // namespace

void runAsServer(QProcess &process, int signalAtEnd)
{
    const passwd *user = serverUser();
    const uid_t uid = user ? user->pw_uid : geteuid();
    const gid_t gid = user ? user->pw_gid : getegid();
    process.setWorkingDirectory(QStringLiteral("/"));
    process.setChildProcessModifier([uid, gid, signalAtEnd] {
        if (geteuid() != uid && (setgroups(0, nullptr) != 0 || setgid(gid) != 0 || setuid(uid) != 0))
            _exit(127);
        prctl(PR_SET_PDEATHSIG, signalAtEnd); // last: a change of the user undoes it
    });
}

QString PostgresServer::whyNot()
{
    if (programs().isEmpty())
        return QStringLiteral("there is no PostgreSQL (Debian: postgresql)");
    if (!QSqlDatabase::isDriverAvailable(QStringLiteral("QPSQL")))
        return QStringLiteral("there is no driver QPSQL (Debian: libqt6sql6-psql)");
    if (geteuid() == 0 && !serverUser())
        return QStringLiteral("PostgreSQL does not run as root, and there is no user postgres");
    return {};
}

PostgresServer::PostgresServer(const QStringList &settings) : m_settings(settings)
{
    require(m_directory.isValid(), QStringLiteral("no temporary directory"));
    if (const passwd *user = serverUser())
        require(chown(qPrintable(m_directory.path()), user->pw_uid, user->pw_gid) == 0, QStringLiteral("chown"));
    require(run(QStringLiteral("initdb"),
                {QStringLiteral("--pgdata=") + m_directory.filePath(QStringLiteral("data")),
                 QStringLiteral("--auth=trust"), QStringLiteral("--username=postgres"), QStringLiteral("--no-sync"),
                 QStringLiteral("--encoding=UTF8"), QStringLiteral("--locale=C.UTF-8")}),
            QStringLiteral("initdb fails"));
    start();
}

PostgresServer::~PostgresServer()
{
    kill();
    run(QStringLiteral("/bin/rm"), {QStringLiteral("-rf"), m_directory.filePath(QStringLiteral("data"))});
}

bool PostgresServer::run(const QString &name, const QStringList &arguments) const
{
    QProcess process;
    runAsServer(process, SIGKILL);
    process.setStandardOutputFile(QProcess::nullDevice());
    process.start(name.startsWith(u'/') ? name : programs() + name, arguments);
    return process.waitForFinished(Patience) && process.exitCode() == 0;
}

void PostgresServer::start()
{
    QStringList arguments{QStringLiteral("-D"), m_directory.filePath(QStringLiteral("data"))};
    const QStringList settings{QStringLiteral("listen_addresses="),
                               QStringLiteral("port=%1").arg(Port),
                               QStringLiteral("unix_socket_directories=\"%1\"").arg(m_directory.path()),
                               QStringLiteral("fsync=off"),
                               QStringLiteral("autovacuum=off"),
                               QStringLiteral("shared_buffers=8MB"),
                               QStringLiteral("max_wal_senders=0"),
                               QStringLiteral("log_min_messages=fatal")};
    for (const QString &setting : settings + m_settings)
        arguments << QStringLiteral("-c") << setting;
    m_server = std::make_unique<QProcess>();
    runAsServer(*m_server, SIGKILL);
    m_server->setStandardOutputFile(QProcess::nullDevice());
    m_server->setStandardErrorFile(m_directory.filePath(QStringLiteral("log")), QIODevice::Append);
    m_server->start(programs() + QStringLiteral("postgres"), arguments);
    require(m_server->waitForStarted(Patience), QStringLiteral("postgres does not start"));
    while (ask(QStringLiteral("SELECT 1")) != QLatin1String("1")) {
        require(!m_server->waitForFinished(10), QStringLiteral("postgres ends at once, see its log"));
    }
}

void PostgresServer::stop()
{
    ::kill(static_cast<pid_t>(m_server->processId()), SIGINT); // "fast shutdown"
    require(m_server->waitForFinished(Patience), QStringLiteral("postgres does not end"));
}

std::vector<qint64> PostgresServer::processes() const
{
    const qint64 first = m_server ? m_server->processId() : 0;
    if (first == 0)
        return {};
    std::vector<qint64> all{first};
    QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(first));
    if (children.open(QIODevice::ReadOnly)) {
        for (const QByteArray &number : children.readAll().simplified().split(' '))
            all.push_back(number.toLongLong());
    }
    std::erase(all, 0);
    return all;
}

void PostgresServer::kill()
{
    for (const qint64 process : processes())
        ::kill(static_cast<pid_t>(process), SIGKILL);
    thaw();
    if (m_server)
        m_server->waitForFinished(Patience);
}

// Another process does it, which undoes it when its input ends: also when this program is killed meanwhile.
void PostgresServer::freeze()
{
    QStringList arguments{
        QStringLiteral("-c"),
        QStringLiteral("kill -STOP \"$@\" 2>/dev/null; echo frozen; read line; kill -CONT \"$@\" 2>/dev/null"),
        QStringLiteral("freezer")};
    for (const qint64 process : processes())
        arguments << QString::number(process);
    m_freezer = std::make_unique<QProcess>();
    m_freezer->start(QStringLiteral("/bin/sh"), arguments);
    require(m_freezer->waitForReadyRead(Patience), QStringLiteral("cannot freeze the server"));
}

void PostgresServer::thaw()
{
    if (!m_freezer)
        return;
    m_freezer->closeWriteChannel();
    m_freezer->waitForFinished(Patience);
    m_freezer.reset();
}

QSqlDatabase PostgresServer::describe(const QString &user, const QString &password, const QString &database) const
{
    static std::atomic<int> number{0};
    QSqlDatabase made =
        QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), QStringLiteral("described %1").arg(++number));
    made.setHostName(m_directory.path());
    made.setPort(Port);
    made.setUserName(user);
    made.setPassword(password);
    made.setDatabaseName(database);
    return made;
}

QString PostgresServer::url() const
{
    return QStringLiteral("postgresql://postgres@:%1/postgres?host=%2").arg(Port).arg(m_directory.path());
}

QString PostgresServer::ask(const QString &statement) const
{
    QString said;
    QString name;
    {
        QSqlDatabase session = describe();
        name = session.connectionName();
        if (session.open()) {
            QSqlQuery query(session);
            if (query.exec(statement) && query.next())
                said = query.value(0).toString();
        }
    }
    QSqlDatabase::removeDatabase(name);
    return said;
}
