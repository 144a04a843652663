// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The standard's guards on a read/write lock.

#include "readwrite.h"

#include <mutex>
#include <shared_mutex>
#include <system_error>

class tst_Views : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void uniqueLockWritesAndSharedLockReads();
    void theModeOfTheLockDoesNotChangeThat();
    void timedGuards();
    void viewsAreLocks();
    void scopedLockTakesSeveral();
    void throwsRatherThanPretend();
};

void tst_Views::uniqueLockWritesAndSharedLockReads()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.lock();
    {
        const std::shared_lock reading(*lock);
        QVERIFY(reading.owns_lock());
        const std::shared_lock alsoReading(*other, std::try_to_lock);
        QVERIFY(alsoReading.owns_lock());
    }
    QVERIFY(!lock->isHeld() && !other->isHeld());
    const std::unique_lock writing(*lock);
    const std::shared_lock refused(*other, std::try_to_lock);
    QVERIFY(writing.owns_lock() && !refused.owns_lock());
}

void tst_Views::theModeOfTheLockDoesNotChangeThat()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.lock();
    QVERIFY(lock->setMode(LockMode::Shared));
    const std::unique_lock writing(*lock);
    QVERIFY(!other->tryAcquireRead());
}

void tst_Views::timedGuards()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.lock();
    const std::unique_lock writing(*lock, 30s);
    QVERIFY(writing.owns_lock());
    std::shared_lock reading(*other, std::defer_lock);
    QVERIFY(!reading.try_lock_for(10ms));
    QVERIFY(!reading.try_lock_until(std::chrono::steady_clock::now() + 10ms));
    std::unique_lock also(*other, std::defer_lock);
    QVERIFY(!also.try_lock_for(10ms));
    QVERIFY(!also.try_lock_until(std::chrono::system_clock::now() - 1h));
}

void tst_Views::viewsAreLocks()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.lock();
    auto reads = lock->readLock();
    auto alsoReads = other->readLock();
    auto writes = other->writeLock();
    {
        const std::unique_lock guard(reads);
        QVERIFY(lock->isHeld());
        std::unique_lock writing(writes, std::try_to_lock);
        QVERIFY(!writing.owns_lock());
        QVERIFY(!writing.try_lock_for(10ms));
        std::unique_lock reading(alsoReads, std::defer_lock);
        QVERIFY(reading.try_lock_until(std::chrono::steady_clock::now() + 30s));
    }
    QVERIFY(!lock->isHeld() && !other->isHeld());
    const std::unique_lock writing(writes);
    QVERIFY(!reads.try_lock());
}

void tst_Views::scopedLockTakesSeveral()
{
    const ReadWritePlace one;
    const ReadWritePlace two;
    const auto a = one.lock();
    const auto b = two.lock();
    const auto reader = one.lock();
    {
        auto view = a->readLock();
        const std::scoped_lock both(view, *b);
        QVERIFY(a->isHeld() && b->isHeld());
        QVERIFY(reader->tryAcquireRead());
    }
    QVERIFY(!a->isHeld() && !b->isHeld());
}

void tst_Views::throwsRatherThanPretend()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.lock();
    const std::unique_lock writing(*lock);
    try {
        other->lock_shared();
        QFAIL("it holds what it cannot have");
    } catch (const std::system_error &error) {
        QCOMPARE(error.code(), std::make_error_code(std::errc::resource_deadlock_would_occur));
    }
    QVERIFY(!other->isHeld());
}

QTEST_GUILESS_MAIN(tst_Views)
#include "tst_views.moc"
