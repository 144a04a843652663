// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "contract.h"

#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qscopeguard.h>

#include <thread>

class tst_Basics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isIdleAndTouchesNothingAtFirst();
    void acquiresAFreeLock();
    void endsOnlyAfterTheCallHasReturned();
    void refusesASecondObject();
    void refusesAnotherProcess();
    void isFreeWhenTheHolderIsDestroyed();
    void isFreeWhenTheHolderIsKilled();
    void countsRecursiveHolds();
    void recursionNeedsNoWaitAndNoTimeout();
    void forceReleaseGivesBackAllLevels();
    void releasingWhatIsNotHeldIsMisuse();
    void aLostRaceLeavesTheHolderAlone();
    void tellsEveryChangeOnce();
    void refusesOptionsThatMeanNothing();
    void refusesToChangeWhatIsInUse();
    void looksForItsHolderWhereItsPathHasLed();
    void goesWhereItsPathLedWhenItWasAskedFor();
};

void tst_Basics::isIdleAndTouchesNothingAtFirst()
{
    const Place place;
    const auto lock = place.lock();
    QCOMPARE(lock->state(), LockState::Idle);
    QCOMPARE(lock->isHeld(), false);
    QCOMPARE(lock->depth(), 0);
    QCOMPARE(lock->error(), LockError::None);
    QCOMPARE(lock->timeout(), -1ms);
    QCOMPARE(lock->pollInterval(), initialPoll());
    QCOMPARE(lock->isBlocking(), true);
    QCOMPARE(lock->lifetime(), -1ms);
    QCOMPARE(lock->threadScope(), ThreadScope::PerThread);
    QVERIFY(!QFile::exists(place.path()));
}

void tst_Basics::acquiresAFreeLock()
{
    const Place place;
    const auto lock = place.lock();
    Endings endings(lock.get());
    lock->acquire();
    QCOMPARE(lock->state(), LockState::Waiting);
    QVERIFY(endings.acquired.wait(Patience));
    QCOMPARE(lock->state(), LockState::Held);
    QCOMPARE(lock->depth(), 1);
    QVERIFY(lock->release());
    QCOMPARE(lock->state(), LockState::Idle);
    settle();
    QCOMPARE(endings.count(), 1);
}

void tst_Basics::endsOnlyAfterTheCallHasReturned()
{
    const Place place;
    const auto lock = place.lock();
    Endings endings(lock.get());
    lock->acquire();
    lock->acquire({.timeout = -7ms});
    lock->acquire({.timeout = 0ms});
    QCOMPARE(endings.count(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(endings.count(), 3, Patience);
    QCOMPARE(endings.acquired.size(), 2);
    QCOMPARE(endings.failed.size(), 1);
}

void tst_Basics::refusesASecondObject()
{
    const Place place;
    const auto a = place.lock();
    const auto b = place.lock();
    QVERIFY(a->tryAcquire());
    QVERIFY(!b->tryAcquire());
    QCOMPARE(b->error(), LockError::None); // busy is an answer
    QCOMPARE(b->errorString(), QString());
    QVERIFY(a->release());
    QVERIFY(b->tryAcquire());
    QVERIFY(!a->tryAcquire());
}

void tst_Basics::refusesAnotherProcess()
{
    const Place place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QVERIFY(lock->tryAcquire());
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("busy"));
    QVERIFY(lock->release());
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QVERIFY(!lock->tryAcquire());
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock->tryAcquire());
}

void tst_Basics::isFreeWhenTheHolderIsDestroyed()
{
    const Place place;
    auto holder = place.lock();
    const auto other = place.otherProcess();
    QVERIFY(holder->tryAcquire());
    QVERIFY(holder->tryAcquire());
    holder.reset();
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
}

void tst_Basics::isFreeWhenTheHolderIsKilled()
{
    const Place place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QVERIFY(!lock->tryAcquire());
    other->kill();
    QCOMPARE(lock->tryAcquireFor(isFreedByDeath() ? 30s : 0s), isFreedByDeath());
    QCOMPARE(lock->error(), LockError::None);
}

