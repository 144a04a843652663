// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "contract.h"

#include <QtCore/qthread.h>
#include <QtCore/qthreadpool.h>

#include <atomic>
#include <thread>
#include <vector>

class tst_Threads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachThreadHasItsOwnHold();
    void oneHoldForAllThreadsWhenShared();
    void aSharedHoldMayBeReleasedByAnyThread();
    void aThreadThatEndsFreesItsHold_data();
    void aThreadThatEndsFreesItsHold();
    void signalsComeInTheThreadThatCalled();
    void refusesToWaitWithoutAnEventLoop();
    void manyThreadsNeverHoldTogether();
    void sharedScopeCountsRight();
    void attemptsRunOnThePool();
    void releasedComesInTheThreadThatReleased();
    void aBlockingWaitOnItsOwnPoolDoesNotHang();
};

namespace {

/** Runs @p work in a thread of its own and waits for it. */
void inAThread(const std::function<void()> &work)
{
    const std::unique_ptr<QThread> thread(QThread::create(work));
    thread->start();
    QVERIFY(thread->wait(Patience));
}

} // namespace

void tst_Threads::eachThreadHasItsOwnHold()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquire());
    inAThread([&] {
        QCOMPARE(lock->state(), LockState::Idle);
        QCOMPARE(lock->depth(), 0);
        QVERIFY(lock->forceRelease()); // not this thread's: changes nothing
        QVERIFY(!lock->tryAcquire());
        QVERIFY(!lock->tryAcquireFor(20ms));
        QCOMPARE(lock->error(), LockError::None);
    });
    QVERIFY(lock->isHeld());
    QVERIFY(lock->release());
    inAThread([&] {
        QVERIFY(lock->tryAcquire());
        QVERIFY(lock->release());
    });
}

void tst_Threads::oneHoldForAllThreadsWhenShared()
{
    const Place place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    QVERIFY(lock->setThreadScope(ThreadScope::Shared));
    QVERIFY(lock->tryAcquire());
    inAThread([&] {
        QVERIFY(lock->isHeld());
        QVERIFY(lock->tryAcquire());
        QCOMPARE(lock->depth(), 2);
    });
    QCOMPARE(lock->depth(), 2);
    QVERIFY(!rival->tryAcquire());
    QVERIFY(lock->forceRelease());
    QVERIFY(rival->tryAcquire());
}

void tst_Threads::aSharedHoldMayBeReleasedByAnyThread()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(lock->setThreadScope(ThreadScope::Shared));
    inAThread([&] { QVERIFY(lock->tryAcquire()); }); // the thread ends; the hold does not
    QVERIFY(lock->isHeld());
    inAThread([&] { QVERIFY(lock->release()); });
    QVERIFY(!lock->isHeld());
}

void tst_Threads::aThreadThatEndsFreesItsHold_data()
{
    QTest::addColumn<bool>("qtThread");
    QTest::newRow("a QThread") << true;
    QTest::newRow("a std::thread") << false;
}

void tst_Threads::aThreadThatEndsFreesItsHold()
{
    QFETCH(bool, qtThread);
    const Place place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("a thread has ended while it held a lock")));
    const auto hold = [&] {
        QVERIFY(lock->tryAcquire());
        QVERIFY(lock->tryAcquire());
    };
    if (qtThread)
        inAThread(hold);
    else
        std::thread(hold).join();
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
}

void tst_Threads::signalsComeInTheThreadThatCalled()
{
    const Place place;
    const auto lock = place.lock(); // lives here
    QThread worker;
    QObject context;
    context.moveToThread(&worker);
    std::atomic<QThread *> signalled{nullptr};
    connect(
        lock.get(), &AbstractLock::acquired, lock.get(), [&] { signalled = QThread::currentThread(); },
        Qt::DirectConnection);
    worker.start();
    QMetaObject::invokeMethod(&context, [&] { lock->acquire(); });
    QTRY_COMPARE_WITH_TIMEOUT(signalled.load(), &worker, Patience);
    QVERIFY(!lock->isHeld()); // its hold, not ours
    QMetaObject::invokeMethod(
        &context, [&] { QVERIFY(lock->release()); }, Qt::BlockingQueuedConnection);
    worker.quit();
    QVERIFY(worker.wait(Patience));
}

