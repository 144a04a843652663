// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Who keeps whom out, in one process and between processes.

#include "readwrite.h"

#include <QtCore/qthread.h>

#include <atomic>
#include <shared_mutex>
#include <vector>

class tst_Modes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesUnlessToldOtherwise();
    void readersShare();
    void readersShareBetweenProcesses();
    void aWriterKeepsOutEverybody();
    void aReaderKeepsOutAWriter();
    void theModeOfTheLockIsTheDefault();
    void theModeStaysWhileInUse();
    void signalsAndFuturesWorkInBothModes();
    void aWriterGetsInWhenTheLastReaderLeaves();
    void aWaitingReaderIsWokenByTheWriter();
    void aWaitingWriterIsWokenByTheReader();
    void aWaitingWriterIsToldOfTheReader();
    void aDeadReaderKeepsNobodyOut();
    void aDeadWriterKeepsNobodyOut();
    void aWaitForReadingAndOneForWritingQueue();
    void threadsReadTogether();
    void tellsWhoIsInTheWay();
};

const auto Try = QStringLiteral("try");
const auto TryRead = QStringLiteral("tryRead");
const auto TryWrite = QStringLiteral("tryWrite");
const auto Acquired = QStringLiteral("acquired");
const auto Busy = QStringLiteral("busy");
const auto Release = QStringLiteral("release");
const auto Released = QStringLiteral("released");

void tst_Modes::writesUnlessToldOtherwise()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.lock();
    QCOMPARE(lock->mode(), LockMode::Exclusive);
    QVERIFY(lock->tryAcquire());
    QVERIFY(!other->tryAcquireRead());
    QCOMPARE(other->error(), LockError::None);
}

void tst_Modes::readersShare()
{
    const ReadWritePlace place;
    const auto a = place.lock();
    const auto b = place.lock();
    const auto c = place.lock();
    QVERIFY(a->tryAcquireRead());
    QVERIFY(b->tryAcquireRead());
    QVERIFY(!c->tryAcquireWrite());
    QVERIFY(a->release());
    QVERIFY(!c->tryAcquireWrite());
    QVERIFY(b->release());
    QVERIFY(c->tryAcquireWrite());
    QVERIFY(!a->tryAcquireRead());
}

void tst_Modes::readersShareBetweenProcesses()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QVERIFY(lock->tryAcquireRead());
    QCOMPARE(other->ask(TryRead), Acquired);
    QCOMPARE(other->ask(Release), Released);
    QCOMPARE(other->ask(TryWrite), Busy);
    QCOMPARE(other->ask(TryRead), Acquired); // the attempt to write has left nothing behind
}

void tst_Modes::aWriterKeepsOutEverybody()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QCOMPARE(other->ask(TryWrite), Acquired);
    QVERIFY(!lock->tryAcquireRead());
    QVERIFY(!lock->tryAcquireWrite());
    QVERIFY(!lock->tryAcquireReadFor(30ms));
    QCOMPARE(other->ask(Release), Released);
    QVERIFY(lock->tryAcquireWrite());
    QCOMPARE(other->ask(TryRead), Busy);
    QCOMPARE(other->ask(Try), Busy);
}

void tst_Modes::aReaderKeepsOutAWriter()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QCOMPARE(other->ask(TryRead), Acquired);
    QVERIFY(!lock->tryAcquireWrite());
    QVERIFY(!lock->tryAcquireWriteFor(50ms));
    QCOMPARE(lock->error(), LockError::None);
    QVERIFY(lock->tryAcquireRead());
    QVERIFY(lock->release());
    QCOMPARE(other->ask(Release), Released);
    QVERIFY(lock->tryAcquireWrite());
}

void tst_Modes::theModeOfTheLockIsTheDefault()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.lock();
    QSignalSpy changed(lock.get(), &AbstractReadWriteLock::modeChanged);
    QVERIFY(lock->setMode(LockMode::Shared));
    QVERIFY(lock->setMode(LockMode::Shared));
    QCOMPARE(changed.size(), 1);
    QVERIFY(other->tryAcquireRead());
    QVERIFY(lock->tryAcquire());
    QVERIFY(lock->release());
    QVERIFY(!lock->tryAcquireFor(0ms, {.mode = LockMode::Exclusive})); // the call's own word wins
    QVERIFY(other->release());
    QVERIFY(lock->tryAcquireWrite());
}

void tst_Modes::theModeStaysWhileInUse()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquireRead());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("mode .*some.lock.* cannot be changed")));
    QVERIFY(!lock->setMode(LockMode::Shared));
    QCOMPARE(lock->error(), LockError::Misuse);
    QCOMPARE(lock->mode(), LockMode::Exclusive);
}

void tst_Modes::signalsAndFuturesWorkInBothModes()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    const auto other = place.lock();
    Endings endings(lock.get());
    lock->acquireRead();
    QVERIFY(endings.acquired.wait(Patience));
    QVERIFY(other->tryAcquireRead());
    QVERIFY(other->release());
    QVERIFY(lock->release());
    lock->acquireWrite({.timeout = 30s});
    QVERIFY(endings.acquired.wait(Patience));
    QVERIFY(!other->tryAcquireRead());
    QFuture<Outcome> tooLate = other->acquireReadFuture({.timeout = 20ms});
    QTRY_VERIFY_WITH_TIMEOUT(tooLate.isFinished(), Patience);
    QCOMPARE(tooLate.result(), Outcome::TimedOut);
    QVERIFY(lock->release());
    QFuture<Outcome> writes = other->acquireWriteFuture();
    QTRY_VERIFY_WITH_TIMEOUT(writes.isFinished(), Patience);
    QCOMPARE(writes.result(), Outcome::Acquired);
    QVERIFY(!lock->tryAcquireRead());
}

