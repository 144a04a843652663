// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/files.h"
#include "patience.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

#include <thread>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** A command-line program need not have an application object: everything but acquire() works. */
class tst_NoApplication : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void locksAndBlocks();
    void refusesAcquire();
    void expires();
    void freesWhatAnEndedThreadHeld();
    void anApplicationThatGoesEndsWaitsWithoutAWord();

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_NoApplication::init()
{
    QVERIFY(!QCoreApplication::instance());
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
}

void tst_NoApplication::locksAndBlocks()
{
    FileLock lock(m_path, {.pollInterval = 1h});
    QVERIFY(lock.tryAcquire());
    FileLock second(m_path, {.pollInterval = 1h});
    QVERIFY(!second.tryAcquireFor(5ms));
    std::atomic<bool> got{false};
    std::jthread other([&] { got = second.tryAcquireFor(-1ms) && second.release(); });
    QVERIFY(comesTrueElsewhere([&] { return timesOpen(m_path) == 2; }));
    QVERIFY(lock.release());
    QVERIFY(comesTrueElsewhere([&] { return got.load(); }));
}

void tst_NoApplication::refusesAcquire()
{
    FileLock lock(m_path);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no event loop")));
    lock.acquire();
    QCOMPARE(lock.error(), LockError::NoEventLoop);
    QCOMPARE(lock.state(), LockState::Idle);
}

void tst_NoApplication::expires()
{
    FileLock lock(m_path, {.lifetime = 20ms});
    QVERIFY(lock.tryAcquire());
    QVERIFY(comesTrueElsewhere([&] { return !lock.isHeld(); }));
    QVERIFY(comesTrueElsewhere([&] { return isFree(m_path); }));
}

void tst_NoApplication::freesWhatAnEndedThreadHeld()
{
    FileLock lock(m_path);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("a thread has ended while it held a lock")));
    std::thread([&] { QVERIFY(lock.tryAcquire()); }).join();
    QVERIFY(comesTrueElsewhere([&] { return isFree(m_path); }));
}

// As a window that was closed: there is nobody left to tell.
void tst_NoApplication::anApplicationThatGoesEndsWaitsWithoutAWord()
{
    FileLock lock(m_path);
    int endings = 0;
    connect(&lock, &AbstractLock::errorOccurred, this, [&] { ++endings; });
    connect(&lock, &AbstractLock::cancelled, this, [&] { ++endings; });
    QFuture<Outcome> future;
    {
        int count = 1;
        char name[] = "tst_noapplication";
        char *arguments[] = {name, nullptr};
        const QCoreApplication application(count, arguments);
        lock.acquire();
        future = lock.acquireFuture();
        QCOMPARE(lock.state(), LockState::Waiting);
    }
    QCOMPARE(endings, 0);
    QVERIFY(future.isCanceled());
    QCOMPARE(lock.state(), LockState::Idle);
    QVERIFY(lock.tryAcquire());
}

QTEST_APPLESS_MAIN(tst_NoApplication)
#include "tst_noapplication.moc"