void tst_Threads::refusesToWaitWithoutAnEventLoop()
{
    const Place place;
    const auto lock = place.lock();
    LockError error{};
    QString text;
    Outcome outcome{};
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no event loop")));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no event loop")));
    std::thread([&] {
        lock->acquire();
        error = lock->error();
        text = lock->errorString();
        QFuture<Outcome> future = lock->acquireFuture();
        outcome = future.result(); // there at once; waiting for it would be for ever
    }).join();
    QCOMPARE(error, LockError::NoEventLoop);
    QVERIFY(text.contains(place.path()) && text.contains(QStringLiteral("tryAcquireFor")));
    QCOMPARE(outcome, Outcome::Failed);
}

void tst_Threads::manyThreadsNeverHoldTogether()
{
    const Place place;
    const auto lock = place.lock();
    std::atomic<int> inside{0};
    std::atomic<int> violations{0};
    int counter = 0; // plain: the lock guards it
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back(QThread::create([&] {
            for (int round = 0; round < 200; ++round) {
                if (!lock->tryAcquireFor(-1ms))
                    ++violations;
                if (++inside != 1)
                    ++violations;
                ++counter;
                --inside;
                lock->release();
            }
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads)
        QVERIFY(thread->wait(120000));
    QCOMPARE(violations, 0);
    QCOMPARE(counter, 8 * 200);
    QCOMPARE(lock->state(), LockState::Idle);
}

void tst_Threads::sharedScopeCountsRight()
{
    const Place place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    QVERIFY(lock->setThreadScope(ThreadScope::Shared));
    std::vector<std::unique_ptr<QThread>> threads;
    std::atomic<int> failures{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back(QThread::create([&] {
            for (int round = 0; round < 200; ++round) {
                if (!lock->tryAcquire() || lock->depth() < 1 || !lock->release())
                    ++failures; // shared: nobody of us is ever refused
            }
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads)
        QVERIFY(thread->wait(120000));
    QCOMPARE(failures, 0);
    QCOMPARE(lock->depth(), 0);
    QVERIFY(rival->tryAcquire());
}

void tst_Threads::attemptsRunOnThePool()
{
    const Place place;
    const auto holder = place.lock();
    const auto lock = place.lock();
    QThreadPool pool;
    QVERIFY(lock->setThreadPool(&pool));
    QCOMPARE(lock->threadPool(), &pool);
    QVERIFY(holder->tryAcquire());
    Endings endings(lock.get());
    lock->acquire({.timeout = 30ms});
    QVERIFY(endings.timedOut.wait(Patience));
    QFuture<Outcome> future = lock->acquireFuture();
    settle();
    QVERIFY(holder->release());
    QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), Patience);
    QVERIFY(lock->isHeld());
    QVERIFY(!holder->tryAcquire());
    QSignalSpy released(lock.get(), &AbstractLock::released);
    QVERIFY(lock->release());
    QCOMPARE(lock->state(), LockState::Idle);
    QVERIFY(released.wait(Patience));
    QVERIFY(holder->tryAcquire());
    QVERIFY(holder->release());
    QVERIFY(lock->tryAcquireFor(-1ms));
    QVERIFY(lock->forceRelease());
    QVERIFY(lock->tryAcquireFor(30s)); // also while the release is still on its way
    lock->cancel();
}

void tst_Threads::releasedComesInTheThreadThatReleased()
{
    const Place place;
    const auto lock = place.lock();
    QThreadPool pool;
    QVERIFY(lock->setThreadPool(&pool));
    QList<QThread *> released;
    connect(
        lock.get(), &AbstractLock::released, this, [&] { released += QThread::currentThread(); }, Qt::DirectConnection);
    QVERIFY(lock->tryAcquire());
    QVERIFY(lock->release());
    QVERIFY(pool.waitForDone(Patience));
    QCOMPARE(released.size(), 0); // the pool is done, and it is not the pool that tells
    QTRY_COMPARE_WITH_TIMEOUT(released.size(), 1, Patience);
    QCOMPARE(released.first(), QThread::currentThread());
}

void tst_Threads::aBlockingWaitOnItsOwnPoolDoesNotHang()
{
    const Place place;
    const auto lock = place.lock();
    QThreadPool pool;
    pool.setMaxThreadCount(1);
    QVERIFY(lock->setThreadPool(&pool));
    std::atomic<bool> acquired{false};
    pool.start([&] {
        acquired = lock->tryAcquireFor(-1ms);
        lock->release();
    });
    QVERIFY(pool.waitForDone(Patience));
    QVERIFY(acquired);
}

QTEST_GUILESS_MAIN(tst_Threads)
#include "tst_threads.moc"
