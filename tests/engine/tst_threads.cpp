// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/files.h"
#include "patience.h"
#include "scriptedlock.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

#include <thread>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** Threads of every kind, with and without an event loop, that end too early. */
class tst_Threads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void freesWhatAnEndedThreadHeld_data();
    void freesWhatAnEndedThreadHeld();
    void keepsASharedHoldOfAnEndedThread();
    void endsTheWaitsOfAnEndedThread();
    void forgetsTheDepthOfAnEndedThread();
    void lettingTheLockGoFirstIsFine();
    void refusesToWaitWithoutAnEventLoop();
    void deliversInTheThreadThatCalled();
    void keepsStatesApart();
    void wakesAllThreadsThatWait();
};

void tst_Threads::freesWhatAnEndedThreadHeld_data()
{
    QTest::addColumn<bool>("qt");
    QTest::addColumn<bool>("file");
    QTest::newRow("a std::thread") << false << false;
    QTest::newRow("a QThread") << true << false;
    QTest::newRow("a std::thread, a file") << false << true;
    QTest::newRow("a QThread, a file") << true << true;
}

void tst_Threads::freesWhatAnEndedThreadHeld()
{
    QFETCH(bool, qt);
    QFETCH(bool, file);
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("file.lock"));
    const auto script = std::make_shared<Script>();
    std::unique_ptr<AbstractLock> lock;
    if (file)
        lock = std::make_unique<FileLock>(path);
    else
        lock = std::make_unique<ScriptedLock>(script);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("a thread has ended while it held a lock")));
    bool held = false;
    const auto work = [&] { held = lock->tryAcquire() && lock->tryAcquire(); };
    if (qt) {
        const std::unique_ptr<QThread> thread(QThread::create(work));
        thread->start();
        QVERIFY(thread->wait(Patience));
    } else {
        std::thread(work).join();
    }
    QVERIFY(held);
    QVERIFY(!lock->isHeld());
    QVERIFY(comesTrue([&] { return file ? isFree(path) : !script->held; }));
    QVERIFY(lock->tryAcquire());
}

void tst_Threads::keepsASharedHoldOfAnEndedThread()
{
    ScriptedLock lock;
    QVERIFY(lock.setThreadScope(ThreadScope::Shared));
    std::thread([&] { QVERIFY(lock.tryAcquire()); }).join();
    QVERIFY(lock.isHeld());
    QVERIFY(lock.script().held);
    QVERIFY(lock.release());
}

void tst_Threads::endsTheWaitsOfAnEndedThread()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    for (int i = 0; i < 2; ++i)
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("scripted.*has ended while it waited")));
    std::thread([&] {
        QEventLoop loop;
        lock.acquire({.pollInterval = 1ms});
        auto future = lock.acquireFuture({.pollInterval = 1ms});
        while (lock.script().attempts < 3)
            loop.processEvents(QEventLoop::AllEvents, 10);
    }).join();
    const int attempts = lock.script().attempts;
    settle();
    QCOMPARE(lock.script().attempts, attempts);
    QVERIFY(lock.script().stops > 0);
    lock.script().busy = 0;
    QVERIFY(lock.tryAcquire());
}

void tst_Threads::forgetsTheDepthOfAnEndedThread()
{
    ScriptedLock lock;
    for (int i = 0; i < 20; ++i) { // numbers of threads are used again
        std::thread([&] {
            QCOMPARE(lock.depth(), 0);
            QVERIFY(lock.tryAcquire());
            QVERIFY(lock.release());
        }).join();
    }
    QVERIFY(!lock.script().held);
}

void tst_Threads::lettingTheLockGoFirstIsFine()
{
    QSemaphore held;
    QSemaphore mayEnd;
    auto lock = std::make_unique<ScriptedLock>();
    const auto script = lock->sharedScript();
    std::jthread holder([&] {
        static_cast<void>(lock->tryAcquire());
        held.release();
        mayEnd.acquire();
    });
    QVERIFY(held.tryAcquire(1, Patience));
    lock.reset(); // frees it, and the thread has nothing left to free
    QVERIFY(!script->held);
    mayEnd.release();
    holder.join();
    QCOMPARE(script->drops, 1);
}

void tst_Threads::refusesToWaitWithoutAnEventLoop()
{
    ScriptedLock lock;
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no event loop")));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no event loop")));
    LockError error = LockError::None;
    Outcome outcome = Outcome::Acquired;
    bool couldTry = false;
    std::thread([&] {
        lock.acquire();
        error = lock.error();
        const auto future = lock.acquireFuture();
        outcome = future.isFinished() ? future.result() : Outcome::Acquired;
        couldTry = lock.tryAcquireFor(1h) && lock.release();
    }).join();
    QCOMPARE(error, LockError::NoEventLoop);
    QCOMPARE(outcome, Outcome::Failed);
    QVERIFY(couldTry);
    QVERIFY(lock.endings().isEmpty());
}

void tst_Threads::deliversInTheThreadThatCalled()
{
    ScriptedLock lock;
    lock.script().busy = 5;
    std::atomic<bool> right{false};
    std::atomic<bool> done{false};
    std::thread::id worker;
    connect(
        &lock, &AbstractLock::acquired, &lock,
        [&] {
            right = std::this_thread::get_id() == worker && lock.isHeld();
            done = true;
        },
        Qt::DirectConnection);
    std::jthread([&] {
        QEventLoop loop;
        worker = std::this_thread::get_id();
        lock.acquire({.pollInterval = 1ms});
        while (!done)
            loop.processEvents(QEventLoop::AllEvents, 10);
        lock.release();
    }).join();
    QVERIFY(right);
    QVERIFY(!lock.isHeld());
}

void tst_Threads::keepsStatesApart()
{
    ScriptedLock lock;
    QVERIFY(lock.tryAcquire());
    std::thread([&] {
        QCOMPARE(lock.state(), LockState::Idle);
        QCOMPARE(lock.depth(), 0);
        QVERIFY(!lock.tryAcquire());
        QCOMPARE(lock.error(), LockError::None);
        QVERIFY(!lock.tryAcquireFor(5ms));
        QVERIFY(lock.forceRelease()); // nothing of its own
        QVERIFY(!lock.tryAcquireFor(-2ms));
        QCOMPARE(lock.error(), LockError::InvalidArgument);
    }).join();
    QVERIFY(lock.isHeld());
    QVERIFY(lock.script().held);
    QCOMPARE(lock.error(), LockError::None);
}

void tst_Threads::wakesAllThreadsThatWait()
{
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("file.lock"));
    ForeignLock other(path);
    std::atomic<int> served{0};
    FileLock lock(path, {.pollInterval = 1h});
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            QEventLoop loop;
            if (i % 2) {
                served += lock.tryAcquireFor(-1ms) && lock.release() ? 1 : 0;
                return;
            }
            const auto future = lock.acquireFuture();
            while (!future.isFinished())
                loop.processEvents(QEventLoop::AllEvents, 10);
            served += lock.release() ? 1 : 0;
        });
    }
    QVERIFY(comesTrueElsewhere([&] { return timesOpen(path) == 5; }));
    other.release();
    const bool all = comesTrueElsewhere([&] { return served == 4; });
    lock.setPollInterval(1ms); // a lost wake-up must not hang the test
    threads.clear();
    QVERIFY2(all, "each release wakes the next one");
    QVERIFY(isFree(path));
}

QTEST_GUILESS_MAIN(tst_Threads)
#include "tst_threads.moc"
