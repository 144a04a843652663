// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Readers and a writer in processes of their own: two terminals' worth in one command. The lock is a SQLite file, or, given
// the address of a server ("host=/run/postgresql dbname=test"), on that: one line differs.

#include <holdfast/sql/readwritelock.h>

#include <QCoreApplication>
#include <QDebug>
#include <QProcess>
#include <QTimer>

using namespace std::chrono_literals;
using Holdfast::ReadWriteLock;

static std::unique_ptr<ReadWriteLock> makeLock(const QString &server)
{
    QSqlDatabase database = QSqlDatabase::addDatabase(server.isEmpty() ? "QSQLITE" : "QPSQL");
    for (const QString &setting : server.split(' ', Qt::SkipEmptyParts)) {
        if (setting.startsWith("host="))
            database.setHostName(setting.mid(5));
        if (setting.startsWith("dbname="))
            database.setDatabaseName(setting.mid(7));
    }
    if (!server.isEmpty())
        return std::make_unique<ReadWriteLock>(database, "catalogue"); // the same name, the same lock, on every machine
    return std::make_unique<ReadWriteLock>("catalogue.lock.db");
}

static int work(const QString &name, const QString &server)
{
    const auto lock = makeLock(server);
    QObject::connect(lock.get(), &ReadWriteLock::acquired, [&] {
        qInfo().noquote() << name << "is in";
        QTimer::singleShot(300ms, [&] { qApp->exit(lock->release() ? 0 : 1); });
    });
    QObject::connect(lock.get(), &ReadWriteLock::errorOccurred, [&] { qFatal("%s", qPrintable(lock->errorString())); });
    lock->acquire({.mode = name == "writer" ? Holdfast::LockMode::Exclusive : Holdfast::LockMode::Shared});
    return qApp->exec();
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 3)
        return work(argv[1], argv[2]);
    QProcess people[3];
    const char *const names[] = {"one reader", "another reader", "writer"};
    for (int i = 0; i < 3; ++i) {
        people[i].setProcessChannelMode(QProcess::ForwardedChannels);
        people[i].start(app.applicationFilePath(), {names[i], argc > 1 ? argv[1] : ""});
    }
    int failures = 0;
    for (QProcess &person : people)
        failures += person.waitForFinished() && person.exitCode() == 0 ? 0 : 1;
    return failures;
}
