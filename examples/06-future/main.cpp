// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// An acquisition as a QFuture, for .then(). The continuation runs in the thread that asked.

#include <holdfast/filelock.h>

#include <QCoreApplication>
#include <QDebug>

using namespace std::chrono_literals;
using Holdfast::Outcome;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    Holdfast::FileLock first("work.lock");
    Holdfast::FileLock second("work.lock");

    first.acquireFuture()
        .then(&app,
              [&](Outcome outcome) {
                  qInfo() << "First:" << outcome;
                  return second.acquireFuture({.timeout = 200ms});
              })
        .unwrap()
        .then(&app, [&](Outcome outcome) {
            qInfo() << "Second, while the first holds it:" << outcome;
            first.release();

            // Cancelling the future cancels the acquisition. What was obtained too late for it is given back.
            auto unwanted = second.acquireFuture();
            unwanted.cancel();
            unwanted
                .onCanceled(&app,
                            [&] {
                                qInfo() << "Third: cancelled";
                                return Outcome::Cancelled;
                            })
                .then(&app, [&](Outcome) { app.exit(second.isHeld() ? 1 : 0); });
        });
    return app.exec();
}
