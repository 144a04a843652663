// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "contract.h"

#include <QtCore/qfuturewatcher.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <stdexcept>
#include <stop_token>

class tst_Cancelling : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsTheWaitAsCancelled();
    void endsEverythingAskedSoFar();
    void doesNothingToAHold();
    void cancelsBeforeAnythingWasTried();
    void anotherThreadEndsAWaitOfTheEventLoop();
    void anotherThreadEndsABlockingWait();
    void asksTheCheckOnlyAfterAFailedAttempt();
    void theCheckEndsTheWait();
    void theCheckMayCancelItsOwnWait();
    void aThrowingCheckEndsTheWaitAsFailed();
    void aThrowingCheckPassesThroughABlockingWait();
    void aStopRequestEndsTheWait();
    void aStopRequestEndsABlockingWait();
    void cancellingTheFutureEndsTheWait();
    void aFutureThatWasCancelledTooLateGivesTheLockBack();
    void aCancelledOneDoesNotHoldUpTheOthers();
};

void tst_Cancelling::endsTheWaitAsCancelled()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    lock->acquire();
    settle();
    lock->cancel();
    QCOMPARE(endings.count(), 0);
    QVERIFY(endings.cancelled.wait(Patience));
    QCOMPARE(endings.count(), 1);
    QCOMPARE(lock->state(), LockState::Idle);
    QCOMPARE(lock->error(), LockError::None);
    QVERIFY(holder->release());
    QVERIFY(lock->tryAcquire());
}

void tst_Cancelling::endsEverythingAskedSoFar()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    lock->acquire();
    lock->acquire();
    lock->cancel();
    lock->acquire(); // asked after it
    QTRY_COMPARE_WITH_TIMEOUT(endings.cancelled.size(), 2, Patience);
    settle();
    QCOMPARE(endings.count(), 2);
    QVERIFY(holder->release());
    QTRY_COMPARE_WITH_TIMEOUT(endings.acquired.size(), 1, Patience);
}

void tst_Cancelling::doesNothingToAHold()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquire());
    Endings endings(lock.get());
    lock->cancel();
    settle();
    QCOMPARE(endings.count(), 0);
    QVERIFY(lock->isHeld());
}

void tst_Cancelling::cancelsBeforeAnythingWasTried()
{
    const Place place;
    const auto lock = place.lock();
    Endings endings(lock.get());
    lock->acquire();
    lock->cancel();
    QVERIFY(endings.cancelled.wait(Patience));
    QCOMPARE(endings.count(), 1);
    QVERIFY(!QFile::exists(place.path()));
}

void tst_Cancelling::anotherThreadEndsAWaitOfTheEventLoop()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    lock->acquire();
    settle();
    QThread *here = QThread::currentThread();
    QThread *signalled = nullptr;
    connect(
        lock.get(), &AbstractLock::cancelled, this, [&] { signalled = QThread::currentThread(); },
        Qt::DirectConnection);
    const std::unique_ptr<QThread> other(QThread::create([&lock] { lock->cancel(); }));
    other->start();
    QVERIFY(endings.cancelled.wait(Patience));
    QVERIFY(other->wait());
    QCOMPARE(signalled, here);
    QCOMPARE(endings.count(), 1);
}

void tst_Cancelling::anotherThreadEndsABlockingWait()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    std::atomic<bool> acquired{true};
    std::atomic<int> asked{0};
    const std::unique_ptr<QThread> worker(QThread::create([&] {
        acquired = lock->tryAcquireFor(-1ms, {.pollInterval = 1ms, .cancelCheck = [&asked] { return ++asked < 0; }});
    }));
    worker->start();
    QTRY_VERIFY_WITH_TIMEOUT(asked > 0, Patience); // it waits
    lock->cancel();
    QVERIFY(worker->wait(Patience));
    QCOMPARE(acquired, false);
    QVERIFY(holder->isHeld());
}

void tst_Cancelling::asksTheCheckOnlyAfterAFailedAttempt()
{
    const Place place;
    const auto lock = place.lock();
    int asked = 0;
    const auto check = [&asked] { return ++asked > 0; };
    Endings endings(lock.get());
    lock->acquire({.cancelCheck = check});
    QVERIFY(endings.acquired.wait(Patience));
    QVERIFY(lock->tryAcquireFor(-1ms, {.cancelCheck = check}));
    QCOMPARE(asked, 0);
}

void tst_Cancelling::theCheckEndsTheWait()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    int asked = 0;
    const auto atTheThird = [&asked] { return ++asked == 3; };
    Endings endings(lock.get());
    lock->acquire({.pollInterval = 2ms, .cancelCheck = atTheThird});
    QVERIFY(endings.cancelled.wait(Patience));
    QCOMPARE(asked, 3);
    settle();
    QCOMPARE(endings.count(), 1);
    asked = 0;
    QVERIFY(!lock->tryAcquireFor(-1ms + 1h, {.pollInterval = 2ms, .cancelCheck = atTheThird}));
    QCOMPARE(asked, 3);
    QCOMPARE(lock->error(), LockError::None);
}

