// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "patience.h"
#include "scriptedlock.h"

#include <QtCore/qthreadpool.h>
#include <QtTest/qtest.h>

#include <unistd.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** One backend, several that want to use it: a pool, its own threads, all threads of a shared hold. */
class tst_PoolScope : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void blocksOnAThreadOfItsOwnPool_data();
    void blocksOnAThreadOfItsOwnPool();
    void blocksBehindItsOwnAcquire_data();
    void blocksBehindItsOwnAcquire();
    void keepsItsTimeWhileAnotherThreadStalls_data();
    void keepsItsTimeWhileAnotherThreadStalls();
    void aReleaseDoesNotWaitForAnAttempt();
    void attemptsInPlaceWhatCannotStall();
    void hasOneDepthForAllThreads();
    void deepensNothingThatIsBeingGivenBack_data();
    void deepensNothingThatIsBeingGivenBack();
    void mixesAllVerbsInAllThreads();
};

void tst_PoolScope::blocksOnAThreadOfItsOwnPool_data()
{
    QTest::addColumn<int>("busy");
    QTest::newRow("when it is free") << 0;
    QTest::newRow("when it is busy for a while") << 5;
}

// The pool has one thread, and that one waits: an attempt behind it in the queue would never be made.
void tst_PoolScope::blocksOnAThreadOfItsOwnPool()
{
    QFETCH(int, busy);
    QThreadPool pool;
    pool.setMaxThreadCount(1);
    ScriptedLock lock;
    QVERIFY(lock.setThreadPool(&pool));
    lock.script().busy = busy;
    std::atomic<int> answer{-1};
    pool.start([&] {
        const bool acquired = lock.tryAcquireFor(-1ms, {.pollInterval = 1ms});
        const bool released = acquired && lock.release();
        answer = acquired && released ? 1 : 0;
    });
    QVERIFY(comesTrueElsewhere([&] { return answer >= 0; }));
    QCOMPARE(answer, 1);
    QVERIFY(pool.waitForDone(Patience));
    QVERIFY(!lock.script().held);
}

void tst_PoolScope::blocksBehindItsOwnAcquire_data()
{
    QTest::addColumn<bool>("pooled");
    QTest::addColumn<bool>("begun");
    QTest::newRow("that has not begun") << false << false;
    QTest::newRow("that a pool will make") << true << false;
    QTest::newRow("that a pool is making") << true << true;
}

// acquire(), and before the event loop can bring the answer, the same thread blocks for the same lock.
void tst_PoolScope::blocksBehindItsOwnAcquire()
{
    QFETCH(bool, pooled);
    QFETCH(bool, begun);
    QVERIFY2(finishes([=] {
                 QThreadPool pool;
                 ScriptedLock lock;
                 lock.script().stalled = pooled && begun;
                 lock.setThreadPool(pooled ? &pool : nullptr);
                 lock.acquire();
                 while (begun && lock.script().waitingForGo == 0)
                     QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
                 lock.script().stalled = false;
                 lock.script().go.release(100);
                 const bool acquired = lock.tryAcquireFor(-1ms);
                 while (lock.endings().isEmpty())
                     QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
                 if (!acquired || lock.depth() != 2 || lock.endings().first() != QLatin1String("acquired"))
                     qFatal("acquired %d, depth %d", acquired, lock.depth());
                 lock.forceRelease();
                 pool.waitForDone();
             }),
             "it waits for itself");
}

void tst_PoolScope::keepsItsTimeWhileAnotherThreadStalls_data()
{
    QTest::addColumn<bool>("pooled");
    QTest::newRow("on the pool") << true;
    QTest::newRow("in place") << false;
}

