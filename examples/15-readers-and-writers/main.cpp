// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Many readers or one writer, on a disk that several machines may share. Two objects stand for two programs.

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
    SoftReadWriteLock reader("table");
    SoftReadWriteLock writer("table");

    QObject::connect(&writer, &SoftReadWriteLock::acquired, [&] {
        qInfo() << "The writer has it; a reader could enter:" << reader.tryAcquireRead();
        writer.release();
        const std::shared_lock reading(reader); // the standard's guards work, too
        qInfo() << "Reading again:" << reader.isHeld();
        app.exit(reader.isHeld() ? 0 : 1);
    });

    if (!reader.tryAcquireRead())
        return 1;
    writer.acquireWrite({.timeout = 5s});
    QTimer::singleShot(100ms, [&] {
        SoftReadWriteLock late("table");
        qInfo() << "While a writer waits, a new reader could enter:" << late.tryAcquireRead();
        reader.release(); // the last reader leaves, and the writer is woken
    });
    return app.exec();
}
