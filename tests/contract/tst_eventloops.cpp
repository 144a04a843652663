// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "contract.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qthread.h>
#include <QtCore/qthreadpool.h>
#include <QtCore/qtimer.h>

#include <atomic>
#include <functional>
#include <memory>

/** What acquire() says where no event loop runs to bring the answer: not yet, never, or no longer. */
class tst_EventLoops : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPoolThreadWithoutALoopIsRefused();
    void aPoolThreadHearsOfItsRefusalInALaterLoop();
    void aPoolThreadAcquiresFromInsideItsLoop();
    void aPoolThreadReleasesWithoutALoop();
    void aThreadWhoseLoopBeginsLaterAcquires();
    void aThreadThatEndsEndsWhatWaits_data();
    void aThreadThatEndsEndsWhatWaits();
    void whatWasCancelledEndsAsCancelledWithItsThread();
    void acquiringOnceMoreWhileTheThreadEndsIsRefused();
    void aHandlerMayDestroyTheLockWhileTheThreadEnds();
};

namespace {

void expectWarnings(int count, const char *pattern)
{
    for (int i = 0; i < count; ++i)
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QString::fromLatin1(pattern)));
}

/** Runs @p work in a thread of a pool. */
void onAPool(const std::function<void()> &work)
{
    QThreadPool pool;
    pool.start(work);
    QVERIFY(pool.waitForDone(Patience));
}

/** Runs @p work in a thread that has no event loop of its own. */
void inAThread(const std::function<void()> &work)
{
    const std::unique_ptr<QThread> thread(QThread::create(work));
    thread->start();
    QVERIFY(thread->wait(Patience));
}

} // namespace

void tst_EventLoops::aPoolThreadWithoutALoopIsRefused()
{
    const Place place;
    const auto lock = place.lock();
    expectWarnings(2, "no event loop");
    LockError error{};
    QString text;
    bool ended = false;
    Outcome outcome = Outcome::Acquired;
    onAPool([&] {
        lock->acquire();
        error = lock->error();
        text = lock->errorString();
        const QFuture<Outcome> future = lock->acquireFuture();
        ended = future.isFinished();
        outcome = ended ? future.result() : outcome;
    });
    QCOMPARE(error, LockError::NoEventLoop);
    QVERIFY(text.contains(place.path()) && text.contains(QStringLiteral("tryAcquireFor()")));
    QVERIFY(text.contains(QStringLiteral("from inside a running loop")));
    QVERIFY(ended);
    QCOMPARE(outcome, Outcome::Failed);
    QVERIFY(lock->tryAcquire());
}

void tst_EventLoops::aPoolThreadHearsOfItsRefusalInALaterLoop()
{
    const Place place;
    const auto lock = place.lock();
    expectWarnings(1, "no event loop");
    LockError heard{};
    onAPool([&] {
        QEventLoop loop;
        connect(lock.get(), &AbstractLock::errorOccurred, &loop, [&](LockError error) {
            heard = error;
            loop.quit();
        });
        lock->acquire();
        QTimer::singleShot(Patience, &loop, &QEventLoop::quit);
        loop.exec();
    });
    QCOMPARE(heard, LockError::NoEventLoop);
}

void tst_EventLoops::aPoolThreadAcquiresFromInsideItsLoop()
{
    const Place place;
    const auto lock = place.lock();
    bool held = false;
    onAPool([&] {
        QEventLoop loop;
        connect(lock.get(), &AbstractLock::acquired, &loop, [&] {
            held = lock->isHeld();
            lock->release();
            loop.quit();
        });
        QTimer::singleShot(0, &loop, [&] { lock->acquire(); });
        QTimer::singleShot(Patience, &loop, &QEventLoop::quit);
        loop.exec();
    });
    QVERIFY(held);
}

// Its signal released() has no way to come, so the lock's own pool need not be troubled with it.
void tst_EventLoops::aPoolThreadReleasesWithoutALoop()
{
    const Place place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    QThreadPool theirs;
    QVERIFY(lock->setThreadPool(&theirs));
    bool isFree = false;
    onAPool([&] {
        QVERIFY(lock->tryAcquire());
        QVERIFY(lock->release());
        isFree = rival->tryAcquire() && rival->release();
    });
    QVERIFY2(isFree, "it was given back when release() returned");
}

