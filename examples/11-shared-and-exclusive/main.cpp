// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Any number of readers, or one writer: the system's shared mode, as `flock --shared`. A stream of readers can keep a
// writer out for as long as it lasts.

#include <holdfast/filelock.h>

#include <QCoreApplication>
#include <QDebug>

using Holdfast::FileLock;
using Holdfast::LockMode;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    FileLock reader("data.lock", {.mode = LockMode::Shared});
    FileLock secondReader("data.lock", {.mode = LockMode::Shared});
    FileLock writer("data.lock"); // LockMode::Exclusive is the default

    if (!reader.tryAcquire() || !secondReader.tryAcquire())
        return 1;
    qInfo() << "Two readers at once";
    if (writer.tryAcquire())
        return 1;

    bool readersAreGone = false;
    QObject::connect(&writer, &FileLock::acquired, [&] {
        qInfo() << "The writer is alone";
        app.exit(readersAreGone && !reader.tryAcquire() ? 0 : 1);
    });
    QObject::connect(&writer, &FileLock::contended, [&](const Holdfast::LockHolder &holder) {
        qInfo() << "The writer waits; held" << holder.mode;
        reader.release();
        secondReader.release();
        readersAreGone = true;
    });
    writer.acquire();
    return app.exec();
}
