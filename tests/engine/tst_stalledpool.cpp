// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "patience.h"
#include "scriptedlock.h"

#include <QtCore/qthreadpool.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** An attempt that hangs on a bad disk, on the thread pool: everything else goes on, and what comes late is given back. */
class tst_StalledPool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void makesEveryAttemptOnThePool();
    void keepsTheDeadline();
    void keepsTheDeadlineOfALaterAttempt();
    void keepsTheDeadlineOfABlockedThread();
    void isCancelledAtOnce_data();
    void isCancelledAtOnce();
    void lettingGoOfABlockedThreadIsNotHeldUp();
    void servesTheNextCallWithTheLateAnswer();
    void waitsForTheOneAttemptOfAnImpatientCall();
    void saysBusyToATryMeanwhile();
    void refusesOptionsMeanwhile();

private:
    std::shared_ptr<Script> stalledScript()
    {
        auto script = std::make_shared<Script>();
        script->stalled = true;
        return script;
    }
    /** Lets the attempt go on and says whether the lock is free in the end. */
    bool endsFree(Script &script)
    {
        script.stalled = false;
        script.go.release(100);
        return comesTrue([&] { return m_pool->waitForDone(0) && !script.held && script.overlaps == 0; });
    }

    std::unique_ptr<QThreadPool> m_pool;
};

void tst_StalledPool::init()
{
    m_pool = std::make_unique<QThreadPool>();
}

void tst_StalledPool::cleanup()
{
    QVERIFY(m_pool->waitForDone(Patience));
}

void tst_StalledPool::makesEveryAttemptOnThePool()
{
    ScriptedLock lock;
    QVERIFY(lock.setThreadPool(m_pool.get()));
    lock.script().busy = 3;
    lock.acquire({.pollInterval = 1ms});
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
    for (const std::thread::id thread : lock.script().attemptThreads())
        QVERIFY(thread != std::this_thread::get_id());
    QCOMPARE(lock.script().attempts, 4);
    int released = 0;
    connect(&lock, &AbstractLock::released, this, [&] { ++released; });
    QVERIFY(lock.release());
    QVERIFY(comesTrue([&] { return released == 1; }));
    QVERIFY(!lock.script().held);
}

void tst_StalledPool::keepsTheDeadline()
{
    ScriptedLock lock(stalledScript());
    QVERIFY(lock.setThreadPool(m_pool.get()));
    lock.acquire({.timeout = 10ms});
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("timedOut")});
    QCOMPARE(lock.script().waitingForGo, 1); // it hangs still
    QCOMPARE(lock.state(), LockState::Idle);
    QVERIFY(endsFree(lock.script()));
    settle();
    QCOMPARE(lock.endings().size(), 1);
    QVERIFY(!lock.isHeld());
}

void tst_StalledPool::keepsTheDeadlineOfALaterAttempt()
{
    ScriptedLock lock;
    QVERIFY(lock.setThreadPool(m_pool.get()));
    lock.script().busy = 5;
    lock.script().onAttempt = [&](int number) { lock.script().stalled = number >= 4; };
    lock.acquire({.timeout = 100ms, .pollInterval = 1ms});
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("timedOut")});
    lock.script().onAttempt = nullptr;
    QVERIFY(endsFree(lock.script()));
}

void tst_StalledPool::keepsTheDeadlineOfABlockedThread()
{
    ScriptedLock lock(stalledScript());
    QVERIFY(lock.setThreadPool(m_pool.get()));
    QVERIFY(!lock.tryAcquireFor(10ms));
    QCOMPARE(lock.error(), LockError::None);
    QCOMPARE(lock.script().waitingForGo, 1);
    QVERIFY(endsFree(lock.script()));
    QVERIFY(!lock.isHeld());
    QVERIFY(lock.tryAcquireFor(1h));
}

void tst_StalledPool::isCancelledAtOnce_data()
{
    QTest::addColumn<QString>("by");
    QTest::newRow("by cancel()") << QStringLiteral("cancel");
    QTest::newRow("by a stop token") << QStringLiteral("token");
    QTest::newRow("by its future") << QStringLiteral("future");
}

