// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A lease is kept alive by a heartbeat from the background, even while the event loop is blocked. When it is lost, stop.

#include <holdfast/softfilelease.h>

#include <QCoreApplication>
#include <QDebug>
#include <QThread>
#include <QTimer>

using namespace std::chrono_literals;
using Holdfast::LossReason;
using Holdfast::SoftFileLease;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    SoftFileLease lease("import.lease", {.duration = 300ms}); // short, for the example; the default is 30 s
    SoftFileLease another("import.lease", {.duration = 300ms});

    QObject::connect(&lease, &SoftFileLease::acquired, [&] {
        qInfo() << "Acquired; this hold is called" << lease.token();
        QThread::msleep(600); // busy for twice the duration, without an event
        qInfo() << "Still ours:" << lease.isHeld() << "and busy for others:" << !another.tryAcquire();
        QTimer::singleShot(0, [&] { another.forceBreak(); }); // a person removes the marker
    });
    QObject::connect(&lease, &SoftFileLease::lost, [&](LossReason reason) {
        qInfo() << "Lost:" << reason << "- from now on nothing may be written.";
        app.exit(reason == LossReason::MarkerMissing && !lease.isHeld() ? 0 : 1);
    });

    lease.acquire();
    return app.exec();
}
