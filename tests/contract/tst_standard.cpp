// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The standard's names and Qt's futures.

#include "contract.h"

#include <QtCore/qsemaphore.h>
#include <QtCore/qthread.h>

#include <condition_variable>
#include <functional>
#include <limits>
#include <mutex>
#include <system_error>

class tst_Standard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void worksWithUniqueLock();
    void shortDurationsAreOneAttempt_data();
    void shortDurationsAreOneAttempt();
    void whatIsNoNumberIsRefused();
    void anEndlessDurationWaits();
    void aFractionIsRoundedUp();
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

using Seconds = std::chrono::duration<double>;
using TryFor = std::function<bool(AbstractLock &)>;
Q_DECLARE_METATYPE(TryFor)

void tst_Standard::shortDurationsAreOneAttempt_data()
{
    QTest::addColumn<TryFor>("tryFor");
    const auto row = [](const char *name, auto duration) {
        QTest::newRow(name) << TryFor([duration](AbstractLock &lock) { return lock.try_lock_for(duration); });
    };
    row("nothing", 0s);
    row("a negative one", -5ms);
    row("less than any", std::chrono::hours::min());
    row("a negative fraction", Seconds(-0.0001));
    row("minus infinity", Seconds(-std::numeric_limits<double>::infinity()));
}

void tst_Standard::shortDurationsAreOneAttempt()
{
    QFETCH(TryFor, tryFor);
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->try_lock());
    QVERIFY(!tryFor(*lock));
    QCOMPARE(lock->error(), LockError::None); // busy, and nothing wrong with the duration
    QVERIFY(holder->release());
    QVERIFY(tryFor(*lock));
}

void tst_Standard::whatIsNoNumberIsRefused()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(!lock->try_lock_for(Seconds(std::numeric_limits<double>::quiet_NaN())));
    QCOMPARE(lock->error(), LockError::InvalidArgument);
    QVERIFY2(lock->errorString().contains(QLatin1String("NaN")), qPrintable(lock->errorString()));
}

void tst_Standard::anEndlessDurationWaits()
{
    const QList<TryFor> endless{
        [](AbstractLock &lock) { return lock.try_lock_for(std::chrono::hours::max()); },
        [](AbstractLock &lock) { return lock.try_lock_for(milliseconds::max()); },
        [](AbstractLock &lock) { return lock.try_lock_for(Seconds(std::numeric_limits<double>::infinity())); },
        [](AbstractLock &lock) { return lock.try_lock_until(std::chrono::system_clock::time_point::max()); }};
    for (const TryFor &tryFor : endless) {
        const Place place;
        const auto holder = place.lock();
        const auto lock = place.lock();
        QVERIFY(holder->try_lock());
        QSemaphore waits;
        connect(
            lock.get(), &AbstractLock::contended, this, [&waits] { waits.release(); }, Qt::DirectConnection);
        bool acquired = false;
        const std::unique_ptr<QThread> worker(QThread::create([&] {
            acquired = tryFor(*lock);
            lock->forceRelease();
        }));
        worker->start();
        const bool waited = waits.tryAcquire(1, Patience);
        QVERIFY(holder->release());
        QVERIFY(worker->wait(Patience));
        QVERIFY(waited);
        QVERIFY(acquired);
    }
}

void tst_Standard::aFractionIsRoundedUp()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->try_lock());
    QSignalSpy contended(lock.get(), &AbstractLock::contended); // said only by who may wait, be it for a moment
    QVERIFY(!lock->try_lock_for(Seconds(0.0004)));
    QVERIFY(contended.size() == 1 || triesElsewhere());
    QVERIFY(!lock->try_lock_for(1ns));
    QVERIFY(contended.size() == 2 || triesElsewhere());
    contended.clear();
    QVERIFY(!lock->try_lock());
    QCOMPARE(contended.size(), 0);
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