void tst_StalledPool::isCancelledAtOnce()
{
    QFETCH(QString, by);
    ScriptedLock lock(stalledScript());
    QVERIFY(lock.setThreadPool(m_pool.get()));
    std::stop_source source;
    auto future = lock.acquireFuture({.stopToken = source.get_token()});
    QVERIFY(comesTrue([&] { return lock.script().waitingForGo == 1; }));
    if (by == QLatin1String("cancel"))
        lock.cancel();
    else if (by == QLatin1String("token"))
        source.request_stop();
    else
        future.cancel();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("cancelled")});
    QCOMPARE(lock.script().waitingForGo, 1);
    QVERIFY(endsFree(lock.script()));
    QVERIFY(!lock.isHeld());
}

void tst_StalledPool::lettingGoOfABlockedThreadIsNotHeldUp()
{
    for (const bool byToken : {false, true}) {
        ScriptedLock lock(stalledScript());
        QVERIFY(lock.setThreadPool(m_pool.get()));
        std::stop_source source;
        std::atomic<int> answer{-1};
        std::jthread blocked([&] { answer = lock.tryAcquireFor(-1ms, {.stopToken = source.get_token()}) ? 1 : 0; });
        QVERIFY(comesTrueElsewhere([&] { return lock.script().waitingForGo == 1; }));
        if (byToken)
            source.request_stop();
        else
            lock.cancel();
        QVERIFY(comesTrueElsewhere([&] { return answer >= 0; }));
        QCOMPARE(answer, 0);
        QVERIFY(endsFree(lock.script()));
    }
}

// The first call has gone when its attempt succeeds at last; another one waits, and may have it.
void tst_StalledPool::servesTheNextCallWithTheLateAnswer()
{
    ScriptedLock lock(stalledScript());
    QVERIFY(lock.setThreadPool(m_pool.get()));
    lock.acquire({.timeout = 10ms});
    QVERIFY(comesTrue([&] { return lock.endings().size() == 1; }));
    lock.acquire();
    settle();
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("timedOut")});
    lock.script().stalled = false;
    lock.script().go.release(100);
    QVERIFY(comesTrue([&] { return lock.endings().size() == 2; }));
    QCOMPARE(lock.endings().last(), QStringLiteral("acquired"));
    QCOMPARE(lock.depth(), 1);
    QVERIFY(lock.script().held);
    QVERIFY(lock.release());
    QVERIFY(comesTrue([&] { return !lock.script().held; }));
}

void tst_StalledPool::waitsForTheOneAttemptOfAnImpatientCall()
{
    ScriptedLock lock;
    QVERIFY(lock.setThreadPool(m_pool.get()));
    lock.acquire({.timeout = 0ms});
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("acquired")});
    QVERIFY(lock.release());
    QVERIFY(comesTrue([&] { return !lock.script().held; }));
    QVERIFY(m_pool->waitForDone(Patience));
    settle();
    QVERIFY(lock.tryAcquireFor(0ms)); // free: had at the first attempt
    QVERIFY(lock.release());
    QVERIFY(comesTrue([&] { return !lock.script().held; }));
    QVERIFY(m_pool->waitForDone(Patience));
    QVERIFY(lock.tryAcquireFor(1h, {.blocking = false}));
}

void tst_StalledPool::saysBusyToATryMeanwhile()
{
    ScriptedLock lock(stalledScript());
    QVERIFY(lock.setThreadPool(m_pool.get()));
    lock.acquire();
    QVERIFY(comesTrue([&] { return lock.script().waitingForGo == 1; }));
    QVERIFY(!lock.tryAcquire()); // and does not hang
    QCOMPARE(lock.error(), LockError::None);
    lock.script().stalled = false;
    lock.script().go.release(100);
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
    QCOMPARE(lock.script().overlaps, 0);
}

void tst_StalledPool::refusesOptionsMeanwhile()
{
    ScriptedLock lock(stalledScript());
    QVERIFY(lock.setThreadPool(m_pool.get()));
    lock.acquire();
    QVERIFY(comesTrue([&] { return lock.script().waitingForGo == 1; }));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("threadPool")));
    QVERIFY(!lock.setThreadPool(nullptr));
    QCOMPARE(lock.error(), LockError::Misuse);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("threadScope")));
    QVERIFY(!lock.setThreadScope(ThreadScope::Shared));
    lock.cancel();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QVERIFY(endsFree(lock.script()));
}

QTEST_GUILESS_MAIN(tst_StalledPool)
#include "tst_stalledpool.moc"