void tst_Basics::countsRecursiveHolds()
{
    const Place place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    QVERIFY(lock->tryAcquire());
    QVERIFY(lock->tryAcquireFor(1s));
    Endings endings(lock.get());
    lock->acquire();
    QVERIFY(endings.acquired.wait(Patience));
    QCOMPARE(lock->depth(), 3);
    QVERIFY(lock->release());
    QVERIFY(lock->release());
    QCOMPARE(lock->depth(), 1);
    QVERIFY(!rival->tryAcquire());
    QVERIFY(lock->release());
    QCOMPARE(lock->depth(), 0);
    QVERIFY(rival->tryAcquire());
}

void tst_Basics::recursionNeedsNoWaitAndNoTimeout()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquire());
    lock->setBlocking(false);
    lock->setTimeout(0ms);
    QVERIFY(lock->tryAcquireFor(0ms));
    Endings endings(lock.get());
    lock->acquire();
    QVERIFY(endings.acquired.wait(Patience));
    QCOMPARE(lock->depth(), 3);
}

void tst_Basics::forceReleaseGivesBackAllLevels()
{
    const Place place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    for (int i = 0; i < 3; ++i)
        QVERIFY(lock->tryAcquire());
    QSignalSpy released(lock.get(), &AbstractLock::released);
    QVERIFY(lock->forceRelease());
    QCOMPARE(lock->depth(), 0);
    QCOMPARE(released.size(), 1);
    QVERIFY(rival->tryAcquire());
    QVERIFY(lock->forceRelease()); // nothing to give back: fine, any number of times
    QCOMPARE(released.size(), 1);
    QVERIFY(!lock->tryAcquire());
}

void tst_Basics::releasingWhatIsNotHeldIsMisuse()
{
    const Place place;
    const auto lock = place.lock();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Cannot release .*some.lock")));
    QVERIFY(!lock->release());
    QCOMPARE(lock->error(), LockError::Misuse);
    QVERIFY(lock->errorString().contains(place.path()));
    QVERIFY(lock->tryAcquire());
    QCOMPARE(lock->error(), LockError::None);
    QCOMPARE(lock->depth(), 1);
}

void tst_Basics::aLostRaceLeavesTheHolderAlone()
{
    const Place place;
    const auto holder = place.lock();
    const auto loser = place.lock();
    QVERIFY(holder->tryAcquire());
    QVERIFY(!loser->tryAcquireFor(20ms));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Cannot release")));
    QVERIFY(!loser->release());
    QVERIFY(loser->forceRelease());
    QVERIFY(holder->isHeld());
    QVERIFY(!loser->tryAcquire());
}

void tst_Basics::tellsEveryChangeOnce()
{
    const Place place;
    const auto lock = place.lock();
    QSignalSpy held(lock.get(), &AbstractLock::heldChanged);
    QSignalSpy state(lock.get(), &AbstractLock::stateChanged);
    QSignalSpy depth(lock.get(), &AbstractLock::depthChanged);
    QSignalSpy released(lock.get(), &AbstractLock::released);
    QVERIFY(lock->tryAcquire());
    QCOMPARE(QList({held.size(), state.size(), depth.size()}), QList<qsizetype>({1, 1, 1}));
    QVERIFY(lock->tryAcquire());
    QCOMPARE(QList({held.size(), state.size(), depth.size()}), QList<qsizetype>({1, 1, 2}));
    QVERIFY(lock->release());
    QCOMPARE(released.size(), 0);
    QVERIFY(lock->release());
    QCOMPARE(QList({held.size(), state.size(), depth.size()}), QList<qsizetype>({2, 2, 4}));
    QCOMPARE(released.size(), 1);
}

void tst_Basics::refusesOptionsThatMeanNothing()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(!lock->setTimeout(-2ms));
    QCOMPARE(lock->error(), LockError::InvalidArgument);
    QVERIFY2(lock->errorString().contains(place.path()), qPrintable(lock->errorString()));
    QVERIFY(!lock->setPollInterval(0ms));
    QVERIFY(!lock->setPollInterval(-1ms));
    QVERIFY(!lock->setLifetime(0ms));
    QVERIFY(!lock->setLifetime(-2ms));
    QCOMPARE(lock->timeout(), -1ms);
    QCOMPARE(lock->pollInterval(), initialPoll());
    QCOMPARE(lock->lifetime(), -1ms);
    QVERIFY(!lock->tryAcquireFor(-2ms));
    QCOMPARE(lock->error(), LockError::InvalidArgument);
    QVERIFY2(lock->errorString().contains(place.path()), qPrintable(lock->errorString()));
    QVERIFY(!lock->tryAcquireFor(1s, {.pollInterval = 0ms}));
    QCOMPARE(lock->error(), LockError::InvalidArgument);
    Endings endings(lock.get());
    lock->acquire({.pollInterval = -5ms});
    QVERIFY(endings.failed.wait(Patience));
    QCOMPARE(lock->error(), LockError::InvalidArgument);
    QVERIFY(!lock->isHeld());
    QVERIFY(lock->tryAcquireFor(milliseconds::max())); // far away, but it means something
}

