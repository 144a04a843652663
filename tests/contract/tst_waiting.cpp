// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "contract.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qsemaphore.h>
#include <QtCore/qthread.h>
#include <QtCore/qthreadpool.h>
#include <QtCore/qtimer.h>

#include <csignal>

class tst_Waiting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void timesOutNotBeforeTheTimeout();
    void aLongPollDoesNotDelayTheTimeout();
    void triesOnceWhenItMayNotWait_data();
    void triesOnceWhenItMayNotWait();
    void isWokenByTheReleaseOfAnotherProcess();
    void isWokenByTheDeathOfTheHolder();
    void isWokenByARivalInThisThread();
    void aBlockedThreadIsWokenByTheRelease();
    void aBlockedThreadIsWokenByTheDeathOfTheHolder();
    void everyWaiterGetsItsTurn();
    void queuesSeveralAcquisitionsInOrder();
    void eachQueuedAcquisitionHasItsOwnTimeout();
    void saysOnceWhoIsInTheWay();
    void saysItOncePerCall();
    void saysWhoIsInTheWayAlsoToThoseWhoMayNotWait();
    void needsNoThreadOfTheProgramsPool();
    void aFrozenHolderStillHolds();
    void keepsTheEventLoopTurning();
    void anotherPollIntervalWorksAtOnce();
    void waitsBehindAnotherObjectOfThisThread();

private:
    void aDeathFreesNothing();
};

void tst_Waiting::timesOutNotBeforeTheTimeout()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    QElapsedTimer timer;
    timer.start();
    lock->acquire({.timeout = 80ms});
    QVERIFY(endings.timedOut.wait(Patience));
    QVERIFY2(timer.elapsed() >= 80, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(lock->state(), LockState::Idle);
    QCOMPARE(lock->error(), LockError::None);
    timer.restart();
    QVERIFY(!lock->tryAcquireFor(80ms));
    QVERIFY2(timer.elapsed() >= 80, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(holder->isHeld());
    QCOMPARE(endings.count(), 1);
}

void tst_Waiting::aLongPollDoesNotDelayTheTimeout()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    lock->setPollInterval(Never);
    Endings endings(lock.get());
    lock->acquire({.timeout = 60ms});
    QVERIFY(endings.timedOut.wait(Patience));
    QVERIFY(!lock->tryAcquireFor(60ms)); // ends at all
}

void tst_Waiting::triesOnceWhenItMayNotWait_data()
{
    QTest::addColumn<bool>("blockingProperty");
    QTest::addColumn<int>("timeoutProperty");
    QTest::addColumn<int>("blockingOption"); // -1: left out
    QTest::addColumn<int>("timeoutOption");  // -2: left out
    QTest::newRow("a timeout of 0") << true << -1 << -1 << 0;
    QTest::newRow("a default timeout of 0") << true << 0 << -1 << -2;
    QTest::newRow("not blocking") << true << -1 << 0 << -2;
    QTest::newRow("not blocking by default") << false << -1 << -1 << -2;
    QTest::newRow("not blocking wins over a timeout") << true << -1 << 0 << 3600000;
    QTest::newRow("not blocking by default wins over a timeout") << false << 3600000 << -1 << -2;
}

void tst_Waiting::triesOnceWhenItMayNotWait()
{
    QFETCH(bool, blockingProperty);
    QFETCH(int, timeoutProperty);
    QFETCH(int, blockingOption);
    QFETCH(int, timeoutOption);
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    lock->setBlocking(blockingProperty);
    lock->setTimeout(milliseconds(timeoutProperty));
    Holdfast::AcquireOptions options{.pollInterval = Never};
    if (blockingOption >= 0)
        options.blocking = blockingOption != 0;
    if (timeoutOption >= -1)
        options.timeout = milliseconds(timeoutOption);
    int asked = 0;
    options.cancelCheck = [&asked] { return ++asked > 0; };
    Endings endings(lock.get());
    lock->acquire(options);
    QVERIFY(endings.timedOut.wait(Patience));
    QCOMPARE(asked, 0); // not waiting decides first
    QVERIFY(holder->release());
    lock->acquire(options);
    QVERIFY(endings.acquired.wait(Patience)); // one attempt is enough for a free lock
    QCOMPARE(endings.count(), 2);
}

