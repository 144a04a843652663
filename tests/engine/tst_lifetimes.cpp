// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/steward.h"
#include "manualclock.h"
#include "patience.h"
#include "scriptedlock.h"

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** A hold ends by itself at its moment, on a clock that the test turns. */
class tst_Lifetimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsAtItsMoment();
    void goesOnWhileTheMachineSleeps();
    void takesAllLevels();
    void countsFromTheGrant();
    void belongsToOneHoldOnly();
    void countsForTheNextHold();
    void isRefusedWhenItMeansNothing_data();
    void isRefusedWhenItMeansNothing();
    void endsWhileTheEventLoopIsBlocked();
    void endsWhileTheThreadIsBlocked();
    void letsTheWaitingOnesIn();
    void tellsTheThreadThatHeldIt();
    void leavesAReleaseOfALostHoldWithoutEffect();
    void goesOnAfterAReleaseThatFailed();

private:
    static void turn() { Steward::instance().runDue(); }
};

namespace {

struct Losses
{
    explicit Losses(AbstractLock &lock)
    {
        QObject::connect(&lock, &AbstractLock::lost, &lock, [this](LossReason reason) { reasons += reason; });
    }
    QList<LossReason> reasons;
};

/** Waits until it has been let go, in a background thread; runs no event loop. */
bool isOver(ScriptedLock &lock)
{
    return comesTrueElsewhere([&lock] { return !lock.isHeld() && !lock.script().held; });
}

const QList<LossReason> Expired{LossReason::Expired};

} // namespace

void tst_Lifetimes::endsAtItsMoment()
{
    const ManualTime time;
    ScriptedLock lock;
    const Losses losses(lock);
    QVERIFY(lock.setLifetime(10s));
    QVERIFY(lock.tryAcquire());
    time->pass(10s - 1ns);
    turn();
    settle();
    QVERIFY(lock.isHeld());
    QVERIFY(losses.reasons.isEmpty());
    time->pass(1ns);
    turn();
    QVERIFY(isOver(lock)); // the signal follows
    QVERIFY(!lock.script().held);
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); }));
    QCOMPARE(losses.reasons, Expired);
    QCOMPARE(lock.state(), LockState::Idle);
    QCOMPARE(lock.script().drops, 1);
    QVERIFY(lock.tryAcquire());
}

void tst_Lifetimes::goesOnWhileTheMachineSleeps()
{
    const ManualTime time;
    ScriptedLock lock;
    QVERIFY(lock.setLifetime(10s));
    QVERIFY(lock.tryAcquire());
    time->sleep(11s);
    turn();
    QVERIFY(isOver(lock));
}

void tst_Lifetimes::takesAllLevels()
{
    const ManualTime time;
    ScriptedLock lock;
    const Losses losses(lock);
    QVERIFY(lock.setLifetime(10s));
    QVERIFY(lock.tryAcquire() && lock.tryAcquire() && lock.tryAcquire());
    time->pass(11s);
    turn();
    QVERIFY(isOver(lock));
    QCOMPARE(lock.depth(), 0);
    settle();
    QCOMPARE(losses.reasons, Expired);
}

void tst_Lifetimes::countsFromTheGrant()
{
    const ManualTime time;
    ScriptedLock lock;
    QVERIFY(lock.setLifetime(10s));
    QVERIFY(lock.tryAcquire());
    time->pass(9s);
    QVERIFY(lock.tryAcquire()); // one level more is no new hold
    time->pass(2s);
    turn();
    QVERIFY(isOver(lock));
}

void tst_Lifetimes::belongsToOneHoldOnly()
{
    const ManualTime time;
    ScriptedLock lock;
    const Losses losses(lock);
    QVERIFY(lock.setLifetime(10s));
    QVERIFY(lock.tryAcquire());
    time->pass(5s);
    QVERIFY(lock.release());
    QVERIFY(lock.tryAcquire());
    time->pass(6s); // the first would have ended by now
    turn();
    settle();
    QVERIFY(lock.isHeld());
    QVERIFY(losses.reasons.isEmpty());
    time->pass(5s);
    turn();
    QVERIFY(isOver(lock));
}

void tst_Lifetimes::countsForTheNextHold()
{
    const ManualTime time;
    ScriptedLock lock;
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.setLifetime(10s));
    time->pass(1h);
    turn();
    QVERIFY(lock.isHeld());
    QVERIFY(lock.release());
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.setLifetime(-1ms));
    time->pass(11s);
    turn();
    QVERIFY(isOver(lock));
}

