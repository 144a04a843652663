// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What one call costs, in one process: Google Benchmark, all in random order again and again, medians.

#include "micro.h"
#include "child.h"
#include "groups.h"

#include <holdfast/filelock.h>

#include <QtCore/qeventloop.h>
#include <QtCore/qlockfile.h>

#include <fcntl.h>
#include <memory>
#include <mutex>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Bench {

namespace {

constexpr int ChainLength = 1000; // turns of the event loop per measurement

void bareCalls(benchmark::State &state, const std::string &path)
{
    struct stat facts;
    for (auto _ : state) {
        const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
        require(flock(descriptor, LOCK_EX | LOCK_NB) == 0);
        require(fstat(descriptor, &facts) == 0);
        require(stat(path.c_str(), &facts) == 0);
        require(flock(descriptor, LOCK_UN) == 0);
        require(close(descriptor) == 0);
    }
}

void holdfastPair(benchmark::State &state, const std::string &path)
{
    Holdfast::FileLock lock(QString::fromStdString(path));
    for (auto _ : state) {
        require(lock.tryAcquire());
        lock.release();
    }
}

void lockFilePair(benchmark::State &state, const std::string &path)
{
    QLockFile lock(QString::fromStdString(path));
    for (auto _ : state) {
        require(lock.tryLock(0));
        lock.unlock();
    }
}

void holdfastLevel(benchmark::State &state, const std::string &path)
{
    Holdfast::FileLock lock(QString::fromStdString(path));
    require(lock.tryAcquire());
    for (auto _ : state) {
        require(lock.tryAcquire());
        lock.release();
    }
}

void mutexLevel(benchmark::State &state)
{
    std::recursive_mutex mutex;
    mutex.lock();
    for (auto _ : state) {
        require(mutex.try_lock());
        mutex.unlock();
    }
    mutex.unlock();
}

void holdfastAcquire(benchmark::State &state, const std::string &path)
{
    Holdfast::FileLock lock(QString::fromStdString(path));
    acquireInTurns(state, lock, ChainLength);
}

class Bell : public QObject
{
    Q_OBJECT
Q_SIGNALS:
    void rung();
};

void queuedSignal(benchmark::State &state)
{
    Bell bell;
    QEventLoop loop;
    int left = 0;
    const auto answer = [&] {
        if (--left > 0)
            Q_EMIT bell.rung();
        else
            loop.quit();
    };
    QObject::connect(&bell, &Bell::rung, &bell, answer, Qt::QueuedConnection);
    while (state.KeepRunningBatch(ChainLength)) {
        left = ChainLength;
        Q_EMIT bell.rung();
        loop.exec();
    }
}

void registerAll(const std::string &path, Child &python)
{
    using benchmark::RegisterBenchmark;
    RegisterBenchmark("bare", bareCalls, path)->UseRealTime();
    RegisterBenchmark("pair", holdfastPair, path)->UseRealTime();
    RegisterBenchmark("QLockFile", lockFilePair, path + ".qt")->UseRealTime();
    RegisterBenchmark("filelock", pythonPairs, std::ref(python))->UseManualTime()->Iterations(1);
    RegisterBenchmark("level", holdfastLevel, path + ".held")->UseRealTime();
    RegisterBenchmark("mutex", mutexLevel)->UseRealTime();
    RegisterBenchmark("acquire", holdfastAcquire, path)->UseRealTime();
    RegisterBenchmark("queued", queuedSignal)->UseRealTime();
}

} // namespace

void measureCalls(const Setup &setup, Report &report)
{
    const std::string path = setup.path("calls.lock");
    Child python("filelock", path);
    Micro times(setup);
    registerAll(path, python);
    times.run();

    const std::string pair = "tryAcquire() + release(), uncontended";
    report.slower(pair, times["pair"], "bare system calls", times["bare"], 2);
    report.faster(pair, times["pair"], "QLockFile", times["QLockFile"], 100);
    report.faster(pair, times["pair"], "filelock", times["filelock"], 15);
    const std::string level = "recursive tryAcquire() + release()";
    report.slower(level, times["level"], "std::recursive_mutex", times["mutex"]);
    report.judge(level, timeText(times["level"]), "below 100 ns", times["level"] < 100);
    report.inform("acquire() to acquired() + release(), free lock", timeText(times["acquire"]));
    report.slower("the same less the bare system calls", times["acquire"] - times["bare"], "queued signal",
                  times["queued"], 3);
}

} // namespace Bench

#include "micro.moc"