void tst_Waiting::isWokenByTheReleaseOfAnotherProcess()
{
    const Place place;
    const auto other = place.otherProcess();
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    Endings endings(lock.get());
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    lock->acquire();
    QVERIFY(contended.wait(Patience));
    settle();
    QCOMPARE(endings.count(), 0);
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_COMPARE_WITH_TIMEOUT(endings.acquired.size(), 1, Patience);
}

// What there is instead with a lock that waits for a person.
void tst_Waiting::aDeathFreesNothing()
{
    const Place place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    Endings endings(lock.get());
    lock->acquire({.timeout = 300ms, .pollInterval = 10ms});
    other->kill();
    QTRY_COMPARE_WITH_TIMEOUT(endings.timedOut.size(), 1, Patience);
    QVERIFY(!lock->tryAcquireFor(100ms, {.pollInterval = 10ms}));
    QCOMPARE(lock->error(), LockError::None);
    QCOMPARE(endings.count(), 1);
}

void tst_Waiting::isWokenByTheDeathOfTheHolder()
{
    if (!isFreedByDeath())
        return aDeathFreesNothing();
    // Many times: the event of a death comes a moment before the kernel frees the lock.
    const Place place;
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    for (int round = 0; round < 20; ++round) {
        const auto other = place.otherProcess();
        QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
        Endings endings(lock.get());
        QSignalSpy contended(lock.get(), &AbstractLock::contended);
        lock->acquire();
        QVERIFY(contended.wait(Patience));
        settle();
        other->kill();
        QTRY_COMPARE_WITH_TIMEOUT(endings.acquired.size(), 1, Patience);
        QVERIFY(lock->release());
    }
}

void tst_Waiting::isWokenByARivalInThisThread()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    lock->acquire();
    settle();
    QVERIFY(holder->release());
    QTRY_COMPARE_WITH_TIMEOUT(endings.acquired.size(), 1, Patience);
}

void tst_Waiting::aBlockedThreadIsWokenByTheRelease()
{
    const Place place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QVERIFY(lock->tryAcquire());
    other->tell(QStringLiteral("block -1"));
    QVERIFY(other->isSilent());
    QVERIFY(lock->release());
    QCOMPARE(other->hear(), QStringLiteral("acquired"));
}

void tst_Waiting::aBlockedThreadIsWokenByTheDeathOfTheHolder()
{
    if (!isFreedByDeath())
        return aDeathFreesNothing();
    const Place place;
    const auto holder = place.otherProcess();
    QCOMPARE(holder->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const auto lock = place.lock();
    const std::unique_ptr<QThread> killer(QThread::create([&holder] {
        QThread::currentThread()->setProperty("started", true);
        ::kill(static_cast<pid_t>(holder->processId()), SIGKILL);
    }));
    killer->start();
    QVERIFY(lock->tryAcquireFor(-1ms, {.pollInterval = Never}));
    QVERIFY(killer->wait());
}

void tst_Waiting::everyWaiterGetsItsTurn()
{
    const Place place;
    const auto holder = place.lock();
    QVERIFY(holder->tryAcquire());
    std::vector<std::unique_ptr<OtherProcess>> waiters;
    for (int i = 0; i < 4; ++i) {
        waiters.push_back(place.otherProcess());
        waiters.back()->tell(i % 2 ? QStringLiteral("acquire -1") : QStringLiteral("block -1"));
    }
    QVERIFY(waiters.front()->isSilent());
    QVERIFY(holder->release());
    std::vector<bool> served(waiters.size(), false);
    for (std::size_t turn = 0; turn < waiters.size(); ++turn) {
        // Whoever has it says so; nobody else does.
        std::size_t winner = waiters.size();
        QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                     for (std::size_t i = 0; i < waiters.size(); ++i) {
                                         if (!served[i] && !waiters[i]->isSilent())
                                             winner = i;
                                     }
                                     return winner < waiters.size();
                                 }()),
                                 Patience);
        QCOMPARE(waiters[winner]->hear(), QStringLiteral("acquired"));
        served[winner] = true;
        for (std::size_t i = 0; i < waiters.size(); ++i)
            QVERIFY(served[i] || waiters[i]->isSilent());
        QCOMPARE(waiters[winner]->ask(QStringLiteral("release")), QStringLiteral("released"));
    }
}