void tst_Basics::refusesToChangeWhatIsInUse()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquire());
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("threadScope .*some.lock.* cannot be changed")));
    QVERIFY(!lock->setThreadScope(ThreadScope::Shared));
    QCOMPARE(lock->error(), LockError::Misuse);
    QCOMPARE(lock->threadScope(), ThreadScope::PerThread);
    QVERIFY(lock->isHeld());
    QVERIFY(lock->setTimeout(5s)); // for the next acquisition
    QVERIFY(lock->setPollInterval(5ms));
    QVERIFY(lock->setLifetime(5min));
    QVERIFY(lock->release());
    QVERIFY(lock->setThreadScope(ThreadScope::Shared));
}

// A relative path leads elsewhere once the program has changed its directory; a hold, or a wait, stays where it began.
void tst_Basics::looksForItsHolderWhereItsPathHasLed()
{
    const Place place;
    const QTemporaryDir elsewhere;
    const QString home = QFileInfo(place.path()).path();
    const auto restore = qScopeGuard([before = QDir::currentPath()] { QDir::setCurrent(before); });
    const auto name = QStringLiteral("some.lock");
    const qint64 us = QCoreApplication::applicationPid();
    QVERIFY(QDir::setCurrent(home));
    const auto lock = makeLock(kind(), name);
    QVERIFY(lock->tryAcquire());
    QVERIFY(QDir::setCurrent(elsewhere.path()));
    QCOMPARE(lock->holder().processId, us);
    std::thread([&] { QCOMPARE(lock->holder().processId, us); }).join(); // whose own it is not

    QVERIFY(QDir::setCurrent(home));
    const auto waiter = makeLock(kind(), name);
    qint64 told = 0;
    connect(waiter.get(), &AbstractLock::contended, this,
            [&told](const Holdfast::LockHolder &holder) { told = holder.processId; });
    Endings endings(waiter.get());
    waiter->acquire({.cancelCheck = [&elsewhere] { return !QDir::setCurrent(elsewhere.path()); }});
    QTRY_COMPARE_WITH_TIMEOUT(told, us, Patience);
    QCOMPARE(waiter->holder().processId, us);
    QVERIFY(lock->release());
    QVERIFY(endings.acquired.wait(Patience));
    QCOMPARE(waiter->holder().processId, us);
    QVERIFY(waiter->release());
    QVERIFY(!waiter->holder().isValid()); // the next one will begin here
}

// Also when the directory changes before the event loop has its next turn.
void tst_Basics::goesWhereItsPathLedWhenItWasAskedFor()
{
    const Place place;
    const QTemporaryDir elsewhere;
    const auto restore = qScopeGuard([before = QDir::currentPath()] { QDir::setCurrent(before); });
    const auto name = QStringLiteral("some.lock");
    QVERIFY(QDir::setCurrent(QFileInfo(place.path()).path()));
    const auto holder = makeLock(kind(), name);
    QVERIFY(holder->tryAcquire());
    const auto waiter = makeLock(kind(), name);
    Endings endings(waiter.get());
    waiter->acquire({.timeout = 50ms});
    QVERIFY(QDir::setCurrent(elsewhere.path()));
    QCOMPARE(waiter->holder().processId, QCoreApplication::applicationPid());
    QVERIFY(endings.timedOut.wait(Patience));
    QCOMPARE(endings.count(), 1);
    QCOMPARE(QDir(elsewhere.path()).entryList(QDir::NoDotAndDotDot | QDir::AllEntries), QStringList());
}

QTEST_GUILESS_MAIN(tst_Basics)
#include "tst_basics.moc"