void tst_PoolScope::keepsItsTimeWhileAnotherThreadStalls()
{
    QFETCH(bool, pooled);
    QThreadPool pool;
    ScriptedLock lock;
    QVERIFY(lock.setThreadScope(ThreadScope::Shared));
    QVERIFY(lock.setThreadPool(pooled ? &pool : nullptr));
    lock.script().stalled = true;
    std::jthread other([&] { static_cast<void>(lock.tryAcquireFor(1h)); });
    QVERIFY(comesTrueElsewhere([&] { return lock.script().waitingForGo == 1; }));
    QVERIFY(!lock.tryAcquireFor(10ms));
    std::stop_source source;
    std::atomic<int> answer{-1};
    std::jthread blocked([&] { answer = lock.tryAcquireFor(-1ms, {.stopToken = source.get_token()}) ? 1 : 0; });
    source.request_stop();
    const bool inTime = comesTrueElsewhere([&] { return answer >= 0; });
    lock.acquire({.timeout = 10ms});
    const bool timedOut = comesTrue([&] { return !lock.endings().isEmpty(); });
    lock.script().stalled = false;
    lock.script().go.release(100);
    blocked.join();
    other.join();
    QVERIFY(inTime);
    QVERIFY(timedOut);
    QCOMPARE(answer, 0);
    QCOMPARE(lock.endings(), QStringList{QStringLiteral("timedOut")});
    QCOMPARE(lock.depth(), 1);
    QCOMPARE(lock.script().overlaps, 0);
}

// What is not held cannot be given back, however long somebody else's attempt to get it takes.
void tst_PoolScope::aReleaseDoesNotWaitForAnAttempt()
{
    ScriptedLock lock;
    QVERIFY(lock.setThreadScope(ThreadScope::Shared));
    lock.script().stalled = true;
    std::jthread other([&] { static_cast<void>(lock.tryAcquire()); });
    QVERIFY(comesTrueElsewhere([&] { return lock.script().waitingForGo == 1; }));
    std::atomic<int> answer{-1};
    std::jthread releasing([&] { answer = lock.release() ? 1 : 0; });
    const bool inTime = comesTrueElsewhere([&] { return answer >= 0; });
    lock.script().go.release(100);
    other.join();
    releasing.join();
    QVERIFY(inTime);
    QCOMPARE(answer, 0);
    QCOMPARE(lock.depth(), 1);
}

// The built-in pool is for what may stall; the first attempt always may. A pool of the user's own is for everything.
void tst_PoolScope::attemptsInPlaceWhatCannotStall()
{
    QThreadPool pool;
    auto script = std::make_shared<Script>();
    script->builtInPool = &pool;
    ScriptedLock lock(script);
    const auto isInPlace = [&] {
        lock.acquire();
        const bool came = comesTrue([&] { return lock.isHeld(); });
        const bool blocked = lock.release() && lock.tryAcquireFor(1h) && lock.release();
        const auto threads = script->attemptThreads();
        const bool isHere = threads.back() == std::this_thread::get_id();
        return came && blocked && isHere == (*std::prev(threads.end(), 2) == std::this_thread::get_id()) ? int(isHere)
                                                                                                         : -1;
    };
    script->quick = false;
    QCOMPARE(isInPlace(), 0);
    script->quick = true;
    QCOMPARE(isInPlace(), 1);
    QVERIFY(lock.setThreadPool(&pool));
    QCOMPARE(isInPlace(), 0);
    ScriptedLock another(script); // has not found out yet; a second attempt, if the release is still on its way, has
    const auto before = script->attemptThreads().size();
    QVERIFY(another.tryAcquireFor(1h));
    const auto threads = script->attemptThreads();
    QVERIFY(*std::next(threads.begin(), std::ptrdiff_t(before)) != std::this_thread::get_id());
}

void tst_PoolScope::hasOneDepthForAllThreads()
{
    ScriptedLock lock;
    QVERIFY(lock.setThreadScope(ThreadScope::Shared));
    QVERIFY(lock.tryAcquire());
    std::jthread([&] { QVERIFY(lock.tryAcquire()); }).join();
    QCOMPARE(lock.depth(), 2);
    std::jthread([&] { QVERIFY(lock.release() && lock.release()); }).join();
    QCOMPARE(lock.depth(), 0);
    QVERIFY(!lock.script().held);
}

