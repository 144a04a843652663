// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A hold can end without being released: its lifetime is over, or somebody removed the lock file. lost() tells.

#include <holdfast/filelock.h>

#include <QCoreApplication>
#include <QDebug>
#include <QFile>

using namespace std::chrono_literals;
using Holdfast::FileLock;
using Holdfast::LossReason;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    FileLock lock("lifetime.lock");
    lock.setLifetime(200ms); // counts for the next hold, and goes on while the event loop is blocked

    QObject::connect(&lock, &FileLock::lost, [&](LossReason reason) {
        qInfo() << "Lost:" << reason << "held:" << lock.isHeld();
        if (reason == LossReason::Expired) {
            lock.setLifetime(-1ms);
            lock.acquire();
        } else {
            app.exit(lock.isHeld() ? 1 : 0);
        }
    });
    QObject::connect(&lock, &FileLock::acquired, [&] {
        qInfo() << "Acquired, lifetime" << lock.lifetime().count() << "ms";
        if (lock.lifetime() < 0ms)
            QFile::remove(lock.path()); // never do this: others will now lock another file
    });

    lock.acquire();
    return app.exec();
}