void tst_Lifetimes::isRefusedWhenItMeansNothing_data()
{
    QTest::addColumn<int>("lifetime");
    QTest::newRow("none at all") << 0;
    QTest::newRow("less than for ever") << -2;
    QTest::newRow("far less") << -1000;
}

void tst_Lifetimes::isRefusedWhenItMeansNothing()
{
    QFETCH(int, lifetime);
    ScriptedLock lock;
    QVERIFY(lock.setLifetime(5s));
    QVERIFY(!lock.setLifetime(std::chrono::milliseconds(lifetime)));
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QCOMPARE(lock.lifetime(), 5000ms);
}

// On the real clock, by the library's own thread, while this one never returns to its event loop.
void tst_Lifetimes::endsWhileTheEventLoopIsBlocked()
{
    ScriptedLock lock;
    const Losses losses(lock);
    QVERIFY(lock.setLifetime(20ms));
    QVERIFY(lock.tryAcquire());
    QVERIFY(comesTrueElsewhere([&] { return !lock.script().held; }));
    QVERIFY(losses.reasons.isEmpty()); // the news wait for the event loop
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); }));
    QCOMPARE(losses.reasons, Expired);
}

void tst_Lifetimes::endsWhileTheThreadIsBlocked()
{
    ScriptedLock held;
    QVERIFY(held.setLifetime(20ms));
    QVERIFY(held.tryAcquire());
    ScriptedLock other;
    other.script().busy = Script::Always;
    std::stop_source source;
    other.script().onAttempt = [&](int) {
        if (!held.script().held)
            source.request_stop();
    };
    QVERIFY(!other.tryAcquireFor(1h, {.pollInterval = 1ms, .stopToken = source.get_token()}));
    QVERIFY(!held.isHeld());
}

void tst_Lifetimes::letsTheWaitingOnesIn()
{
    const ManualTime time;
    const auto script = std::make_shared<Script>();
    ScriptedLock holder(script);
    ScriptedLock waiting(script);
    QVERIFY(holder.setLifetime(10s));
    QVERIFY(holder.tryAcquire());
    waiting.acquire({.pollInterval = 1ms});
    settle();
    time->pass(11s);
    turn();
    QVERIFY(comesTrue([&] { return waiting.isHeld(); }));
    QVERIFY(!holder.isHeld());
}

void tst_Lifetimes::tellsTheThreadThatHeldIt()
{
    const ManualTime time;
    ScriptedLock lock;
    QVERIFY(lock.setLifetime(10s));
    std::atomic<bool> held{false};
    std::atomic<bool> told{false};
    std::thread::id toldIn;
    connect(
        &lock, &AbstractLock::lost, &lock,
        [&] {
            toldIn = std::this_thread::get_id();
            told = true;
        },
        Qt::DirectConnection);
    std::thread::id holderThread;
    std::jthread holder([&] {
        QEventLoop loop;
        holderThread = std::this_thread::get_id();
        held = lock.tryAcquire();
        while (held && !told)
            loop.processEvents(QEventLoop::AllEvents, 10);
    });
    QVERIFY(comesTrueElsewhere([&] { return held.load(); }));
    time->pass(11s);
    turn();
    const bool came = comesTrueElsewhere([&] { return told.load(); });
    told = true;
    holder.join();
    QVERIFY(came);
    QVERIFY(toldIn == holderThread);
}

void tst_Lifetimes::leavesAReleaseOfALostHoldWithoutEffect()
{
    const ManualTime time;
    const auto script = std::make_shared<Script>();
    ScriptedLock lock(script);
    ScriptedLock next(script);
    QVERIFY(lock.setLifetime(10s));
    QVERIFY(lock.tryAcquire() && lock.tryAcquire());
    time->pass(11s);
    turn();
    QVERIFY(isOver(lock));
    QVERIFY(next.tryAcquire());
    QVERIFY(!lock.release()); // its levels, both: no misuse, no warning, and no harm to the successor
    QVERIFY(!lock.release());
    QVERIFY(script->held);
    QVERIFY(next.isHeld());
    QCOMPARE(script->releases, 0);
}

void tst_Lifetimes::goesOnAfterAReleaseThatFailed()
{
    const ManualTime time;
    ScriptedLock lock;
    QVERIFY(lock.setLifetime(10s));
    QVERIFY(lock.tryAcquire());
    lock.script().failingReleases = 1;
    QVERIFY(!lock.release());
    QVERIFY(lock.isHeld());
    time->pass(11s);
    turn();
    QVERIFY(isOver(lock));
    QVERIFY(!lock.script().held);
}

QTEST_GUILESS_MAIN(tst_Lifetimes)
#include "tst_lifetimes.moc"
