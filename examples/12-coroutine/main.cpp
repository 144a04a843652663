// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// The future can be awaited; here with QCoro.

#include <holdfast/filelock.h>

#include <QCoroFuture>
#include <QCoroTask>

#include <QCoreApplication>
#include <QDebug>

#include <mutex>

using namespace std::chrono_literals;
using Holdfast::FileLock;
using Holdfast::Outcome;

static QCoro::Task<bool> report(const QString &path)
{
    FileLock lock(path);
    const Outcome outcome = co_await lock.acquireFuture({.timeout = 2s});
    if (outcome != Outcome::Acquired) {
        qInfo() << "Not written:" << outcome << lock.errorString();
        co_return false;
    }
    const std::unique_lock guard(lock, std::adopt_lock); // released at the end, also by an exception
    qInfo() << "Writing under the lock";
    co_return lock.isHeld();
}

static QCoro::Task<> run()
{
    const bool first = co_await report("report.lock");
    const bool second = co_await report("."); // not a file
    QCoreApplication::exit(first && !second ? 0 : 1);
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QMetaObject::invokeMethod(
        &app, [] { run(); }, Qt::QueuedConnection);
    return app.exec();
}
