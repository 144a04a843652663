// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "patience.h"
#include "scriptedlock.h"

#include <QtCore/qthreadpool.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

/** The object goes while a thread pool is at work for it. */
class tst_DestructionPool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void happensWhileAPoolIsAtIt_data();
    void happensWhileAPoolIsAtIt();
    void happensWhileAPoolDropsWhatNobodyWants();
    void happensWhileAPoolGivesBack();
};

void tst_DestructionPool::happensWhileAPoolIsAtIt_data()
{
    QTest::addColumn<int>("busy");
    QTest::addColumn<int>("failing");
    QTest::newRow("and succeeds") << 0 << 0;
    QTest::newRow("and finds it busy") << 1 << 0;
    QTest::newRow("and fails") << 0 << 1;
}

void tst_DestructionPool::happensWhileAPoolIsAtIt()
{
    QFETCH(int, busy);
    QFETCH(int, failing);
    QThreadPool pool;
    auto lock = std::make_unique<ScriptedLock>();
    const auto script = lock->sharedScript();
    script->stalled = true;
    script->busy = busy;
    script->failing = failing;
    QVERIFY(lock->setThreadPool(&pool));
    lock->acquire();
    QVERIFY(comesTrue([&] { return script->waitingForGo == 1; }));
    lock.reset(); // does not wait for the disk
    QCOMPARE(script->waitingForGo, 1);
    script->go.release();
    QVERIFY(comesTrue([&] { return pool.waitForDone(0); }));
    QVERIFY(comesTrue([&] { return !script->held; })); // given back
    QCOMPARE(script->overlaps, 0);
}

//   1 an attempt on the pool succeeds, and the object is destroyed, which waits for the pool a moment
//   2 the pool finds it closed and gives the lock back, on a disk that takes its time     3 the moment is over
void tst_DestructionPool::happensWhileAPoolDropsWhatNobodyWants()
{
    QThreadPool pool;
    auto lock = std::make_unique<ScriptedLock>();
    const auto script = lock->sharedScript();
    QSemaphore dropped;
    std::atomic<bool> hasWaited = false, isOver = false;
    script->stalled = true;
    script->onDrop = [&, here = std::this_thread::get_id()] {
        if (std::this_thread::get_id() == here)
            return;
        hasWaited = dropped.tryAcquire(1, Patience / 4);
        isOver = true;
    };
    QVERIFY(lock->setThreadPool(&pool));
    lock->acquire();
    QVERIFY(comesTrue([&] { return script->waitingForGo == 1; }));
    std::thread disk([&] {
        QThread::msleep(20); // in the middle of the moment: before or after it nothing is to be seen here
        script->go.release();
    });
    lock.reset(); // waits neither for the disk, nor gives back what is being given back
    disk.join();
    QVERIFY2(!isOver, "it has waited for the disk");
    QVERIFY(comesTrueElsewhere([&] { return script->drops == 1; }));
    QCOMPARE(script->overlaps, 0);
    dropped.release();
    QVERIFY(pool.waitForDone(Patience));
    QVERIFY(hasWaited);
    QVERIFY(!script->held);
    QCOMPARE(script->drops, 1);
    QCOMPARE(script->overlaps, 0);
}

void tst_DestructionPool::happensWhileAPoolGivesBack()
{
    QThreadPool pool;
    for (const int failing : {0, 1}) {
        auto lock = std::make_unique<ScriptedLock>();
        const auto script = lock->sharedScript();
        QVERIFY(lock->setThreadPool(&pool));
        QVERIFY(lock->tryAcquire());
        script->failingReleases = failing;
        QVERIFY(lock->release());
        lock.reset();
        QVERIFY(pool.waitForDone(Patience));
        settle();
        QVERIFY(!script->held);
        QCOMPARE(script->overlaps, 0);
    }
}

QTEST_GUILESS_MAIN(tst_DestructionPool)
#include "tst_destructionpool.moc"
