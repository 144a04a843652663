// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "patience.h"
#include "scriptedlock.h"

#include <QtCore/qthreadpool.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(Holdfast::Outcome)

/** acquireFuture(): every ending, and cancelling it at every moment. */
class tst_Futures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bringsTheOutcome_data();
    void bringsTheOutcome();
    void isCancelledBeforeAnythingHappens();
    void isCancelledDuringTheWait();
    void givesBackWhatItGotTooLate();
    void givesBackOneLevelOnly();
    void isNotUndoneOnceItHasEnded();
    void isCancelledFromAnotherThread();
    void endsWithTheLock();
    void continuesInTheCallingThread();
};

void tst_Futures::bringsTheOutcome_data()
{
    QTest::addColumn<int>("busy");
    QTest::addColumn<int>("failing");
    QTest::addColumn<Outcome>("outcome");
    QTest::newRow("acquired") << 0 << 0 << Outcome::Acquired;
    QTest::newRow("acquired after a wait") << 3 << 0 << Outcome::Acquired;
    QTest::newRow("timed out") << int(Script::Always) << 0 << Outcome::TimedOut;
    QTest::newRow("failed") << 2 << int(Script::Always) << Outcome::Failed;
}

void tst_Futures::bringsTheOutcome()
{
    QFETCH(int, busy);
    QFETCH(int, failing);
    QFETCH(Outcome, outcome);
    ScriptedLock lock;
    lock.script().busy = busy;
    lock.script().failing = failing;
    const bool impatient = outcome == Outcome::TimedOut;
    const auto future = lock.acquireFuture({.timeout = impatient ? 5ms : -1ms, .pollInterval = 1ms});
    QVERIFY(!future.isFinished());
    QVERIFY(comesTrue([&] { return future.isFinished(); }));
    QCOMPARE(future.resultCount(), 1);
    QCOMPARE(future.result(), outcome);
    QCOMPARE(lock.endings().size(), 1); // the signal comes as well
    QCOMPARE(lock.isHeld(), outcome == Outcome::Acquired);
}

void tst_Futures::isCancelledBeforeAnythingHappens()
{
    ScriptedLock lock;
    auto future = lock.acquireFuture();
    future.cancel();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    settle();
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("cancelled")});
    QVERIFY(future.isFinished());
    QVERIFY(!lock.isHeld());
    QVERIFY(!lock.script().held);
}

void tst_Futures::isCancelledDuringTheWait()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    auto future = lock.acquireFuture({.pollInterval = 1h});
    QVERIFY(comesTrue([&] { return lock.script().attempts > 0; }));
    future.cancel();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("cancelled")});
    QVERIFY(future.isFinished());
    QCOMPARE(lock.state(), LockState::Idle);
}

// The future is cancelled while the attempt that succeeds is under way.
void tst_Futures::givesBackWhatItGotTooLate()
{
    ScriptedLock lock;
    QFuture<Outcome> future;
    lock.script().busy = 2;
    lock.script().onAttempt = [&](int number) {
        if (number == 3)
            future.cancel();
    };
    future = lock.acquireFuture({.pollInterval = 1ms});
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("cancelled")});
    QVERIFY(!lock.isHeld());
    QVERIFY(comesTrue([&] { return !lock.script().held; }));
    QVERIFY(future.isFinished());
    QVERIFY(lock.tryAcquire());
}

void tst_Futures::givesBackOneLevelOnly()
{
    ScriptedLock lock;
    QVERIFY(lock.tryAcquire());
    auto future = lock.acquireFuture();
    future.cancel();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("cancelled")});
    QCOMPARE(lock.depth(), 1);
    QVERIFY(lock.script().held);
}

void tst_Futures::isNotUndoneOnceItHasEnded()
{
    ScriptedLock lock;
    auto future = lock.acquireFuture();
    QVERIFY(comesTrue([&] { return future.isFinished(); }));
    future.cancel();
    settle();
    QVERIFY(lock.isHeld());
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("acquired")});
}

void tst_Futures::isCancelledFromAnotherThread()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    auto future = lock.acquireFuture({.pollInterval = 1h});
    std::jthread other([&] { future.cancel(); });
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("cancelled")});
}

void tst_Futures::endsWithTheLock()
{
    QFuture<Outcome> waiting;
    QFuture<Outcome> fresh;
    {
        ScriptedLock lock;
        lock.script().busy = Script::Always;
        waiting = lock.acquireFuture();
        settle();
        fresh = lock.acquireFuture();
    }
    QVERIFY(comesTrue([&] { return waiting.isFinished() && fresh.isFinished(); }));
    QVERIFY(waiting.isCanceled() && fresh.isCanceled());
    QCOMPARE(waiting.resultCount() + fresh.resultCount(), 0);
}

void tst_Futures::continuesInTheCallingThread()
{
    QThreadPool pool;
    ScriptedLock lock;
    QVERIFY(lock.setThreadPool(&pool));
    const QThread *thread = nullptr;
    bool held = false;
    auto future = lock.acquireFuture().then(this, [&](Outcome) {
        thread = QThread::currentThread();
        held = lock.isHeld();
    });
    QVERIFY(comesTrue([&] { return thread != nullptr; }));
    QCOMPARE(thread, QThread::currentThread());
    QVERIFY(held);
    QVERIFY(lock.script().attemptThreads().front() != std::this_thread::get_id());
    QVERIFY(lock.release());
    QVERIFY(comesTrue([&] { return !lock.script().held; }));
}

QTEST_GUILESS_MAIN(tst_Futures)
#include "tst_futures.moc"
