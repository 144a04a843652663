// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/files.h"
#include "manualclock.h"
#include "patience.h"
#include "scriptedlock.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** tryAcquireFor(): a thread that blocks and needs no event loop. */
class tst_BlockingWait : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesWhatIsFreeWithoutATimeout();
    void makesOneAttemptWithoutTime_data();
    void makesOneAttemptWithoutTime();
    void looksOnceMoreAtTheDeadline();
    void isOverAtTheMomentAndNotBefore();
    void refusesATimeoutThatIsNone();
    void failsAtOnceOnAnError();
    void wouldWaitForItselfForEver();
    void doesNotTakeOthersForItself_data();
    void doesNotTakeOthersForItself();
    void runsNoEventLoop();
    void isWokenByTheRelease();
};

void tst_BlockingWait::takesWhatIsFreeWithoutATimeout()
{
    ScriptedLock lock;
    QVERIFY(lock.tryAcquireFor(-1ms));
    QVERIFY(lock.tryAcquireFor(0ms));
    QCOMPARE(lock.depth(), 2);
    QCOMPARE(lock.script().attempts, 1);
    settle();
    QVERIFY(lock.endings().isEmpty()); // it has a return value, and no signal
}

void tst_BlockingWait::makesOneAttemptWithoutTime_data()
{
    QTest::addColumn<int>("timeout");
    QTest::addColumn<bool>("blocking");
    QTest::newRow("no time") << 0 << true;
    QTest::newRow("all the time, but not blocking") << -1 << false;
    QTest::newRow("some time, but not blocking") << 60'000 << false;
}

void tst_BlockingWait::makesOneAttemptWithoutTime()
{
    QFETCH(int, timeout);
    QFETCH(bool, blocking);
    ScriptedLock lock;
    lock.script().busy = 1;
    QVERIFY(!lock.tryAcquireFor(std::chrono::milliseconds(timeout), {.blocking = blocking}));
    QCOMPARE(lock.script().attempts, 1);
    QCOMPARE(lock.script().stops, 1);
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(lock.tryAcquireFor(std::chrono::milliseconds(timeout), {.blocking = blocking}));
}

// Time passes with the attempts, so that nothing depends on how fast this machine is.
void tst_BlockingWait::looksOnceMoreAtTheDeadline()
{
    const ManualTime time;
    ScriptedLock lock;
    lock.script().busy = 3;
    lock.script().onAttempt = [&](int number) { time->pass(number == 3 ? 100ms : 10ms); };
    // Attempts 1, 2 and 3 find it busy; the third is over after the deadline, so there is no fourth.
    QVERIFY(!lock.tryAcquireFor(100ms, {.pollInterval = 1ms}));
    QCOMPARE(lock.script().attempts, 3);
    lock.script().onAttempt = [&](int) { time->pass(10ms); };
    lock.script().busy = 3;
    QVERIFY(lock.tryAcquireFor(100ms, {.pollInterval = 1ms}));
    QCOMPARE(lock.script().attempts, 7);
}

void tst_BlockingWait::isOverAtTheMomentAndNotBefore()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!lock.tryAcquireFor(30ms, {.pollInterval = 1h}));
    QVERIFY(timer.nsecsElapsed() >= 30'000'000);
    QCOMPARE(lock.script().attempts, 2); // the one at the beginning, and one at the deadline
}

void tst_BlockingWait::refusesATimeoutThatIsNone()
{
    ScriptedLock lock;
    QVERIFY(!lock.tryAcquireFor(-2ms));
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QVERIFY(!lock.tryAcquireFor(std::chrono::milliseconds::min()));
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QCOMPARE(lock.script().attempts, 0);
    QVERIFY(lock.tryAcquireFor(std::chrono::milliseconds::max()));
    QCOMPARE(lock.error(), LockError::None);
}

void tst_BlockingWait::failsAtOnceOnAnError()
{
    ScriptedLock lock;
    lock.script().busy = 2;
    lock.script().failing = 1;
    QVERIFY(!lock.tryAcquireFor(-1ms, {.pollInterval = 1ms}));
    QCOMPARE(lock.error(), LockError::System);
    QCOMPARE(lock.script().attempts, 3);
    QCOMPARE(lock.state(), LockState::Idle);
    QVERIFY(lock.tryAcquireFor(-1ms));
}

void tst_BlockingWait::wouldWaitForItselfForEver()
{
    const auto script = std::make_shared<Script>();
    ScriptedLock first(script);
    ScriptedLock second(script);
    QVERIFY(first.tryAcquire());
    QVERIFY(!second.tryAcquireFor(-1ms));
    QCOMPARE(second.error(), LockError::WouldDeadlock);
    QVERIFY(!second.errorString().isEmpty());
    QVERIFY(!second.tryAcquireFor(5ms)); // with an end to it, it is only busy
    QCOMPARE(second.error(), LockError::None);
    QVERIFY(!second.tryAcquireFor(-1ms));
    QCOMPARE(second.error(), LockError::WouldDeadlock);
    QVERIFY_EXCEPTION_THROWN(second.lock(), std::system_error);
    QVERIFY(first.release());
    QVERIFY(second.tryAcquireFor(-1ms));
    QCOMPARE(second.error(), LockError::None);
}

void tst_BlockingWait::doesNotTakeOthersForItself_data()
{
    QTest::addColumn<bool>("sameThread");
    QTest::newRow("another file of this thread") << true;
    QTest::newRow("the same file, held by another thread") << false;
}

void tst_BlockingWait::doesNotTakeOthersForItself()
{
    QFETCH(bool, sameThread);
    const auto script = std::make_shared<Script>();
    ScriptedLock holder(sameThread ? std::make_shared<Script>() : script);
    holder.script().file = sameThread ? 2 : 1;
    QSemaphore held;
    QSemaphore mayGo;
    std::jthread other([&] {
        if (!sameThread && holder.tryAcquire()) {
            held.release();
            mayGo.acquire();
            holder.release();
        }
    });
    if (sameThread)
        QVERIFY(holder.tryAcquire());
    else
        QVERIFY(held.tryAcquire(1, Patience));
    ScriptedLock lock(script);
    if (sameThread)
        script->busy = 5;
    script->onAttempt = [&](int number) {
        if (number == 5)
            mayGo.release();
    };
    QVERIFY(lock.tryAcquireFor(-1ms, {.pollInterval = 1ms}));
}

void tst_BlockingWait::runsNoEventLoop()
{
    ScriptedLock lock;
    lock.script().busy = 5;
    bool ran = false;
    QMetaObject::invokeMethod(
        this, [&] { ran = true; }, Qt::QueuedConnection);
    QVERIFY(lock.tryAcquireFor(-1ms, {.pollInterval = 1ms}));
    QVERIFY(!ran);
    QVERIFY(comesTrue([&] { return ran; }));
}

void tst_BlockingWait::isWokenByTheRelease()
{
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("file.lock"));
    ForeignLock other(path);
    FileLock lock(path, {.pollInterval = 1h});
    std::atomic<int> answer{-1};
    std::jthread blocked([&] { answer = lock.tryAcquireFor(-1ms) && lock.release() ? 1 : 0; });
    // It waits once it has the file open, and then its poll comes in an hour.
    QVERIFY(comesTrueElsewhere([&] { return timesOpen(path) == 2; }));
    other.release();
    QVERIFY(comesTrueElsewhere([&] { return answer >= 0; }));
    QCOMPARE(answer, 1);
}

QTEST_GUILESS_MAIN(tst_BlockingWait)
#include "tst_blockingwait.moc"
