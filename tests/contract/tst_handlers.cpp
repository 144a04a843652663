// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What a handler of a signal may do: anything.

#include "contract.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qpointer.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtimer.h>

#include <functional>
#include <map>
#include <thread>

class tst_Handlers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mayDestroyTheLock_data();
    void mayDestroyTheLock();
    void mayDestroyTheLockThatRefuses_data();
    void mayDestroyTheLockThatRefuses();
    void mayReleaseAndAcquireAgain();
    void mayRunANestedEventLoop();
    void reacquiringForEverDoesNotStarveTheLoop();
    void theLockMayGoWhileItWaits();
    void theApplicationMayEndWhileLocksWait();
    void anotherApplicationMayFollow();
};

using Signal = void (AbstractLock::*)();

namespace {

/** Makes the signal @p name come, with the lock being in @p lock. */
void provoke(const QString &name, std::unique_ptr<AbstractLock> &lock, AbstractLock &holder)
{
    const bool busy =
        QStringList({QStringLiteral("timedOut"), QStringLiteral("cancelled"), QStringLiteral("contended")})
            .contains(name);
    if (busy)
        QVERIFY(holder.tryAcquire());
    const QPointer<AbstractLock> alive(lock.get());
    if (name == QLatin1String("errorOccurred") || name == QLatin1String("errorChanged")) {
        lock->acquire({.timeout = -9ms});
    } else if (name == QLatin1String("released")) {
        QVERIFY(lock->tryAcquire());
        lock->release();
    } else if (name == QLatin1String("lost")) {
        lock->setLifetime(1ms);
        QVERIFY(lock->tryAcquire());
    } else {
        const bool mustTimeOut = name == QLatin1String("timedOut"); // the others may have to wait for a server
        lock->acquire({.timeout = mustTimeOut ? 40ms : 30s});
        if (name == QLatin1String("cancelled") && alive)
            alive->cancel();
    }
}

} // namespace

