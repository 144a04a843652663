// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What one call of the soft family costs, in one process, against the file operations that its protocol needs.

#include "micro.h"

#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>
#include <holdfast/softreadwritelock.h>

#include <QtCore/qlockfile.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Bench {

namespace {

// As long as a marker with process, host and start, and as one of a reader or writer.
const std::string SoftText(68, 'x');
const std::string ReadWriteText(41, 'x');

int createMarker(const std::string &path, const std::string &text)
{
    const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    require(descriptor >= 0 && write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    return descriptor;
}

void removeMarker(const std::string &path, int descriptor)
{
    require(close(descriptor) == 0 && unlink(path.c_str()) == 0);
}

void bareSoft(benchmark::State &state, const std::string &path)
{
    for (auto _ : state)
        removeMarker(path, createMarker(path, SoftText));
}

bool exists(const std::string &path)
{
    struct stat facts;
    return lstat(path.c_str(), &facts) == 0;
}

void bareRead(benchmark::State &state, const std::string &path)
{
    mkdir((path + ".readers").c_str(), 0700);
    for (auto _ : state) {
        const int mutex = createMarker(path + ".state", SoftText);
        require(!exists(path + ".write"));
        require(close(createMarker(path + ".readers/x", ReadWriteText)) == 0);
        removeMarker(path + ".state", mutex);
        require(unlink((path + ".readers/x").c_str()) == 0);
    }
}

void countEntries(const std::string &path)
{
    DIR *directory = opendir(path.c_str());
    require(directory);
    while (readdir(directory)) {
    }
    closedir(directory);
}

void bareWrite(benchmark::State &state, const std::string &path)
{
    mkdir((path + ".readers").c_str(), 0700);
    for (auto _ : state) {
        const int mutex = createMarker(path + ".state", SoftText);
        require(!exists(path + ".write"));
        require(close(createMarker(path + ".write", ReadWriteText)) == 0);
        countEntries(path + ".readers");
        removeMarker(path + ".state", mutex);
        const int again = createMarker(path + ".state", SoftText);
        require(exists(path + ".write") && unlink((path + ".write").c_str()) == 0);
        removeMarker(path + ".state", again);
    }
}

template<class Lock>
void pair(benchmark::State &state, const std::string &path)
{
    Lock lock(QString::fromStdString(path));
    for (auto _ : state) {
        require(lock.tryAcquire());
        lock.release();
    }
}

void read(benchmark::State &state, const std::string &path)
{
    Holdfast::SoftReadWriteLock lock(QString::fromStdString(path));
    for (auto _ : state) {
        require(lock.tryAcquireRead());
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

// The marker of a process that is gone, and the attempt that finds it.
void reclaim(benchmark::State &state, const std::string &path)
{
    for (auto _ : state) {
        state.PauseTiming();
        char host[256] = "";
        gethostname(host, sizeof host - 1);
        close(createMarker(path, "2147483646\n" + std::string(host) + "\n1\n"));
        Holdfast::SoftFileLock lock(QString::fromStdString(path));
        state.ResumeTiming();
        require(lock.tryAcquire());
        state.PauseTiming();
        lock.release();
        state.ResumeTiming();
    }
}

} // namespace

void measureSoftCalls(const Setup &setup, Report &report)
{
    using benchmark::RegisterBenchmark;
    const std::string path = setup.path("soft");
    Child python("filelock-soft", path + ".python");
    Micro times(setup);
    RegisterBenchmark("bare soft", bareSoft, path + ".bare")->UseRealTime();
    RegisterBenchmark("bare read", bareRead, path + ".bare")->UseRealTime();
    RegisterBenchmark("bare write", bareWrite, path + ".bare")->UseRealTime();
    RegisterBenchmark("soft", pair<Holdfast::SoftFileLock>, path + ".soft")->UseRealTime();
    RegisterBenchmark("lease", pair<Holdfast::SoftFileLease>, path + ".lease")->UseRealTime();
    RegisterBenchmark("read", read, path + ".rw")->UseRealTime();
    RegisterBenchmark("write", pair<Holdfast::SoftReadWriteLock>, path + ".rw")->UseRealTime();
    RegisterBenchmark("QLockFile", lockFilePair, path + ".qt")->UseRealTime();
    RegisterBenchmark("filelock", pythonPairs, std::ref(python))->UseManualTime()->Iterations(1);
    RegisterBenchmark("reclaim", reclaim, path + ".stale")->UseRealTime();
    times.run();

    const std::string soft = "SoftFileLock: tryAcquire() + release()";
    report.slower(soft, times["soft"], "create, write, close, unlink", times["bare soft"], 2);
    report.faster(soft, times["soft"], "QLockFile", times["QLockFile"], 15);
    report.faster(soft, times["soft"], "filelock's SoftFileLock", times["filelock"], 4);
    report.slower("SoftFileLease: the same", times["lease"], "create, write, close, unlink", times["bare soft"]);
    report.slower("SoftReadWriteLock, read", times["read"], "its file operations", times["bare read"], 2);
    report.slower("SoftReadWriteLock, write", times["write"], "its file operations", times["bare write"], 2);
    report.slower("SoftFileLock, marker of a dead owner", times["reclaim"], "free", times["soft"]);
}

} // namespace Bench
