// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "manualclock.h"
#include "patience.h"
#include "scriptedlock.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <atomic>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** Several acquire() calls of one object: order, and one ending for each. */
class tst_Queue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsNothingBeforeTheCallReturned();
    void endsInOrder();
    void doesNotLetAWaitHoldUpAnImpatientCall();
    void countsEveryAcquisition();
    void servesWhatAHandlerAsksFor();
    void endsEachAtItsOwnDeadline();
    void failsEachThatCannotBeServed();
    void refusesNonsenseInItsTurn();
    void keepsAReleaseOutOfTheQueue();
    void tellsOfContentionOncePerCall();
    void tellsAgainOfAnotherHoldOnly();
};

void tst_Queue::endsNothingBeforeTheCallReturned()
{
    ScriptedLock lock;
    lock.acquire();
    QCOMPARE(lock.state(), LockState::Waiting);
    QVERIFY(lock.endings().isEmpty());
    QVERIFY(!lock.isHeld());
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("acquired")});
    QVERIFY(lock.isHeld());
    QCOMPARE(lock.script().attempts, 1);
}

void tst_Queue::endsInOrder()
{
    ScriptedLock lock;
    lock.script().busy = 3;
    QStringList order;
    const auto note = [&order](const char *name) { return [&order, name](Outcome) { order += QLatin1String(name); }; };
    const AcquireOptions options{.pollInterval = 1ms};
    auto first = lock.acquireFuture(options).then(this, note("first"));
    auto second = lock.acquireFuture(options).then(this, note("second"));
    auto third = lock.acquireFuture(options).then(this, note("third"));
    QVERIFY(comesTrue([&] { return order.size() == 3; }));
    QCOMPARE(order, QStringList({QStringLiteral("first"), QStringLiteral("second"), QStringLiteral("third")}));
    QCOMPARE(lock.depth(), 3);
    QCOMPARE(lock.script().attempts, 4);
}

void tst_Queue::doesNotLetAWaitHoldUpAnImpatientCall()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    lock.acquire();
    lock.acquire({.blocking = false});
    lock.acquire({.timeout = 0ms});
    lock.acquire({.timeout = 10s, .blocking = false}); // which wins over any timeout
    QVERIFY(comesTrue([&] { return lock.endings().size() == 3; }));
    settle();
    QCOMPARE(lock.endings(), QStringList(3, QStringLiteral("timedOut")));
    QCOMPARE(lock.state(), LockState::Waiting);
    lock.script().busy = 0;
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
}

void tst_Queue::countsEveryAcquisition()
{
    ScriptedLock lock;
    QVERIFY(lock.tryAcquire());
    lock.acquire({.timeout = 0ms}); // held already: one level more, whatever the time
    lock.acquire({.blocking = false});
    QVERIFY(comesTrue([&] { return lock.depth() == 3; }));
    QCOMPARE(lock.script().attempts, 1);
    QVERIFY(lock.release());
    QVERIFY(lock.release());
    QVERIFY(lock.isHeld());
    QVERIFY(lock.release());
    QVERIFY(!lock.isHeld());
    QCOMPARE(lock.script().releases, 1);
}

void tst_Queue::servesWhatAHandlerAsksFor()
{
    ScriptedLock lock;
    QList<int> depths;
    connect(&lock, &AbstractLock::acquired, this, [&] {
        depths += lock.depth();
        if (depths.size() < 5)
            lock.acquire();
    });
    lock.acquire();
    QVERIFY(comesTrue([&] { return depths.size() == 5; }));
    QCOMPARE(depths, QList<int>({1, 2, 3, 4, 5}));
}

