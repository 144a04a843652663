// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Levels, modes that do not mix, threads, and waits that could never end.

#include "readwrite.h"

#include <QtCore/qthread.h>

class tst_Recursion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsLevelsInEitherMode_data();
    void countsLevelsInEitherMode();
    void aHoldIsNeitherUpgradedNorDowngraded_data();
    void aHoldIsNeitherUpgradedNorDowngraded();
    void goesDeeperBehindAWaitingWriter();
    void threadsHaveHoldsOfTheirOwn();
    void threadsShareOneHoldIfToldSo();
    void waitingForOneselfFails();
};

void tst_Recursion::countsLevelsInEitherMode_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("reading") << LockMode::Shared;
    QTest::newRow("writing") << LockMode::Exclusive;
}

void tst_Recursion::countsLevelsInEitherMode()
{
    QFETCH(LockMode, mode);
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    QVERIFY(lock->tryAcquireFor(0ms, {.mode = mode}));
    QVERIFY(lock->tryAcquireFor(1s, {.mode = mode}));
    Endings endings(lock.get());
    lock->acquire({.mode = mode});
    QVERIFY(endings.acquired.wait(Patience));
    QCOMPARE(lock->depth(), 3);
    QVERIFY(lock->release());
    QVERIFY(lock->release());
    QVERIFY(!rival->tryAcquireWrite());
    QVERIFY(lock->release());
    QVERIFY(rival->tryAcquireWrite());
}

void tst_Recursion::aHoldIsNeitherUpgradedNorDowngraded_data()
{
    countsLevelsInEitherMode_data();
}

void tst_Recursion::aHoldIsNeitherUpgradedNorDowngraded()
{
    QFETCH(LockMode, mode);
    const LockMode other = mode == LockMode::Shared ? LockMode::Exclusive : LockMode::Shared;
    const ReadWritePlace place;
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquireFor(0ms, {.mode = mode}));
    QVERIFY(!lock->tryAcquireFor(0ms, {.mode = other}));
    QCOMPARE(lock->error(), LockError::Misuse);
    QVERIFY2(lock->errorString().contains(place.path()), qPrintable(lock->errorString()));
    QVERIFY(!lock->tryAcquireFor(-1ms, {.mode = other})); // at once, not for ever
    Endings endings(lock.get());
    lock->acquire({.mode = other});
    QVERIFY(endings.failed.wait(Patience));
    QCOMPARE(lock->error(), LockError::Misuse);
    QCOMPARE(lock->depth(), 1); // what was held is held
    QVERIFY(lock->release());
    QVERIFY(lock->tryAcquireFor(0ms, {.mode = other}));
}

void tst_Recursion::goesDeeperBehindAWaitingWriter()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto writer = place.otherProcess();
    QVERIFY(lock->tryAcquireRead());
    writer->tell(QStringLiteral("acquireWrite -1"));
    QVERIFY(writer->isSilent());
    QVERIFY(lock->tryAcquireRead());
    QVERIFY(lock->tryAcquireReadFor(-1ms));
    QCOMPARE(lock->depth(), 3);
    QVERIFY(lock->forceRelease());
    QCOMPARE(writer->hear(), QStringLiteral("acquired"));
}

void tst_Recursion::threadsHaveHoldsOfTheirOwn()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquireRead());
    bool reads = false;
    bool writes = true;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        writes = lock->tryAcquireWriteFor(50ms);
        reads = lock->tryAcquireRead() && lock->depth() == 1;
        lock->forceRelease();
    }));
    thread->start();
    QVERIFY(thread->wait(Patience));
    QVERIFY(reads);
    QVERIFY(!writes);
    QCOMPARE(lock->depth(), 1);
}

void tst_Recursion::threadsShareOneHoldIfToldSo()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    QVERIFY(lock->setThreadScope(ThreadScope::Shared));
    QVERIFY(lock->tryAcquireRead());
    bool reads = false;
    bool writes = true;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        reads = lock->tryAcquireRead();
        writes = lock->tryAcquireWrite();
    }));
    thread->start();
    QVERIFY(thread->wait(Patience));
    QVERIFY(reads);
    QVERIFY(!writes);
    QCOMPARE(lock->depth(), 2);
}

void tst_Recursion::waitingForOneselfFails()
{
    const ReadWritePlace place;
    const auto a = place.lock();
    const auto b = place.lock();
    QVERIFY(a->tryAcquireRead());
    QVERIFY(!b->tryAcquireWriteFor(-1ms));
    QCOMPARE(b->error(), LockError::WouldDeadlock);
    QVERIFY(b->tryAcquireReadFor(-1ms)); // readers do not wait for each other
    QVERIFY(a->release());
    QVERIFY(b->release());
    QVERIFY(a->tryAcquireWrite());
    QVERIFY(!b->tryAcquireReadFor(-1ms));
    QCOMPARE(b->error(), LockError::WouldDeadlock);
}

QTEST_GUILESS_MAIN(tst_Recursion)
#include "tst_recursion.moc"
