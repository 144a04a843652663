// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What one call of a read/write lock on a SQLite file costs, in one process, against the statements that it needs.

#include "filelockpackage.h"
#include "micro.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qeventloop.h>
#include <QtCore/qthreadpool.h>
#include <QtSql/qsqlquery.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace Bench {

namespace {

using Holdfast::LockMode;
using Holdfast::ReadWriteLock;

constexpr int ChainLength = 100;

/** On a connection that stays open. */
void bare(benchmark::State &state, const std::string &path, const std::vector<const char *> &statements)
{
    const QString name = QString::fromStdString(path);
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        database.setDatabaseName(name);
        require(database.open());
        QSqlQuery(database).exec(QStringLiteral("PRAGMA journal_mode=MEMORY"));
        for (auto _ : state) {
            QSqlQuery query(database);
            for (const char *statement : statements)
                require(query.exec(QString::fromLatin1(statement)));
        }
    }
    QSqlDatabase::removeDatabase(name);
}

void pair(benchmark::State &state, const std::string &path, LockMode mode)
{
    ReadWriteLock lock(QString::fromStdString(path), {.mode = mode});
    for (auto _ : state) {
        require(lock.tryAcquire());
        lock.release();
    }
}

void asynchronousPair(benchmark::State &state, const std::string &path, LockMode mode)
{
    ReadWriteLock lock(QString::fromStdString(path), {.mode = mode});
    acquireInTurns(state, lock, ChainLength);
}

/** A hop to a thread of a pool and back through the event loop, with nothing done there. */
void hop(benchmark::State &state)
{
    QThreadPool pool;
    QObject here;
    QEventLoop loop;
    int left = 0;
    std::function<void()> next = [&] {
        if (--left < 0)
            return loop.quit();
        pool.start([&] { QMetaObject::invokeMethod(&here, [&] { next(); }); });
    };
    while (state.KeepRunningBatch(ChainLength)) {
        left = ChainLength;
        next();
        loop.exec();
    }
}

struct Mode
{
    std::string name;
    LockMode mode;
    std::vector<const char *> statements;
};

const std::vector<Mode> Modes{{"read", LockMode::Shared, {"BEGIN", "SELECT name FROM sqlite_schema LIMIT 1", "COMMIT"}},
                              {"write", LockMode::Exclusive, {"BEGIN EXCLUSIVE", "COMMIT"}}};

} // namespace

void measureDatabaseCalls(const Setup &setup, Report &report)
{
    using benchmark::RegisterBenchmark;
    const std::string path = setup.path("database");
    Child pythonReads("database-read", path + ".python");
    Child pythonWrites("database-write", path + ".python");
    Child bareReads("statements-read", path + ".python");
    Child bareWrites("statements-write", path + ".python");
    Micro times(setup);
    for (const Mode &mode : Modes) {
        const bool reads = mode.mode == LockMode::Shared;
        Child &python = reads ? pythonReads : pythonWrites;
        Child &statements = reads ? bareReads : bareWrites;
        const auto named = [&mode](const char *what) { return what + mode.name; };
        RegisterBenchmark(named("bare ").c_str(), bare, path + ".bare", mode.statements)->UseRealTime();
        RegisterBenchmark(named("in place ").c_str(), pair, path + ".rw", mode.mode)->UseRealTime();
        RegisterBenchmark(named("loop ").c_str(), asynchronousPair, path + ".rw", mode.mode)->UseRealTime();
        for (const auto &[name, child] : {std::pair("filelock ", &python), std::pair("statements ", &statements)})
            RegisterBenchmark(named(name).c_str(), pythonPairs, std::ref(*child))->UseManualTime()->Iterations(1);
    }
    RegisterBenchmark("hop", hop)->UseRealTime();
    times.run();

    for (const Mode &mode : Modes) {
        const std::string figure = "ReadWriteLock on SQLite, " + mode.name;
        const auto time = [&](const char *what) { return times[what + mode.name]; };
        report.slower(figure + ", tryAcquire()", time("in place "), "bare QSqlQuery", time("bare "), 2);
        report.slower(figure + ", acquire()", time("loop "), "bare QSqlQuery", time("bare "), 2);
        const std::string peer = FilelockPackage::found().readWriteLock();
        report.faster(figure + ", tryAcquire()", time("in place "), peer, time("filelock "), 5);
        report.faster(figure + ", acquire()", time("loop "), peer, time("filelock "), 5);
        report.faster(figure + ", tryAcquire()", time("in place "), "filelock's statements alone", time("statements "),
                      0);
    }
    report.inform("a hop to a thread and back, nothing done", timeText(times["hop"]));
}

} // namespace Bench