void tst_Queue::endsEachAtItsOwnDeadline()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    QStringList order;
    const auto note = [&order](const char *name) { return [&order, name](Outcome) { order += QLatin1String(name); }; };
    auto slow = lock.acquireFuture({.timeout = 60ms, .pollInterval = 1h}).then(this, note("60"));
    auto fast = lock.acquireFuture({.timeout = 20ms, .pollInterval = 1h}).then(this, note("20"));
    auto middle = lock.acquireFuture({.timeout = 40ms, .pollInterval = 1h}).then(this, note("40"));
    QVERIFY(comesTrue([&] { return order.size() == 3; })); // although the poll comes in an hour
    if (order.first() != QLatin1String("20")) // a machine that was away for so long sees them all pass at once
        qInfo() << "slow machine" << order;
    else
        QCOMPARE(order.last(), QStringLiteral("60"));
    QCOMPARE(lock.state(), LockState::Idle);
}

void tst_Queue::failsEachThatCannotBeServed()
{
    ScriptedLock lock;
    lock.script().failing = 2;
    lock.acquire();
    lock.acquire();
    lock.acquire();
    QVERIFY(comesTrue([&] { return lock.endings().size() == 3; }));
    QCOMPARE(lock.endings(), QStringList({QStringLiteral("errorOccurred"), QStringLiteral("errorOccurred"),
                                          QStringLiteral("acquired")}));
    QCOMPARE(lock.error(), LockError::None);
}

void tst_Queue::refusesNonsenseInItsTurn()
{
    ScriptedLock lock;
    QList<LockError> errors;
    connect(&lock, &AbstractLock::errorOccurred, this, [&](LockError error) { errors += error; });
    lock.acquire({.timeout = -2ms});
    lock.acquire({.pollInterval = 0ms});
    lock.acquire({.pollInterval = -1ms});
    QVERIFY(errors.isEmpty());
    QVERIFY(comesTrue([&] { return errors.size() == 3; }));
    QCOMPARE(errors, QList<LockError>(3, LockError::InvalidArgument));
    QCOMPARE(lock.script().attempts, 0);
}

void tst_Queue::keepsAReleaseOutOfTheQueue()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    lock.acquire();
    settle();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("release")));
    QVERIFY(!lock.release());
    QCOMPARE(lock.error(), LockError::Misuse);
    QCOMPARE(lock.state(), LockState::Waiting);
    lock.script().busy = 0;
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("acquired")});
}

void tst_Queue::tellsOfContentionOncePerCall()
{
    ScriptedLock lock;
    int contended = 0;
    connect(&lock, &AbstractLock::contended, this, [&] { ++contended; });
    lock.acquire();
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
    QCOMPARE(contended, 0); // it was free
    QVERIFY(lock.release());
    lock.script().busy = 20;
    lock.acquire({.pollInterval = 1ms});
    lock.acquire({.pollInterval = 1ms});
    settle();
    QVERIFY(lock.setPollInterval(7ms)); // has it look again, with all that belongs to it
    QVERIFY(comesTrue([&] { return lock.depth() == 2; }));
    QCOMPARE(contended, 2);
}

// A lease's holder has another time after each heartbeat, and is the same one.
void tst_Queue::tellsAgainOfAnotherHoldOnly()
{
    const ManualTime time;
    std::atomic<int> renewals{0};
    std::atomic<int> asked{0};
    std::atomic<bool> isAnother{false};
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    lock.script().onHolder = [&] {
        ++asked;
        return LockHolder{.processId = 4711,
                          .since = QDateTime::fromSecsSinceEpoch(renewals),
                          .token = isAnother ? QStringLiteral("b") : QStringLiteral("a")};
    };
    QSignalSpy contended(&lock, &AbstractLock::contended);
    lock.acquire({.pollInterval = 1ms});
    QVERIFY(comesTrue([&] { return contended.size() == 1; }));
    for (int i = 0; i < 3; ++i) {
        const int before = asked;
        ++renewals;
        time->pass(1s);
        QVERIFY(comesTrue([&] { return asked > before; }));
    }
    isAnother = true;
    time->pass(1s);
    QVERIFY(comesTrue([&] { return contended.size() == 2; }));
    QCOMPARE(contended.last().first().value<LockHolder>().token, QStringLiteral("b"));
}

QTEST_GUILESS_MAIN(tst_Queue)
#include "tst_queue.moc"
