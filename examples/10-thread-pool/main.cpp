// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// On a network disk a single system call can stall for seconds. With a thread pool the attempts are made there, and the
// event loop goes on; the signals still come in this thread.

#include <holdfast/filelock.h>

#include <QCoreApplication>
#include <QDebug>
#include <QThread>
#include <QThreadPool>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);

    QThreadPool pool; // must outlive the lock
    pool.setMaxThreadCount(2);
    Holdfast::FileLock lock("slow-disk.lock");
    lock.setThreadPool(&pool);

    bool attemptedElsewhere = false;
    lock.setHeldHook([&](qintptr) -> std::optional<QString> { // runs where the attempt is made
        attemptedElsewhere = QThread::currentThread() != app.thread();
        return {};
    });
    QObject::connect(&lock, &Holdfast::FileLock::acquired, [&] {
        qInfo() << "Acquired; the attempt was made in another thread:" << attemptedElsewhere;
        lock.release(); // on the pool, too; released() or errorOccurred() tells
    });
    QObject::connect(&lock, &Holdfast::FileLock::released, [&] { app.exit(attemptedElsewhere ? 0 : 1); });
    QObject::connect(&lock, &Holdfast::FileLock::errorOccurred, [&] { app.exit(1); });

    lock.acquire();
    return app.exec();
}
