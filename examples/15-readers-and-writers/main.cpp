// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Many readers or one writer, on a disk that several machines may share. One object for each path is what a program wants;
// here another one stands for another program.

#include <holdfast/softreadwritelock.h>

#include <QCoreApplication>
#include <QDebug>
#include <QTimer>

#include <mutex>
#include <shared_mutex>

using namespace std::chrono_literals;
using Holdfast::SoftReadWriteLock;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const auto table = SoftReadWriteLock::shared("table");
    if (!table || !table->tryAcquireRead())
        return 1;
    const auto again = SoftReadWriteLock::shared("./table"); // in another part of the program: the same object
    qInfo() << "Asked for again, it is held:" << again->isHeld();

    SoftReadWriteLock writer("table"); // constructed, it is a stranger
    QObject::connect(&writer, &SoftReadWriteLock::acquired, [&] {
        qInfo() << "The writer has it; we could read:" << table->tryAcquireRead();
        writer.release();
        const std::shared_lock reading(*table); // the standard's guards work, too
        qInfo() << "Reading again:" << table->isHeld();
        app.exit(table->isHeld() ? 0 : 1);
    });

    writer.acquireWrite({.timeout = 5s});
    QTimer::singleShot(100ms, [&] {
        SoftReadWriteLock late("table");
        qInfo() << "While a writer waits, a new reader could enter:" << late.tryAcquireRead();
        table->release(); // the last reader leaves, and the writer is woken
    });
    return app.exec();
}