void tst_Waiting::queuesSeveralAcquisitionsInOrder()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    QStringList order;
    connect(lock.get(), &AbstractLock::acquired, this,
            [&] { order += QStringLiteral("acquired%1").arg(lock->depth()); });
    connect(lock.get(), &AbstractLock::timedOut, this, [&] { order += QStringLiteral("timedOut"); });
    lock->acquire();
    lock->acquire({.timeout = 30ms});
    lock->acquire();
    QTRY_COMPARE_WITH_TIMEOUT(order, QStringList({QStringLiteral("timedOut")}), Patience);
    QVERIFY(holder->release());
    QTRY_COMPARE_WITH_TIMEOUT(
        order, QStringList({QStringLiteral("timedOut"), QStringLiteral("acquired1"), QStringLiteral("acquired2")}),
        Patience);
    QCOMPARE(lock->depth(), 2);
}

void tst_Waiting::eachQueuedAcquisitionHasItsOwnTimeout()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    lock->acquire({.timeout = 60ms});
    lock->acquire({.timeout = 20ms});
    lock->acquire({.blocking = false});
    QTRY_COMPARE_WITH_TIMEOUT(endings.timedOut.size(), 3, Patience);
    QCOMPARE(endings.count(), 3);
    QCOMPARE(lock->state(), LockState::Idle);
}

void tst_Waiting::saysOnceWhoIsInTheWay()
{
    const Place place;
    const auto other = place.otherProcess();
    const auto lock = place.lock();
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    Endings endings(lock.get());
    lock->acquire({.timeout = 200ms, .pollInterval = 5ms});
    QCOMPARE(contended.size(), 0);
    QVERIFY(endings.timedOut.wait(Patience));
    QCOMPARE(contended.size(), 1);
    const auto holder = contended.first().first().value<Holdfast::LockHolder>();
    QVERIFY(holder.isValid());
    QCOMPARE(holder.processId, other->processId());
    QCOMPARE(holder.application, QStringLiteral("lockprocess"));
    QCOMPARE(holder.liveness, Holdfast::Liveness::Alive);
    QCOMPARE(lock->holder(), holder);
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(!lock->holder().isValid());
}

void tst_Waiting::saysItOncePerCall()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    Endings endings(lock.get());
    int asked = 0;
    int expected = 2;
    // Who is in the way is looked up beside the waiting; when it has been told, ten more looks tell of nobody.
    const auto often = [&] { return contended.size() >= expected && ++asked >= 10; };
    lock->acquire({.pollInterval = 1ms, .cancelCheck = often});
    lock->acquire({.pollInterval = 1ms, .cancelCheck = often}); // each is told, though they wait together
    QTRY_COMPARE_WITH_TIMEOUT(endings.cancelled.size(), 2, Patience);
    QCOMPARE(contended.size(), 2);
    asked = 0;
    expected = 3;
    lock->acquire({.pollInterval = 1ms, .cancelCheck = often}); // and so is a later one
    QTRY_COMPARE_WITH_TIMEOUT(endings.cancelled.size(), 3, Patience);
    QCOMPARE(contended.size(), 3);
    asked = 0;
    QVERIFY(!lock->tryAcquireFor(1h, {.pollInterval = 1ms, .cancelCheck = often}));
    QCOMPARE(asked, 10);
    QCOMPARE(contended.size(), 4);
    asked = 0;
    QVERIFY(!lock->tryAcquireFor(1h, {.pollInterval = 1ms, .cancelCheck = often}));
    QCOMPARE(contended.size(), 5);
    QCOMPARE(endings.count(), 3);
}