void tst_Handlers::mayDestroyTheLock_data()
{
    QTest::addColumn<QString>("signal");
    for (const char *name : {"acquired", "timedOut", "cancelled", "errorOccurred", "errorChanged", "released", "lost",
                             "contended", "stateChanged", "depthChanged", "heldChanged"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void tst_Handlers::mayDestroyTheLock()
{
    QFETCH(QString, signal);
    const Place place;
    const auto holder = place.lock();
    auto lock = place.lock();
    int calls = 0;
    const auto destroy = [&] {
        ++calls;
        lock.reset();
    };
    const std::map<QString, std::function<void()>> connections{
        {QStringLiteral("acquired"), [&] { connect(lock.get(), &AbstractLock::acquired, this, destroy); }},
        {QStringLiteral("timedOut"), [&] { connect(lock.get(), &AbstractLock::timedOut, this, destroy); }},
        {QStringLiteral("cancelled"), [&] { connect(lock.get(), &AbstractLock::cancelled, this, destroy); }},
        {QStringLiteral("errorOccurred"), [&] { connect(lock.get(), &AbstractLock::errorOccurred, this, destroy); }},
        {QStringLiteral("errorChanged"), [&] { connect(lock.get(), &AbstractLock::errorChanged, this, destroy); }},
        {QStringLiteral("released"), [&] { connect(lock.get(), &AbstractLock::released, this, destroy); }},
        {QStringLiteral("lost"), [&] { connect(lock.get(), &AbstractLock::lost, this, destroy); }},
        {QStringLiteral("contended"), [&] { connect(lock.get(), &AbstractLock::contended, this, destroy); }},
        {QStringLiteral("stateChanged"), [&] { connect(lock.get(), &AbstractLock::stateChanged, this, destroy); }},
        {QStringLiteral("depthChanged"), [&] { connect(lock.get(), &AbstractLock::depthChanged, this, destroy); }},
        {QStringLiteral("heldChanged"), [&] { connect(lock.get(), &AbstractLock::heldChanged, this, destroy); }},
    };
    connections.at(signal)();
    provoke(signal, lock, *holder);
    QTRY_COMPARE_WITH_TIMEOUT(calls, 1, Patience);
    settle();
    QCOMPARE(calls, 1);
    holder->forceRelease();
    QVERIFY(place.lock()->tryAcquire()); // whatever it had is free
}

void tst_Handlers::mayDestroyTheLockThatRefuses_data()
{
    QTest::addColumn<bool>("inTheCall");
    QTest::newRow("errorChanged, in the call") << true;
    QTest::newRow("errorOccurred, with the thread's next event") << false;
}

// In a thread that has no event loop when it calls, and one afterwards.
void tst_Handlers::mayDestroyTheLockThatRefuses()
{
    QFETCH(bool, inTheCall);
    const Place place;
    auto lock = place.lock();
    int changes = 0;
    int refusals = 0;
    connect(
        lock.get(), &AbstractLock::errorChanged, this,
        [&] {
            ++changes;
            if (inTheCall)
                lock.reset();
        },
        Qt::DirectConnection);
    connect(
        lock.get(), &AbstractLock::errorOccurred, this,
        [&](LockError error) {
            refusals += error == LockError::NoEventLoop ? 1 : 100;
            lock.reset();
        },
        Qt::DirectConnection);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no event loop")));
    int refusalsInTheCall = -1;
    std::thread([&] {
        lock->acquire();
        refusalsInTheCall = refusals;
        QEventLoop loop;
        loop.processEvents();
    }).join();
    QCOMPARE(refusalsInTheCall, 0);
    QCOMPARE(changes, 1);
    QCOMPARE(refusals, inTheCall ? 0 : 1); // nobody is left to say it
    QVERIFY(!lock);
    QVERIFY(place.lock()->tryAcquire());
}

void tst_Handlers::mayReleaseAndAcquireAgain()
{
    const Place place;
    const auto lock = place.lock();
    int grants = 0;
    connect(lock.get(), &AbstractLock::acquired, this, [&] {
        QCOMPARE(lock->depth(), 1);
        QVERIFY(lock->release());
        if (++grants < 50)
            lock->acquire();
    });
    lock->acquire();
    QTRY_COMPARE_WITH_TIMEOUT(grants, 50, Patience);
    QCOMPARE(lock->state(), LockState::Idle);
}

void tst_Handlers::reacquiringForEverDoesNotStarveTheLoop()
{
    const Place place;
    const auto lock = place.lock();
    bool stop = false;
    connect(lock.get(), &AbstractLock::acquired, this, [&] {
        QVERIFY(lock->release());
        if (!stop)
            lock->acquire();
    });
    QTimer::singleShot(20, this, [&] { stop = true; });
    lock->acquire();
    QTRY_VERIFY_WITH_TIMEOUT(stop && lock->state() == LockState::Idle, Patience);
}

void tst_Handlers::mayRunANestedEventLoop()
{
    const Place place;
    const auto a = place.lock();
    const auto b = place.lock();
    QStringList order;
    QEventLoop dialog;
    int grants = 0;
    connect(a.get(), &AbstractLock::acquired, this, [&] {
        if (++grants == 1) {
            order += QStringLiteral("open");
            a->acquire(); // recursive; its ending must come through the nested loop
            b->acquire();
            dialog.exec();
            order += QStringLiteral("closed");
        } else {
            order += QStringLiteral("inside");
            QVERIFY(a->forceRelease()); // lets the other waiter in, who is served by the nested loop, too
        }
    });
    connect(b.get(), &AbstractLock::acquired, this, [&] {
        order += QStringLiteral("other");
        dialog.quit();
    });
    a->acquire();
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), 4, Patience);
    QCOMPARE(order, QStringList({QStringLiteral("open"), QStringLiteral("inside"), QStringLiteral("other"),
                                 QStringLiteral("closed")}));
}

void tst_Handlers::theLockMayGoWhileItWaits()
{
    const Place place;
    const auto holder = place.lock();
    QVERIFY(holder->tryAcquire());
    QFuture<Outcome> future;
    {
        const auto lock = place.lock();
        lock->acquire({.timeout = 5ms});
        future = lock->acquireFuture();
        settle();
    }
    QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), Patience); // a future never waits for what will not come
    QVERIFY(future.isCanceled());
    settle();
    QVERIFY(holder->release());
    QVERIFY(place.lock()->tryAcquire());
}

void tst_Handlers::theApplicationMayEndWhileLocksWait()
{
    // The helper waits, holds and waits again when its input ends and it quits.
    const Place place;
    const auto holder = place.lock();
    QVERIFY(holder->tryAcquire());
    const auto waiting = place.otherProcess();
    waiting->tell(QStringLiteral("acquire -1"));
    QVERIFY(waiting->isSilent());
    QVERIFY(waiting->end());
    QVERIFY(holder->release());
    const auto holding = place.otherProcess();
    QCOMPARE(holding->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    QVERIFY(holding->end());
    QVERIFY(holder->tryAcquireFor(30s));
}

void tst_Handlers::anotherApplicationMayFollow()
{
    // In a process of its own, since this one has its application already: the helper does it when told so by its kind.
    const Place place;
    QProcess process;
    process.start(QStringLiteral(HOLDFAST_LOCKPROCESS), {kind(), place.path(), QStringLiteral("twice")});
    QVERIFY(process.waitForFinished(Patience));
    QCOMPARE(process.readAllStandardOutput().trimmed(), QByteArray("acquired\nlost\nacquired\nlost"));
    QCOMPARE(process.exitCode(), 0);
}

QTEST_GUILESS_MAIN(tst_Handlers)
#include "tst_handlers.moc"