void tst_PoolScope::deepensNothingThatIsBeingGivenBack_data()
{
    QTest::addColumn<QString>("verb");
    QTest::newRow("tryAcquire") << QStringLiteral("tryAcquire");
    QTest::newRow("tryAcquireFor") << QStringLiteral("tryAcquireFor");
    QTest::newRow("acquire") << QStringLiteral("acquire");
}

//   P.1 releases its one level: the system call is under way
//   Q.1 acquires: not one level more of a hold that is about to go
//   P.2 the system call returns
void tst_PoolScope::deepensNothingThatIsBeingGivenBack()
{
    QFETCH(QString, verb);
    ScriptedLock lock;
    QVERIFY(lock.setThreadScope(ThreadScope::Shared));
    QVERIFY(lock.tryAcquire());
    QSemaphore entered;
    lock.script().onRelease = [&] {
        entered.release();
        lock.script().go.tryAcquire(1, Patience);
    };
    std::jthread p([&] { lock.release(); }); // P.1
    QVERIFY(entered.tryAcquire(1, Patience));
    std::atomic<bool> answered{false};
    std::jthread letGo([&, q = gettid()] { // not before Q.1 waits, or has gone wrong
        static_cast<void>(comesTrueElsewhere([&] { return answered || isAsleep(q); }));
        lock.script().go.release(); // P.2
    });
    bool acquired = true;
    if (verb == QLatin1String("tryAcquire")) {
        acquired = lock.tryAcquire();
    } else if (verb == QLatin1String("tryAcquireFor")) {
        acquired = lock.tryAcquireFor(1h);
    } else {
        lock.acquire();
        QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    }
    answered = true;
    letGo.join();
    p.join();
    lock.script().onRelease = nullptr;
    QVERIFY(acquired);
    QCOMPARE(lock.depth(), 1);
    QVERIFY(lock.script().held);
    QCOMPARE(lock.script().attempts, 2);
    QVERIFY(lock.release());
    QCOMPARE(lock.script().overlaps, 0);
}

// Nothing is lost, nothing left over, and never two at once in the backend.
void tst_PoolScope::mixesAllVerbsInAllThreads()
{
    for (const bool pooled : {false, true}) {
        QThreadPool pool;
        ScriptedLock lock;
        QVERIFY(lock.setThreadScope(ThreadScope::Shared));
        QVERIFY(lock.setThreadPool(pooled ? &pool : nullptr));
        std::vector<std::jthread> threads;
        std::atomic<int> acquired{0};
        std::atomic<int> notHeld{0};
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&, i] {
                for (int round = 0; round < 100; ++round) {
                    const bool got = (round + i) % 2 ? lock.tryAcquire() : lock.tryAcquireFor(1h);
                    if (!got)
                        continue;
                    ++acquired;
                    if (!lock.release())
                        ++notHeld;
                }
            });
        }
        for (int round = 0; round < 100; ++round) {
            lock.acquire({.timeout = 1s, .pollInterval = 1ms});
            QVERIFY(comesTrue([&] { return lock.endings().size() > round; }));
            if (lock.endings().last() == QLatin1String("acquired"))
                QVERIFY(lock.release());
        }
        threads.clear();
        QVERIFY(pool.waitForDone(Patience));
        settle();
        QVERIFY(acquired > 0);
        QCOMPARE(notHeld, 0);
        QCOMPARE(lock.depth(), 0);
        QVERIFY(!lock.script().held);
        QCOMPARE(lock.script().overlaps, 0);
        QVERIFY(lock.setThreadPool(nullptr));
    }
}

QTEST_GUILESS_MAIN(tst_PoolScope)
#include "tst_poolscope.moc"
