// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "patience.h"
#include "scriptedlock.h"

#include "engine/bell.h"

#include <QtTest/qtest.h>

#include <stdexcept>
#include <thread>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** Looking again when no event comes, and who is asked between two looks. */
class tst_Polling : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looksAgainUntilItIsFree();
    void givesEachCallItsOwnInterval();
    void takesANewIntervalDuringAWait();
    void leavesThePollToWhoLooksForAll_data();
    void leavesThePollToWhoLooksForAll();
    void looksWhereNobodyElseDoes();
    void refusesAnIntervalThatIsNone();
    void neverOvershootsTheDeadlineByAPoll();
    void asksNobodyWhenTheLockIsFree();
    void asksOncePerFailedAttempt();
    void asksOnceMoreUntilTheAnswerIsYes();
    void doesNotAskWhoDoesNotWait();
    void failsWhenTheCheckThrows_data();
    void failsWhenTheCheckThrows();
    void letsTheCheckDoAnything();
};

void tst_Polling::looksAgainUntilItIsFree()
{
    ScriptedLock lock;
    lock.script().busy = 5;
    lock.acquire({.pollInterval = 1ms});
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
    QCOMPARE(lock.script().attempts, 6);
    settle();
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("acquired")});
}

void tst_Polling::givesEachCallItsOwnInterval()
{
    ScriptedLock slow;
    slow.setPollInterval(1h);
    slow.script().busy = 5;
    slow.acquire();
    ScriptedLock fast;
    fast.setPollInterval(1h);
    fast.script().busy = 50;
    fast.acquire({.pollInterval = 1ms});
    QVERIFY(comesTrue([&] { return fast.isHeld(); }));
    QVERIFY(!slow.isHeld()); // 50 looks of the other, and not 5 of its own
    QCOMPARE(fast.pollInterval(), std::chrono::milliseconds(1h));
}

void tst_Polling::takesANewIntervalDuringAWait()
{
    ScriptedLock lock;
    lock.setPollInterval(1h);
    lock.script().busy = 50;
    lock.acquire();
    QVERIFY(comesTrue([&] { return lock.script().attempts > 0; }));
    settle();
    QVERIFY(!lock.isHeld());
    QVERIFY(lock.setPollInterval(1ms));
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
}

void tst_Polling::leavesThePollToWhoLooksForAll_data()
{
    QTest::addColumn<bool>("blocks");
    QTest::addColumn<int>("looksEvery");
    QTest::addColumn<bool>("isAsked");
    QTest::addColumn<bool>("polls");
    for (const bool blocks : {false, true}) {
        const char *how = blocks ? ", blocking" : "";
        QTest::addRow("as often as it polls%s", how) << blocks << 2 << false << false;
        QTest::addRow("more often%s", how) << blocks << 1 << false << false;
        QTest::addRow("more seldom%s", how) << blocks << 3 << false << true;
        QTest::addRow("not at all%s", how) << blocks << 0 << false << true;
        QTest::addRow("but a check wants to be asked%s", how) << blocks << 1 << true << true;
    }
}

void tst_Polling::leavesThePollToWhoLooksForAll()
{
    QFETCH(bool, blocks);
    QFETCH(int, looksEvery);
    QFETCH(bool, isAsked);
    QFETCH(bool, polls);
    const Bell bell;
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    lock.script().watched = bell.watchable();
    lock.script().watched.looksEvery = std::chrono::milliseconds(looksEvery);
    std::stop_source end;
    AcquireOptions options{.pollInterval = 2ms, .stopToken = end.get_token()};
    if (isAsked)
        options.cancelCheck = [] { return false; };
    ScriptedLock control; // the same time for it
    control.script().busy = Script::Always;
    control.acquire({.pollInterval = 2ms});
    std::jthread blocked;
    if (blocks)
        blocked = std::jthread([&] { static_cast<void>(lock.tryAcquireFor(1h, options)); });
    else
        lock.acquire(options);
    QVERIFY(comesTrue([&] { return lock.script().attempts >= 2; }));
    const int before = control.script().attempts;
    const int begun = lock.script().attempts;
    QVERIFY(comesTrue([&] { return control.script().attempts >= before + 40; }));
    const int looks = lock.script().attempts - begun;
    end.request_stop();
    QVERIFY2(polls == (looks > 20), qPrintable(QString::number(looks)));
}

void tst_Polling::looksWhereNobodyElseDoes()
{
    ScriptedLock lock;
    lock.script().busy = 50;
    lock.script().watched.looksEvery = 1ms; // but there is nothing to listen to
    lock.acquire({.pollInterval = 1ms});
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
}

void tst_Polling::refusesAnIntervalThatIsNone()
{
    ScriptedLock lock;
    for (const auto bad : {0ms, -1ms, -50ms}) {
        QVERIFY(!lock.setPollInterval(bad));
        QCOMPARE(lock.error(), LockError::InvalidArgument);
        QCOMPARE(lock.pollInterval(), 50ms);
        QVERIFY(!lock.tryAcquireFor(1h, {.pollInterval = bad}));
        QCOMPARE(lock.error(), LockError::InvalidArgument);
        QCOMPARE(lock.script().attempts, 0);
    }
}