void tst_Modes::aWriterGetsInWhenTheLastReaderLeaves()
{
    const ReadWritePlace place;
    const auto a = place.otherProcess();
    const auto b = place.otherProcess();
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    QCOMPARE(a->ask(TryRead), Acquired);
    QCOMPARE(b->ask(TryRead), Acquired);
    Endings endings(lock.get());
    lock->acquireWrite();
    settle();
    QCOMPARE(a->ask(Release), Released);
    QTest::qWait(50); // he leaves, and that is not enough
    QCOMPARE(endings.count(), 0);
    QCOMPARE(b->ask(Release), Released);
    QTRY_COMPARE_WITH_TIMEOUT(endings.acquired.size(), 1, Patience);
}

void tst_Modes::aWaitingReaderIsWokenByTheWriter()
{
    const ReadWritePlace place;
    const auto other = place.otherProcess();
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    QCOMPARE(other->ask(TryWrite), Acquired);
    Endings endings(lock.get());
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    lock->acquireRead();
    QVERIFY(contended.wait(Patience));
    settle();
    QCOMPARE(endings.count(), 0);
    QCOMPARE(other->ask(Release), Released);
    QTRY_COMPARE_WITH_TIMEOUT(endings.acquired.size(), 1, Patience);
}

void tst_Modes::aWaitingWriterIsWokenByTheReader()
{
    const ReadWritePlace place;
    const auto other = place.otherProcess();
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquireRead());
    other->tell(QStringLiteral("blockWrite -1"));
    QVERIFY(other->isSilent());
    QVERIFY(lock->release());
    QCOMPARE(other->hear(), Acquired);
}

// And not of himself, though he keeps others out already.
void tst_Modes::aWaitingWriterIsToldOfTheReader()
{
    const ReadWritePlace place;
    const auto other = place.otherProcess();
    const auto lock = place.lock();
    QCOMPARE(other->ask(TryRead), Acquired);
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    lock->acquireWrite();
    QVERIFY(contended.wait(Patience));
    for (const auto &holder : {contended.first().first().value<Holdfast::LockHolder>(), lock->holder()}) {
        QCOMPARE(holder.processId, other->processId());
        QCOMPARE(holder.mode, LockMode::Shared);
    }
}

void tst_Modes::aDeadReaderKeepsNobodyOut()
{
    const ReadWritePlace place;
    const auto other = place.otherProcess();
    const auto lock = place.lock();
    QCOMPARE(other->ask(TryRead), Acquired);
    QVERIFY(!lock->tryAcquireWrite());
    other->kill();
    QVERIFY(lock->tryAcquireWriteFor(30s));
}

void tst_Modes::aDeadWriterKeepsNobodyOut()
{
    const ReadWritePlace place;
    const auto other = place.otherProcess();
    const auto lock = place.lock();
    QCOMPARE(other->ask(TryWrite), Acquired);
    QVERIFY(!lock->tryAcquireRead());
    other->kill();
    QVERIFY(lock->tryAcquireReadFor(30s));
}

void tst_Modes::aWaitForReadingAndOneForWritingQueue()
{
    const ReadWritePlace place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QVERIFY(holder->tryAcquireWrite());
    QStringList order;
    connect(lock.get(), &AbstractLock::acquired, this, [&] {
        order += QStringLiteral("acquired");
        QVERIFY(lock->release());
    });
    connect(lock.get(), &AbstractLock::timedOut, this, [&] { order += QStringLiteral("timedOut"); });
    lock->acquireWrite({.timeout = 30ms});
    lock->acquireRead();
    lock->acquireWrite();
    QTRY_COMPARE_WITH_TIMEOUT(order, QStringList({QStringLiteral("timedOut")}), Patience);
    QVERIFY(holder->release());
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), 3, Patience);
    QCOMPARE(order.last(), Acquired);
    QVERIFY(holder->tryAcquireWrite()); // nothing is left behind
}

void tst_Modes::threadsReadTogether()
{
    const ReadWritePlace place;
    const auto lock = place.lock();
    constexpr int count = 8;
    std::atomic<int> reading{0};
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < count; ++i) {
        threads.emplace_back(QThread::create([&] {
            const std::shared_lock guard(*lock);
            ++reading;
            while (reading < count) // all at the same time, or never
                QThread::yieldCurrentThread();
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads)
        QVERIFY(thread->wait(Patience));
    QVERIFY(lock->tryAcquireWrite());
}

void tst_Modes::tellsWhoIsInTheWay()
{
    const ReadWritePlace place;
    const auto other = place.otherProcess();
    const auto lock = place.lock();
    QVERIFY(!lock->holder().isValid());
    QCOMPARE(other->ask(TryRead), Acquired);
    QCOMPARE(lock->holder().processId, other->processId());
    QCOMPARE(lock->holder().mode, LockMode::Shared);
    QCOMPARE(other->ask(Release), Released);
    QCOMPARE(other->ask(TryWrite), Acquired);
    QCOMPARE(lock->holder().processId, other->processId());
    QCOMPARE(lock->holder().mode, LockMode::Exclusive);
    QCOMPARE(other->ask(Release), Released);
    QVERIFY(!lock->holder().isValid());
}

QTEST_GUILESS_MAIN(tst_Modes)
#include "tst_modes.moc"