// A slot of QThread::started() runs before exec().
void tst_EventLoops::aThreadWhoseLoopBeginsLaterAcquires()
{
    const Place place;
    const auto lock = place.lock();
    QThread worker;
    std::atomic<bool> held{false};
    connect(
        &worker, &QThread::started, &worker, [&] { lock->acquire(); }, Qt::DirectConnection);
    connect(
        lock.get(), &AbstractLock::acquired, &worker,
        [&] {
            held = lock->isHeld();
            lock->release();
            worker.quit();
        },
        Qt::DirectConnection);
    worker.start();
    QVERIFY(worker.wait(Patience));
    QVERIFY(held);
}

void tst_EventLoops::aThreadThatEndsEndsWhatWaits_data()
{
    QTest::addColumn<bool>("hadTurns");
    QTest::newRow("that never had a turn of the loop") << false;
    QTest::newRow("that has found the lock busy") << true;
}

void tst_EventLoops::aThreadThatEndsEndsWhatWaits()
{
    QFETCH(bool, hadTurns);
    const Place place;
    const auto lock = place.lock();
    const auto holder = place.lock();
    QVERIFY(holder->tryAcquire());
    expectWarnings(2, "some\\.lock.*thread that called acquire\\(\\) has ended");
    QThread *worker = nullptr;
    QThread *heardIn = nullptr;
    LockError heard{};
    int endings = 0;
    QFuture<Outcome> future;
    LockState state{};
    const auto hear = [&](LockError error) {
        heard = error;
        heardIn = QThread::currentThread();
        state = lock->state();
        ++endings;
    };
    connect(lock.get(), &AbstractLock::errorOccurred, this, hear, Qt::DirectConnection);
    inAThread([&] {
        worker = QThread::currentThread();
        QEventLoop loop;
        bool isBusy = false;
        connect(
            lock.get(), &AbstractLock::contended, &loop, [&] { isBusy = true; }, Qt::DirectConnection);
        lock->acquire();
        future = lock->acquireFuture();
        while (hadTurns && !isBusy)
            loop.processEvents(QEventLoop::WaitForMoreEvents);
        QCOMPARE(endings, 0);
    });
    QCOMPARE(endings, 2);
    QCOMPARE(heard, LockError::NoEventLoop);
    QCOMPARE(heardIn, worker);
    QCOMPARE(state, LockState::Idle);
    QVERIFY(future.isFinished());
    QCOMPARE(future.result(), Outcome::Failed);
    QVERIFY(holder->release());
    QVERIFY(lock->tryAcquire());
}

void tst_EventLoops::whatWasCancelledEndsAsCancelledWithItsThread()
{
    const Place place;
    const auto lock = place.lock();
    const Endings endings(lock.get());
    inAThread([&] {
        lock->acquire();
        lock->cancel();
    });
    QCOMPARE(endings.cancelled.size(), 1);
    QCOMPARE(endings.count(), 1);
}

void tst_EventLoops::acquiringOnceMoreWhileTheThreadEndsIsRefused()
{
    const Place place;
    const auto lock = place.lock();
    expectWarnings(1, "has ended while it waited");
    expectWarnings(1, "no event loop");
    int endings = 0;
    Outcome again = Outcome::Acquired;
    connect(
        lock.get(), &AbstractLock::errorOccurred, this,
        [&] {
            ++endings;
            const QFuture<Outcome> future = lock->acquireFuture();
            again = future.isFinished() ? future.result() : again;
        },
        Qt::DirectConnection);
    inAThread([&] { lock->acquire(); });
    QCOMPARE(endings, 1);
    QCOMPARE(again, Outcome::Failed);
    QVERIFY(lock->tryAcquire());
}

void tst_EventLoops::aHandlerMayDestroyTheLockWhileTheThreadEnds()
{
    const Place place;
    expectWarnings(1, "has ended while it waited");
    int endings = 0;
    QFuture<Outcome> future;
    inAThread([&] {
        auto *lock = place.lock().release();
        connect(
            lock, &AbstractLock::errorOccurred, lock,
            [&, lock] {
                ++endings;
                delete lock;
            },
            Qt::DirectConnection);
        lock->acquire();
        future = lock->acquireFuture();
    });
    QCOMPARE(endings, 1); // the others went with the lock
    QVERIFY(future.isCanceled());
    QVERIFY(place.lock()->tryAcquire());
}

QTEST_GUILESS_MAIN(tst_EventLoops)
#include "tst_eventloops.moc"
