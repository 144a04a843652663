// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A document's lock: to take it, to look who has it, to wait for it, and to save under it.

#include "child.h"
#include "groups.h"
#include "micro.h"
#include "stats.h"

#include <holdfast/app/documentsave.h>
#include <holdfast/filelock.h>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qsavefile.h>

#include <fcntl.h>
#include <unistd.h>

namespace Bench {

namespace {

using benchmark::RegisterBenchmark;
using Holdfast::DocumentLock;

QString text(const std::string &path)
{
    return QString::fromStdString(path);
}

void writeDocument(const std::string &path)
{
    QFile file(text(path));
    require(file.open(QIODevice::WriteOnly) && file.write("Dear Anna") == 9);
}

template<class Lock>
void pair(benchmark::State &state, const std::string &path)
{
    Lock lock(text(path));
    for (auto _ : state) {
        require(lock.tryAcquire());
        require(lock.release());
    }
}

// What no sidecar that says who has it can do without.
void bareSidecar(benchmark::State &state, const std::string &path)
{
    const std::string record(200, 'x');
    for (auto _ : state) {
        const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        require(descriptor >= 0 && write(descriptor, record.data(), record.size()) == 200);
        require(unlink(path.c_str()) == 0 && close(descriptor) == 0);
    }
}

void inspect(benchmark::State &state, const std::string &path)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(DocumentLock::inspect(text(path)));
}

// As a list of files does it.
void inspectMany(const Setup &setup, Report &report)
{
    const int documents = setup.amount(10000, 500);
    for (int i = 0; i < documents; ++i)
        writeDocument(setup.path("document" + std::to_string(i)));
    DocumentLock held(text(setup.path("document7")));
    require(held.tryAcquire());
    int locked = 0;
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < documents; ++i)
        locked += DocumentLock::inspect(text(setup.path("document" + std::to_string(i)))).isLocked() ? 1 : 0;
    const auto took = static_cast<double>(clock.nsecsElapsed()) / documents * 10000;
    require(locked == 1);
    report.judge("inspect() of 10000 documents", timeText(took), "below 1 s", took < 1e9);
}

void saveDocument(benchmark::State &state, const std::string &path)
{
    DocumentLock lock(text(path));
    require(lock.tryAcquire());
    require(lock.documentLoaded());
    for (auto _ : state) {
        Holdfast::DocumentSave save(lock);
        require(save.begin() && save.device()->write("Dear Anna") == 9 && save.commit());
    }
}

// Neither waits for the disk nor looks whether anything was lost.
void saveWithQt(benchmark::State &state, const std::string &path)
{
    for (auto _ : state) {
        QSaveFile file(text(path));
        require(file.open(QIODevice::WriteOnly) && file.write("Dear Anna") == 9 && file.commit());
    }
}

void measureLocks(const Setup &setup, Report &report)
{
    const std::string path = setup.path("letter");
    writeDocument(path);
    Micro times(setup);
    RegisterBenchmark("file", pair<Holdfast::FileLock>, path + ".lock")->UseRealTime();
    RegisterBenchmark("document", pair<DocumentLock>, path)->UseRealTime();
    RegisterBenchmark("bare sidecar", bareSidecar, path + ".bare")->UseRealTime();
    RegisterBenchmark("inspect", inspect, path)->UseRealTime();
    times.run();
    report.slower("DocumentLock: tryAcquire() + release()", times["document"], "FileLock", times["file"], 10);
    report.slower("DocumentLock: the same", times["document"], "create, write, unlink", times["bare sidecar"]);
    report.inform("DocumentLock::inspect(), free", timeText(times["inspect"]));
}

void measureSaves(const Setup &setup, Report &report)
{
    const std::string path = setup.path("letter");
    writeDocument(path);
    Micro times(setup);
    RegisterBenchmark("save", saveDocument, path)->UseRealTime();
    RegisterBenchmark("QSaveFile", saveWithQt, path + ".qt")->UseRealTime();
    times.run();
    report.slower("DocumentSave, 9 bytes", times["save"], "QSaveFile, which does not wait for the disk",
                  times["QSaveFile"]);
}

} // namespace

// One after the other, and each apart: saves and ten thousand documents leave traces on the disk that make locks dearer.
void measureDocumentLock(const Setup &setup, Report &report)
{
    measureLocks(setup.apart(), report);
    inspectMany(setup.apart(), report);
    measureSaves(setup.apart(), report);
}

} // namespace Bench
