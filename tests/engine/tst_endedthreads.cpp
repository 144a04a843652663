// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "patience.h"
#include "scriptedlock.h"

#include <QtCore/qsemaphore.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <unistd.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

/** What is said of acquisitions while their thread ends, and who may be at work on the lock at the same time. */
class tst_EndedThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void destroyingTheLockMeanwhileWaitsForTheLastWord();
    void aLockThatIsGoneBeforeHasNoLastWord();
    void everyWaitOfAThreadEnds();
};

// The thread says QThread::finished(), then its last words. Who destroys the lock on that signal is right to do so.
void tst_EndedThreads::destroyingTheLockMeanwhileWaitsForTheLastWord()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("has ended while it waited")));
    auto lock = std::make_unique<ScriptedLock>();
    QSemaphore speaks;
    std::atomic<pid_t> destroyer{0};
    std::atomic<bool> destroyed{false};
    bool waited = false;
    connect(
        lock.get(), &AbstractLock::errorOccurred, this,
        [&] {
            speaks.release();
            waited = comesTrueElsewhere([&] { return destroyed || (destroyer != 0 && isAsleep(destroyer)); });
            waited = waited && !destroyed;
        },
        Qt::DirectConnection);
    const std::unique_ptr<QThread> worker(QThread::create([&] { lock->acquire(); }));
    worker->start();
    QVERIFY(speaks.tryAcquire(1, Patience));
    std::jthread([&] {
        destroyer = gettid();
        lock.reset();
        destroyed = true;
    }).join();
    QVERIFY(worker->wait(Patience));
    QVERIFY(waited);
}

void tst_EndedThreads::aLockThatIsGoneBeforeHasNoLastWord()
{
    auto lock = std::make_unique<ScriptedLock>();
    int endings = 0;
    connect(
        lock.get(), &AbstractLock::errorOccurred, this, [&] { ++endings; }, Qt::DirectConnection);
    QFuture<Outcome> future;
    const std::unique_ptr<QThread> worker(QThread::create([&] {
        future = lock->acquireFuture();
        lock.reset();
    }));
    worker->start();
    QVERIFY(worker->wait(Patience));
    QCOMPARE(endings, 0);
    QVERIFY(future.isCanceled());
}

void tst_EndedThreads::everyWaitOfAThreadEnds()
{
    ScriptedLock one;
    ScriptedLock two;
    std::atomic<int> endings{0};
    for (const ScriptedLock *lock : {&one, &two})
        connect(
            lock, &AbstractLock::errorOccurred, this, [&] { ++endings; }, Qt::DirectConnection);
    for (int i = 0; i < 4; ++i)
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("has ended while it waited")));
    std::thread([&] {
        const QEventLoop loop; // makes the thread's dispatcher
        for (ScriptedLock *lock : {&one, &two, &one, &two})
            lock->acquire();
    }).join();
    QCOMPARE(endings, 4);
    QCOMPARE(one.state(), LockState::Idle);
}

QTEST_GUILESS_MAIN(tst_EndedThreads)
#include "tst_endedthreads.moc"
