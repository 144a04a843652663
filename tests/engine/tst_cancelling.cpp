// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "patience.h"
#include "scriptedlock.h"

#include <QtTest/qtest.h>

#include <thread>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** cancel() and stop tokens, from every side and at every moment. */
class tst_Cancelling : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsAWaitThatHasNotBegun();
    void endsAWait();
    void endsEveryCallMadeSoFarAndNoLaterOne();
    void leavesAHoldAlone();
    void doesNothingWhenNobodyWaits();
    void endsABlockedThread();
    void endsTheWaitsOfAllThreadsWhenOnesOwnHasNone();
    void stopsByATokenOfBefore();
    void stopsByATokenFromAnotherThread();
    void stopsABlockedThreadByAToken();
    void stopsOnlyTheCallWithTheToken();
    void ignoresATokenThatCanNotStop();
    void survivesATokenThatOutlivesTheWait();
};

namespace {

const QStringList Cancelled{QStringLiteral("cancelled")};

} // namespace

void tst_Cancelling::endsAWaitThatHasNotBegun()
{
    ScriptedLock lock;
    lock.acquire();
    lock.cancel();
    QVERIFY(lock.endings().isEmpty()); // not within cancel(), either
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), Cancelled);
    QVERIFY(!lock.isHeld());
    QVERIFY(!lock.script().held);
    QCOMPARE(lock.state(), LockState::Idle);
}

void tst_Cancelling::endsAWait()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    lock.acquire({.pollInterval = 1h});
    QVERIFY(comesTrue([&] { return lock.script().attempts > 0; }));
    lock.cancel();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), Cancelled);
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(lock.script().stops > 0); // nothing is kept for another attempt
    lock.script().busy = 0;
    lock.acquire();
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
}

void tst_Cancelling::endsEveryCallMadeSoFarAndNoLaterOne()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    lock.acquire();
    lock.acquire();
    lock.cancel();
    lock.acquire({.pollInterval = 1ms});
    lock.script().busy = 0;
    QVERIFY(comesTrue([&] { return lock.endings().size() == 3; }));
    QCOMPARE(lock.endings(),
             QStringList({QStringLiteral("cancelled"), QStringLiteral("cancelled"), QStringLiteral("acquired")}));
    QCOMPARE(lock.depth(), 1);
}

void tst_Cancelling::leavesAHoldAlone()
{
    ScriptedLock lock;
    QVERIFY(lock.tryAcquire());
    lock.acquire();
    lock.cancel();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), Cancelled);
    QCOMPARE(lock.depth(), 1);
    QCOMPARE(lock.script().releases + lock.script().drops, 0);
}

void tst_Cancelling::doesNothingWhenNobodyWaits()
{
    ScriptedLock lock;
    lock.cancel();
    settle();
    QVERIFY(lock.endings().isEmpty());
    QVERIFY(lock.tryAcquire()); // and does not lie in wait for the next
    lock.cancel();
    settle();
    QVERIFY(lock.isHeld());
    QVERIFY(lock.endings().isEmpty());
}

void tst_Cancelling::endsABlockedThread()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    std::atomic<int> answer{-1};
    std::jthread blocked([&] { answer = lock.tryAcquireFor(-1ms, {.pollInterval = 1h}) ? 1 : 0; });
    QVERIFY(comesTrueElsewhere([&] { return lock.script().attempts > 0; }));
    lock.cancel();
    QVERIFY(comesTrueElsewhere([&] { return answer >= 0; }));
    QCOMPARE(answer, 0);
}

void tst_Cancelling::endsTheWaitsOfAllThreadsWhenOnesOwnHasNone()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    std::atomic<int> ended{0};
    const auto wait = [&] {
        if (!lock.tryAcquireFor(-1ms, {.pollInterval = 1h}))
            ++ended;
    };
    std::jthread one(wait);
    std::jthread two(wait);
    QVERIFY(comesTrueElsewhere([&] { return lock.script().attempts >= 2; }));
    lock.acquire({.pollInterval = 1h});
    settle();
    lock.cancel(); // its own wait, and no other
    QVERIFY(comesTrue([&] { return lock.endings() == Cancelled; }));
    QCOMPARE(ended, 0);
    lock.cancel();
    QVERIFY(comesTrueElsewhere([&] { return ended == 2; }));
}

void tst_Cancelling::stopsByATokenOfBefore()
{
    ScriptedLock lock;
    std::stop_source source;
    source.request_stop();
    lock.acquire({.stopToken = source.get_token()});
    QVERIFY(lock.endings().isEmpty());
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), Cancelled);
    QVERIFY(!lock.isHeld());
    QVERIFY(!lock.tryAcquireFor(1h, {.stopToken = source.get_token()}));
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(!lock.script().held);
}

void tst_Cancelling::stopsByATokenFromAnotherThread()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    std::stop_source source;
    lock.acquire({.pollInterval = 1h, .stopToken = source.get_token()});
    QVERIFY(comesTrue([&] { return lock.script().attempts > 0; }));
    settle();
    const int attempts = lock.script().attempts;
    const QThread *endedIn = nullptr;
    connect(
        &lock, &AbstractLock::cancelled, this, [&] { endedIn = QThread::currentThread(); }, Qt::DirectConnection);
    std::jthread stopper([source]() mutable { source.request_stop(); });
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), Cancelled);
    QCOMPARE(endedIn, QThread::currentThread());
    QCOMPARE(lock.script().attempts, attempts);
}

void tst_Cancelling::stopsABlockedThreadByAToken()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    std::atomic<int> answer{-1};
    std::jthread blocked([&](const std::stop_token &token) {
        answer = lock.tryAcquireFor(-1ms, {.pollInterval = 1h, .stopToken = token}) ? 1 : 0;
    });
    QVERIFY(comesTrueElsewhere([&] { return lock.script().attempts > 0; }));
    blocked.request_stop();
    QVERIFY(comesTrueElsewhere([&] { return answer >= 0; }));
    QCOMPARE(answer, 0);
}

void tst_Cancelling::stopsOnlyTheCallWithTheToken()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    std::stop_source source;
    lock.acquire();
    lock.acquire({.stopToken = source.get_token()});
    lock.acquire();
    settle();
    source.request_stop();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    settle();
    QCOMPARE(lock.endings(), Cancelled);
    lock.script().busy = 0;
    QVERIFY(comesTrue([&] { return lock.depth() == 2; }));
}

void tst_Cancelling::ignoresATokenThatCanNotStop()
{
    ScriptedLock lock;
    std::stop_token orphan = std::stop_source().get_token(); // its source is gone
    lock.script().busy = 2;
    lock.acquire({.pollInterval = 1ms, .stopToken = orphan});
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
}

void tst_Cancelling::survivesATokenThatOutlivesTheWait()
{
    std::stop_source source;
    {
        ScriptedLock lock;
        lock.acquire({.stopToken = source.get_token()});
        QVERIFY(comesTrue([&] { return lock.isHeld(); }));
        source.request_stop(); // too late
        settle();
        QVERIFY(lock.isHeld());
        QCOMPARE(lock.endings().size(), 1);
    }
    std::stop_source second;
    {
        ScriptedLock lock;
        lock.script().busy = Script::Always;
        lock.acquire({.stopToken = second.get_token()});
        settle();
    }
    second.request_stop();
    settle();
}

QTEST_GUILESS_MAIN(tst_Cancelling)
#include "tst_cancelling.moc"
