// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The standard's names and Qt's futures.

#include "contract.h"

#include <QtCore/qthread.h>

#include <condition_variable>
#include <mutex>
#include <system_error>

class tst_Standard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void worksWithUniqueLock();
    void worksWithScopedLock();
    void worksWithConditionVariable();
    void lockThrowsRatherThanPretend();
    void futureGivesTheOutcome();
    void futureContinuesInTheCallingThread();
    void futureOfAnotherOutcome();
};

void tst_Standard::worksWithUniqueLock()
{
    const Place place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    {
        std::unique_lock guard(*lock);
        QVERIFY(guard.owns_lock() && lock->isHeld());
        std::unique_lock refused(*rival, std::try_to_lock);
        QVERIFY(!refused.owns_lock());
        QVERIFY(!refused.try_lock_for(10ms));
        QVERIFY(!refused.try_lock_until(std::chrono::steady_clock::now() + 10ms));
        QVERIFY(!refused.try_lock_until(std::chrono::system_clock::now() - 1h));
        guard.unlock();
        QVERIFY(refused.try_lock_for(30s));
    }
    QVERIFY(!lock->isHeld() && !rival->isHeld());
}

void tst_Standard::worksWithScopedLock()
{
    const Place one;
    const Place two;
    const auto a = one.lock();
    const auto b = two.lock();
    {
        const std::scoped_lock both(*a, *b);
        QVERIFY(a->isHeld() && b->isHeld());
    }
    QVERIFY(!a->isHeld() && !b->isHeld());
}

void tst_Standard::worksWithConditionVariable()
{
    const Place place;
    const auto lock = place.lock();
    std::condition_variable_any ready;
    bool value = false;
    const std::unique_ptr<QThread> worker(QThread::create([&] {
        const std::scoped_lock guard(*lock);
        value = true;
        ready.notify_one();
    }));
    {
        std::unique_lock guard(*lock);
        worker->start();
        QVERIFY(ready.wait_for(guard, 30s, [&value] { return value; }));
        QVERIFY(lock->isHeld());
    }
    QVERIFY(worker->wait(Patience));
}

void tst_Standard::lockThrowsRatherThanPretend()
{
    const Place place;
    const auto lock = place.lock();
    const auto other = place.lock();
    const std::scoped_lock guard(*lock);
    try {
        other->lock();
        QFAIL("it holds what it cannot have");
    } catch (const std::system_error &error) {
        QCOMPARE(error.code(), std::make_error_code(std::errc::resource_deadlock_would_occur));
    }
    QVERIFY(!other->isHeld());
}

void tst_Standard::futureGivesTheOutcome()
{
    const Place place;
    const auto lock = place.lock();
    Endings endings(lock.get());
    QFuture<Outcome> future = lock->acquireFuture();
    QVERIFY(!future.isFinished());
    QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), Patience);
    QCOMPARE(future.result(), Outcome::Acquired);
    QVERIFY(lock->isHeld());
    QCOMPARE(endings.count(), 1); // the signals come, too
}

void tst_Standard::futureContinuesInTheCallingThread()
{
    const Place place;
    const auto lock = place.lock();
    QThread *where = nullptr;
    bool held = false;
    QFuture<void> future = lock->acquireFuture().then([&](Outcome outcome) {
        where = QThread::currentThread();
        held = outcome == Outcome::Acquired && lock->isHeld();
    });
    QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), Patience);
    QCOMPARE(where, QThread::currentThread());
    QVERIFY(held);
}

void tst_Standard::futureOfAnotherOutcome()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquire());
    QFuture<Outcome> tooLate = lock->acquireFuture({.timeout = 10ms});
    QFuture<Outcome> senseless = lock->acquireFuture({.timeout = -10ms});
    QFuture<Outcome> stopped = lock->acquireFuture();
    QTRY_VERIFY_WITH_TIMEOUT(tooLate.isFinished() && senseless.isFinished(), Patience);
    QCOMPARE(tooLate.result(), Outcome::TimedOut);
    QCOMPARE(senseless.result(), Outcome::Failed);
    lock->cancel();
    QTRY_VERIFY_WITH_TIMEOUT(stopped.isFinished(), Patience);
    QCOMPARE(stopped.result(), Outcome::Cancelled);
}

QTEST_GUILESS_MAIN(tst_Standard)
#include "tst_standard.moc"
