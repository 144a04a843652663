// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qcoreapplication.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qfile.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <sys/types.h>
#include <thread>

namespace Holdfast::Testing {

/** Long enough for a loaded machine under a sanitizer; only a test that fails waits so long. */
constexpr int Patience = 20'000;

/** Runs the event loop until @p condition holds. */
inline bool comesTrue(const std::function<bool()> &condition)
{
    return QTest::qWaitFor(condition, Patience);
}

/** As above without an event loop, so that nothing else of this thread goes on. */
inline bool comesTrueElsewhere(const std::function<bool()> &condition)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition() && timer.elapsed() < Patience)
        QThread::msleep(1);
    return condition();
}

/** Whether the thread @p id of this process sleeps, in whatever it waits for. */
inline bool isAsleep(pid_t id)
{
    QFile file(QStringLiteral("/proc/self/task/%1/stat").arg(id));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray facts = file.readAll();
    return facts.mid(facts.lastIndexOf(')') + 2, 1) == "S"; // behind the name, which may contain anything
}

/** Runs everything that is to be run now, several rounds of it. */
inline void settle()
{
    for (int i = 0; i < 10; ++i)
        QCoreApplication::processEvents();
}

/**
 * Runs @p scenario in a thread with an event loop of its own and says whether it came to its end. A scenario that hangs is
 * left behind, so that it costs one test and not the whole program.
 */
inline bool finishes(std::function<void()> scenario)
{
    const auto done = std::make_shared<std::atomic<bool>>(false);
    std::thread([scenario = std::move(scenario), done] {
        QEventLoop loop; // makes the thread's dispatcher
        loop.processEvents();
        scenario();
        *done = true;
    }).detach();
    return comesTrueElsewhere([done] { return done->load(); });
}

} // namespace Holdfast::Testing
