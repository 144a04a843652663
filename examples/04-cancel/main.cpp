// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Three ways to end a wait: cancel(), as from a button; a stop token; a check of one's own. A fourth is to cancel the
// future, see example 06.

#include <holdfast/filelock.h>

#include <QCoreApplication>
#include <QDebug>
#include <QTimer>

#include <stop_token>

using namespace std::chrono_literals;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    Holdfast::FileLock other("work.lock"); // stands for another program, which never lets go
    if (!other.tryAcquire())
        return 1;

    Holdfast::FileLock lock("work.lock");
    std::stop_source stopSource;
    int cancelled = 0;
    int checks = 0;
    QObject::connect(&lock, &Holdfast::FileLock::cancelled, [&] {
        ++cancelled;
        qInfo() << "Cancelled" << cancelled;
        if (cancelled == 1) {
            lock.acquire({.stopToken = stopSource.get_token()});
            stopSource.request_stop(); // from any thread
        } else if (cancelled == 2) {
            lock.acquire({.cancelCheck = [&] { return ++checks == 3; }});
        } else {
            app.quit();
        }
    });

    lock.acquire();
    QTimer button; // somebody will press it
    button.setSingleShot(true);
    QObject::connect(&button, &QTimer::timeout, &lock, &Holdfast::FileLock::cancel);
    button.start(100ms);
    return app.exec();
}