// Asked from within, cancel() means this thread's blocking wait, and nobody else's.
void tst_Cancelling::theCheckMayCancelItsOwnWait()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    std::atomic<int> asked{0};
    std::atomic<bool> acquired{false};
    const std::unique_ptr<QThread> other(QThread::create([&] {
        acquired = lock->tryAcquireFor(-1ms, {.pollInterval = 1ms, .cancelCheck = [&] { return ++asked < 0; }});
        lock->forceRelease();
    }));
    other->start();
    QTRY_VERIFY_WITH_TIMEOUT(asked > 0, Patience); // it waits, too
    int calls = 0;
    const auto cancels = [&] {
        ++calls;
        lock->cancel();
        return false;
    };
    QVERIFY(!lock->tryAcquireFor(1h, {.pollInterval = 1ms, .cancelCheck = cancels}));
    QCOMPARE(calls, 1);
    QCOMPARE(lock->error(), LockError::None);
    const int before = asked;
    QTRY_VERIFY_WITH_TIMEOUT(asked > before + 1, Patience); // and goes on waiting
    QVERIFY(holder->release());
    QVERIFY(other->wait(Patience));
    QVERIFY(acquired);
}

void tst_Cancelling::aThrowingCheckEndsTheWaitAsFailed()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    lock->acquire({.cancelCheck = []() -> bool { throw std::runtime_error("the check broke"); }});
    QVERIFY(endings.failed.wait(Patience));
    QCOMPARE(lock->error(), LockError::CallbackFailed);
    QVERIFY(lock->errorString().contains(QStringLiteral("the check broke")));
    QCOMPARE(lock->state(), LockState::Idle);
}

void tst_Cancelling::aThrowingCheckPassesThroughABlockingWait()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    const auto broken = []() -> bool { throw std::runtime_error("the check broke"); };
    QVERIFY_EXCEPTION_THROWN(static_cast<void>(lock->tryAcquireFor(1h, {.cancelCheck = broken})), std::runtime_error);
    QCOMPARE(lock->state(), LockState::Idle);
    QVERIFY(holder->release());
    QVERIFY(lock->tryAcquire());
    QCOMPARE(lock->depth(), 1);
}

void tst_Cancelling::aStopRequestEndsTheWait()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    QVERIFY(holder->tryAcquire());
    std::stop_source source;
    Endings endings(lock.get());
    lock->acquire({.stopToken = source.get_token()});
    lock->acquire(); // another acquisition is not concerned
    settle();
    const std::unique_ptr<QThread> other(QThread::create([&source] { source.request_stop(); }));
    other->start();
    QVERIFY(endings.cancelled.wait(Patience));
    QVERIFY(other->wait());
    settle();
    QCOMPARE(endings.count(), 1);
    lock->acquire({.stopToken = source.get_token()}); // stopped before it began
    QTRY_COMPARE_WITH_TIMEOUT(endings.cancelled.size(), 2, Patience);
    QCOMPARE(lock->state(), LockState::Waiting);
}

void tst_Cancelling::aStopRequestEndsABlockingWait()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    std::stop_source source;
    std::atomic<bool> acquired{true};
    const std::unique_ptr<QThread> worker(QThread::create(
        [&] { acquired = lock->tryAcquireFor(-1ms, {.pollInterval = Never, .stopToken = source.get_token()}); }));
    worker->start();
    source.request_stop();
    QVERIFY(worker->wait(Patience));
    QCOMPARE(acquired, false);
}

void tst_Cancelling::cancellingTheFutureEndsTheWait()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    QFuture<Outcome> future = lock->acquireFuture();
    settle();
    QVERIFY(!future.isFinished());
    future.cancel();
    QVERIFY(endings.cancelled.wait(Patience));
    QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), Patience);
    QVERIFY(future.isCanceled());
    QCOMPARE(lock->state(), LockState::Idle);
}

void tst_Cancelling::aFutureThatWasCancelledTooLateGivesTheLockBack()
{
    // At every distance between the release that grants it and the cancellation.
    const Place place;
    for (int turns = 0; turns < 12; ++turns) {
        const auto holder = place.lock();
        const auto lock = place.lock();
        QVERIFY(holder->tryAcquire());
        Endings endings(lock.get());
        QFuture<Outcome> future = lock->acquireFuture();
        settle();
        QVERIFY(holder->release());
        for (int i = 0; i < turns; ++i)
            QCoreApplication::processEvents();
        future.cancel();
        QTRY_COMPARE_WITH_TIMEOUT(endings.count(), 1, Patience);
        settle();
        // Whoever sees the result has the lock; if nobody can, nobody has it.
        const bool seen = future.resultCount() > 0;
        QCOMPARE(lock->isHeld(), seen);
        QCOMPARE(endings.acquired.size(), seen ? 1 : 0);
        QTRY_COMPARE_WITH_TIMEOUT(holder->tryAcquire(), !seen, Patience); // at once, or after an attempt on a pool
    }
}

void tst_Cancelling::aCancelledOneDoesNotHoldUpTheOthers()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    std::stop_source source;
    QFuture<Outcome> first = lock->acquireFuture();
    lock->acquire({.stopToken = source.get_token()});
    QFuture<Outcome> third = lock->acquireFuture();
    settle();
    source.request_stop();
    first.cancel();
    QVERIFY(holder->release());
    QTRY_VERIFY_WITH_TIMEOUT(third.isFinished(), Patience);
    QCOMPARE(third.result(), Outcome::Acquired);
    QCOMPARE(endings.cancelled.size(), 2);
    QCOMPARE(lock->depth(), 1);
}

QTEST_GUILESS_MAIN(tst_Cancelling)
#include "tst_cancelling.moc"
