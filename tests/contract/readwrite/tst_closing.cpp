// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// close(): everything goes, and nothing comes after it.

#include "readwrite.h"

#include <QtCore/qsemaphore.h>
#include <QtCore/qthread.h>

class tst_Closing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesBackEveryLevel();
    void givesBackWhatOtherThreadsHold();
    void endsWaitsAsCancelled();
    void endsABlockingWait();
    void refusesWhatComesLater();
    void theSecondTimeDoesNothing();
};

void tst_Closing::givesBackEveryLevel()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    QSignalSpy released(lock.get(), &AbstractLock::released);
    QSignalSpy closed(lock.get(), &AbstractReadWriteLock::closedChanged);
    QVERIFY(lock->tryAcquireRead());
    QVERIFY(lock->tryAcquireRead());
    QVERIFY(!lock->isClosed());
    lock->close();
    QVERIFY(lock->isClosed());
    QVERIFY(!lock->isHeld());
    QCOMPARE(lock->depth(), 0);
    QCOMPARE(released.size(), 1);
    QCOMPARE(closed.size(), 1);
    QVERIFY(rival->tryAcquireWrite());
}

void tst_Closing::givesBackWhatOtherThreadsHold()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    QSemaphore held;
    QSemaphore go;
    bool stillHeld = true;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        if (lock->tryAcquireWrite())
            held.release();
        go.acquire();
        stillHeld = lock->isHeld();
    }));
    thread->start();
    QVERIFY(held.tryAcquire(1, Patience));
    lock->close();
    QVERIFY(rival->tryAcquireWrite());
    go.release();
    QVERIFY(thread->wait(Patience));
    QVERIFY(!stillHeld);
}

void tst_Closing::endsWaitsAsCancelled()
{
    const ReadWritePlace place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    const auto reader = place.lock();
    QVERIFY(holder->tryAcquireRead());
    lock->setPollInterval(Never);
    Endings endings(lock.get());
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    lock->acquireWrite();
    QVERIFY(contended.wait(Patience));
    lock->close();
    QVERIFY(endings.cancelled.wait(Patience));
    QCOMPARE(endings.count(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(reader->tryAcquireRead(), Patience); // the announcement has gone, too
}

void tst_Closing::endsABlockingWait()
{
    const ReadWritePlace place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquireWrite());
    QSemaphore waits;
    connect(
        lock.get(), &AbstractLock::contended, this, [&waits] { waits.release(); }, Qt::DirectConnection);
    bool acquired = true;
    const std::unique_ptr<QThread> thread(
        QThread::create([&] { acquired = lock->tryAcquireReadFor(-1ms, {.pollInterval = Never}); }));
    thread->start();
    QVERIFY(waits.tryAcquire(1, Patience));
    lock->close();
    QVERIFY(thread->wait(Patience));
    QVERIFY(!acquired);
}

void tst_Closing::refusesWhatComesLater()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    lock->close();
    QVERIFY(!lock->tryAcquireRead());
    QCOMPARE(lock->error(), LockError::Misuse);
    QVERIFY2(lock->errorString().contains(QLatin1String("closed")), qPrintable(lock->errorString()));
    QVERIFY(lock->errorString().contains(place.path()));
    QVERIFY(!lock->tryAcquireWriteFor(-1ms));
    QVERIFY(!lock->tryAcquire());
    Endings endings(lock.get());
    lock->acquireRead();
    QVERIFY(endings.failed.wait(Patience));
    QCOMPARE(lock->error(), LockError::Misuse);
    QVERIFY(lock->forceRelease());
    QVERIFY(place.lock()->tryAcquireWrite());
}

void tst_Closing::theSecondTimeDoesNothing()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    QSignalSpy closed(lock.get(), &AbstractReadWriteLock::closedChanged);
    lock->close();
    lock->close();
    QCOMPARE(closed.size(), 1);
}

QTEST_GUILESS_MAIN(tst_Closing)
#include "tst_closing.moc"