void tst_Polling::neverOvershootsTheDeadlineByAPoll()
{
    ScriptedLock lock;
    lock.setPollInterval(1h);
    lock.script().busy = Script::Always;
    lock.acquire({.timeout = 10ms});
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("timedOut")});
    QVERIFY(!lock.tryAcquireFor(10ms));
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(lock.script().attempts >= 4); // each has looked once more at its deadline
}

void tst_Polling::asksNobodyWhenTheLockIsFree()
{
    ScriptedLock lock;
    int asked = 0;
    const AcquireOptions options{.cancelCheck = [&] {
        ++asked;
        return true;
    }};
    lock.acquire(options);
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("acquired")});
    QVERIFY(lock.tryAcquireFor(1h, options));
    QVERIFY(lock.forceRelease());
    QVERIFY(lock.tryAcquireFor(1h, options));
    QCOMPARE(asked, 0);
}

void tst_Polling::asksOncePerFailedAttempt()
{
    ScriptedLock lock;
    lock.script().busy = 7;
    int asked = 0;
    const AcquireOptions options{.pollInterval = 1ms, .cancelCheck = [&] {
                                     ++asked;
                                     return false;
                                 }};
    lock.acquire(options);
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
    QCOMPARE(asked, 7);
    QCOMPARE(lock.script().attempts, 8);
    QVERIFY(lock.release());
    lock.script().busy = 7;
    QVERIFY(lock.tryAcquireFor(1h, options));
    QCOMPARE(asked, 14);
}

void tst_Polling::asksOnceMoreUntilTheAnswerIsYes()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    int asked = 0;
    const AcquireOptions options{.pollInterval = 1ms, .cancelCheck = [&] { return ++asked == 3; }};
    lock.acquire(options);
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    settle();
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("cancelled")});
    QCOMPARE(asked, 3);
    asked = 0;
    QVERIFY(!lock.tryAcquireFor(1h, options));
    QCOMPARE(asked, 3);
    QCOMPARE(lock.error(), LockError::None);
}

void tst_Polling::doesNotAskWhoDoesNotWait()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    int asked = 0;
    const AcquireOptions options{.blocking = false, .cancelCheck = [&] {
                                     ++asked;
                                     return true;
                                 }};
    lock.acquire(options);
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("timedOut")});
    QVERIFY(!lock.tryAcquireFor(1h, options));
    QCOMPARE(asked, 0);
}

void tst_Polling::failsWhenTheCheckThrows_data()
{
    QTest::addColumn<int>("call");
    QTest::newRow("at its first call") << 1;
    QTest::newRow("at its third") << 3;
}

void tst_Polling::failsWhenTheCheckThrows()
{
    QFETCH(int, call);
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    int asked = 0;
    AcquireOptions options{.pollInterval = 1ms, .cancelCheck = [&]() -> bool {
                               if (++asked == call)
                                   throw std::runtime_error("the dialog is gone");
                               return false;
                           }};
    lock.acquire({.pollInterval = 1ms}); // somebody in front, whom it does not concern
    lock.acquire(options);
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("errorOccurred")});
    QCOMPARE(lock.error(), LockError::CallbackFailed);
    QVERIFY2(lock.errorString().contains(QStringLiteral("the dialog is gone")), qPrintable(lock.errorString()));
    QCOMPARE(asked, call);
    lock.cancel();
    QVERIFY(comesTrue([&] { return lock.endings().size() == 2; }));
    asked = 0;
    QVERIFY_EXCEPTION_THROWN(static_cast<void>(lock.tryAcquireFor(1h, options)), std::runtime_error);
    QCOMPARE(asked, call);
    QCOMPARE(lock.state(), LockState::Idle);
    QCOMPARE(lock.script().overlaps, 0);
    lock.script().busy = 0;
    QVERIFY(lock.tryAcquire());
}

// It may ask for more, cancel itself, or run an event loop in which its own wait ends.
void tst_Polling::letsTheCheckDoAnything()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    int asked = 0;
    lock.acquire({.pollInterval = 1ms, .cancelCheck = [&] {
                      if (++asked == 2) {
                          for (int i = 0; i < 200; ++i) // so many that any container has to move
                              lock.acquire({.pollInterval = 1ms});
                      }
                      if (asked == 4) {
                          lock.cancel();
                          settle(); // everything ends in here, this request, too
                      }
                      return false;
                  }});
    QVERIFY(comesTrue([&] { return lock.endings().size() == 201; }));
    QCOMPARE(lock.endings(), QStringList(201, QStringLiteral("cancelled")));
    settle();
    QCOMPARE(lock.endings().size(), 201);
    QCOMPARE(lock.state(), LockState::Idle);
}

QTEST_GUILESS_MAIN(tst_Polling)
#include "tst_polling.moc"
