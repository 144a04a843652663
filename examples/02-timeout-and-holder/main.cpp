// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Give up after a while, and tell the user who has the lock. The default comes from the lock; a call may have its own.

#include <holdfast/filelock.h>

#include <QCoreApplication>
#include <QDebug>

using namespace std::chrono_literals;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);

    Holdfast::FileLock other("work.lock"); // stands for another program
    if (!other.tryAcquire())
        return 1;

    Holdfast::FileLock lock("work.lock");
    lock.setTimeout(10s);        // -1 ms waits for ever, 0 tries once
    lock.setPollInterval(250ms); // only for disks that do not tell of a release; here the release itself wakes

    QObject::connect(&lock, &Holdfast::FileLock::timedOut, [&] {
        qInfo().noquote() << "Gave up; it is held by" << lock.holder().toString();
        other.release();
        lock.acquire(); // once more, now with the lock's own ten seconds
    });
    QObject::connect(&lock, &Holdfast::FileLock::acquired, [&] {
        qInfo() << "Acquired";
        app.quit();
    });

    lock.acquire({.timeout = 300ms});
    return app.exec();
}
