// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What a read/write lock on a PostgreSQL server costs, on a Unix socket: one call, and five hundred who wait.

#include "lockkinds.h"
#include "micro.h"
#include "plainsession.h"
#include "postgresserver.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qtimer.h>

#include <fstream>
#include <malloc.h>
#include <sys/resource.h>

namespace Bench {

namespace {

using Holdfast::LockMode;
using Holdfast::ReadWriteLock;

constexpr int ChainLength = 100;
constexpr int Waiters = 500;

void bare(benchmark::State &state)
{
    PlainSession session;
    for (auto _ : state) {
        require(session.ask("SELECT pg_try_advisory_lock(4711)") == "t");
        require(session.ask("SELECT pg_advisory_unlock(4711)") == "t");
    }
}

void pair(benchmark::State &state, LockMode mode)
{
    ReadWriteLock lock(postgresConnection(), QStringLiteral("calls"), {.mode = mode});
    for (auto _ : state) {
        require(lock.tryAcquire());
        lock.release();
    }
}

void asynchronousPair(benchmark::State &state, LockMode mode)
{
    ReadWriteLock lock(postgresConnection(), QStringLiteral("calls"), {.mode = mode});
    acquireInTurns(state, lock, ChainLength);
}

double processorTime()
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    const auto nanoseconds = [](const timeval &time) { return time.tv_sec * Second + time.tv_usec * 1000; };
    return static_cast<double>(nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime));
}

double residentKibibytes()
{
    std::ifstream status("/proc/self/status");
    double kibibytes = 0;
    for (std::string word; status >> word;) {
        if (word == "VmRSS:")
            status >> kibibytes;
    }
    return kibibytes;
}

void runFor(std::int64_t time)
{
    QEventLoop loop;
    QTimer::singleShot(static_cast<int>(time / Millisecond), &loop, &QEventLoop::quit);
    loop.exec();
}

void measureWaiters(const Setup &setup, const PostgresServer &server, Report &report)
{
    PlainSession holder; // who says nothing when it lets go
    const auto name = [](int i) { return QStringLiteral("waiter %1").arg(i); };
    for (int i = 0; i < Waiters; ++i)
        holder.ask("SELECT pg_advisory_lock(" + std::to_string(ReadWriteLock::keyOf(name(i))) + ")");
    const double before = residentKibibytes();
    std::vector<std::unique_ptr<ReadWriteLock>> waiting;
    for (int i = 0; i < Waiters; ++i) {
        waiting.push_back(std::make_unique<ReadWriteLock>(postgresConnection(), name(i)));
        waiting.back()->acquire();
    }
    runFor(2 * Second); // until all have looked once, and have been told what to listen to
    const double resident = residentKibibytes();
    const double begun = processorTime();
    const std::int64_t time = setup.amount(10, 3) * Second;
    runFor(time);
    const double share = 100 * (processorTime() - begun) / static_cast<double>(time);
    const std::string sessions =
        server.ask(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%(holdfast %'"))
            .toStdString();
    const std::string crowd = std::to_string(Waiters) + " waiting locks: ";
    report.judge(crowd + "connections", sessions, "1", sessions == "1");
    report.inform(crowd + "processor", numberText(share, 2) + " % of a core");
    report.inform(crowd + "resident memory of each", numberText((resident - before) / Waiters, 2) + " KiB");
}

} // namespace

void measureServerCalls(const Setup &setup, Report &report)
{
    if (const QString why = PostgresServer::whyNot(); !why.isEmpty())
        return report.inform("left out", why.toStdString());
    const PostgresServer server;
    qputenv("HOLDFAST_POSTGRES", server.url().toUtf8());
    using benchmark::RegisterBenchmark;
    Micro times(setup);
    RegisterBenchmark("bare", bare)->UseRealTime();
    RegisterBenchmark("read", pair, LockMode::Shared)->UseRealTime();
    RegisterBenchmark("write", pair, LockMode::Exclusive)->UseRealTime();
    RegisterBenchmark("loop read", asynchronousPair, LockMode::Shared)->UseRealTime();
    RegisterBenchmark("loop write", asynchronousPair, LockMode::Exclusive)->UseRealTime();
    times.run();
    const std::string peer = "two round trips of libpq";
    report.slower("ReadWriteLock on PostgreSQL, read, tryAcquire()", times["read"], peer, times["bare"], 1.5);
    report.slower("ReadWriteLock on PostgreSQL, read, acquire()", times["loop read"], peer, times["bare"], 1.5);
    report.slower("ReadWriteLock on PostgreSQL, write, tryAcquire()", times["write"], peer, times["bare"], 1.5);
    report.slower("ReadWriteLock on PostgreSQL, write, acquire()", times["loop write"], peer, times["bare"], 1.5);
    measureWaiters(setup, server, report);
}

} // namespace Bench