void tst_Waiting::saysWhoIsInTheWayAlsoToThoseWhoMayNotWait()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    QStringList order;
    connect(lock.get(), &AbstractLock::contended, this, [&] { order += QStringLiteral("contended"); });
    connect(lock.get(), &AbstractLock::timedOut, this, [&] { order += QStringLiteral("timedOut"); });
    lock->acquire({.blocking = false});
    lock->acquire({.timeout = 0ms});
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), 4, Patience);
    settle();
    QCOMPARE(order, QStringList({QStringLiteral("contended"), QStringLiteral("timedOut"), QStringLiteral("contended"),
                                 QStringLiteral("timedOut")}));
    QCOMPARE(lock->state(), LockState::Idle);
}

// Its threads may be waiting for this very lock.
void tst_Waiting::needsNoThreadOfTheProgramsPool()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    Endings endings(lock.get());
    QSemaphore entered;
    QSemaphore go;
    QThreadPool *pool = QThreadPool::globalInstance();
    const int threads = pool->maxThreadCount();
    for (int i = 0; i < threads; ++i) {
        pool->start([&] {
            entered.release();
            go.acquire();
        });
    }
    QVERIFY(entered.tryAcquire(threads, Patience));
    lock->acquire({.timeout = 0ms});
    const bool ended = QTest::qWaitFor([&] { return endings.timedOut.size() == 1; }, Patience);
    go.release(threads);
    QVERIFY(pool->waitForDone(Patience));
    QVERIFY(ended);
    QCOMPARE(contended.size(), 1);
}

void tst_Waiting::aFrozenHolderStillHolds()
{
    const Place place;
    const auto other = place.otherProcess();
    const auto lock = place.lock();
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    other->freeze();
    QVERIFY(!lock->tryAcquireFor(150ms));
    other->unfreeze();
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock->tryAcquire());
}

void tst_Waiting::keepsTheEventLoopTurning()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    int turns = 0;
    QTimer ticker;
    connect(&ticker, &QTimer::timeout, this, [&] {
        if (++turns == 50)
            QVERIFY(holder->release()); // not before the loop has turned so often during the wait
    });
    Endings endings(lock.get());
    lock->acquire();
    ticker.start(1);
    QVERIFY(endings.acquired.wait(Patience));
    QVERIFY(turns >= 50);
}

void tst_Waiting::anotherPollIntervalWorksAtOnce()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    lock->setPollInterval(Never);
    int asked = 0;
    Endings endings(lock.get());
    lock->acquire({.cancelCheck = [&asked] { return ++asked >= 20; }});
    settle();
    QVERIFY(lock->setPollInterval(1ms)); // with the old one, this test would not end
    QVERIFY(endings.cancelled.wait(Patience));
    QCOMPARE(asked, 20);
}

void tst_Waiting::waitsBehindAnotherObjectOfThisThread()
{
    const Place place;
    const auto a = place.lock();
    const auto b = place.lock();
    QVERIFY(a->tryAcquire());
    Endings endings(b.get());
    b->acquire(); // for ever, through the event loop: no deadlock
    QTimer::singleShot(0, this, [&] { QVERIFY(a->release()); });
    QVERIFY(endings.acquired.wait(Patience));
    QVERIFY(!a->tryAcquireFor(20ms)); // a finite wait is no deadlock either
    QCOMPARE(a->error(), LockError::None);
    QVERIFY(!a->tryAcquireFor(-1ms)); // this one is
    QCOMPARE(a->error(), LockError::WouldDeadlock);
    QVERIFY(!a->isHeld());
    QVERIFY(b->release());
    QVERIFY(a->tryAcquireFor(-1ms));
}

QTEST_GUILESS_MAIN(tst_Waiting)
#include "tst_waiting.moc"
