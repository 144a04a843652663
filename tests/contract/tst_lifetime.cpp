// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "contract.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qthread.h>

class tst_Lifetime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsTheHoldAndSaysSo();
    void endsWhileTheEventLoopIsBlocked();
    void aReleasedHoldDoesNotExpire();
    void aNewHoldHasItsOwnLifetime();
    void recursionDoesNotProlongIt();
    void releasingAfterTheLossIsNoMisuse();
    void anEndlessLifetimeDoesNotEnd();
};

constexpr milliseconds Enough{500}; ///< for two calls of a server in a row, on a busy machine

void tst_Lifetime::endsTheHoldAndSaysSo()
{
    const Place place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    QSignalSpy released(lock.get(), &AbstractLock::released);
    QSignalSpy held(lock.get(), &AbstractLock::heldChanged);
    QVERIFY(lock->setLifetime(100ms));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(lock->tryAcquire());
    QVERIFY(lost.wait(Patience));
    QVERIFY2(timer.elapsed() >= 99, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::Expired);
    QVERIFY(!lock->isHeld());
    QCOMPARE(lock->depth(), 0);
    QCOMPARE(held.size(), 2);
    QCOMPARE(released.size(), 0);
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QVERIFY(!lock->tryAcquire());
}

void tst_Lifetime::endsWhileTheEventLoopIsBlocked()
{
    const Place place;
    const auto lock = place.lock();
    const auto other = place.otherProcess();
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    QVERIFY(lock->setLifetime(50ms));
    QVERIFY(lock->tryAcquire());
    QCOMPARE(other->ask(QStringLiteral("block 30000")),
             QStringLiteral("acquired")); // no event loop runs here meanwhile
    QVERIFY(!lock->isHeld());
    QCOMPARE(lost.size(), 0);
    QVERIFY(lost.wait(Patience));
    QCOMPARE(lost.size(), 1);
}

void tst_Lifetime::aReleasedHoldDoesNotExpire()
{
    const Place place;
    const auto lock = place.lock();
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    QVERIFY(lock->setLifetime(Enough));
    QVERIFY(lock->tryAcquire());
    QVERIFY(lock->release());
    QVERIFY(lock->setLifetime(-1ms));
    QVERIFY(lock->tryAcquire()); // the next hold must not inherit the old deadline
    QVERIFY(!lost.wait(static_cast<int>(Enough.count()) + 100));
    QVERIFY(lock->isHeld());
}

void tst_Lifetime::aNewHoldHasItsOwnLifetime()
{
    const Place place;
    const auto lock = place.lock();
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    QVERIFY(lock->setLifetime(50ms));
    QVERIFY(lock->tryAcquire());
    QVERIFY(lost.wait(Patience));
    QVERIFY(lock->tryAcquire());
    QVERIFY(lock->isHeld());
    QVERIFY(lost.wait(Patience));
    QCOMPARE(lost.size(), 2);
}

void tst_Lifetime::recursionDoesNotProlongIt()
{
    const Place place;
    const auto lock = place.lock();
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    QVERIFY(lock->setLifetime(Enough));
    QVERIFY(lock->tryAcquire());
    QVERIFY(lock->setLifetime(-1ms));
    QVERIFY(lock->tryAcquire());
    QVERIFY(lost.wait(Patience));
    QCOMPARE(lock->depth(), 0);
}

void tst_Lifetime::releasingAfterTheLossIsNoMisuse()
{
    const Place place;
    const auto lock = place.lock();
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    QVERIFY(lock->setLifetime(20ms));
    QVERIFY(lock->tryAcquire());
    QVERIFY(lock->tryAcquire());
    QVERIFY(lost.wait(Patience));
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QVERIFY(!lock->release()); // as the holder's code does, once for each level
    QVERIFY(!lock->release());
    QCOMPARE(lock->error(), LockError::None);
}

void tst_Lifetime::anEndlessLifetimeDoesNotEnd()
{
    const Place place;
    const auto lock = place.lock();
    const auto rival = place.lock();
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    QVERIFY(lock->setLifetime(milliseconds::max()));
    QVERIFY(lock->tryAcquire());
    QVERIFY(!lost.wait(150));
    QVERIFY(lock->isHeld());
    int asked = 0; // nor is an endless poll interval a short one
    QVERIFY(!rival->tryAcquireFor(150ms,
                                  {.pollInterval = milliseconds::max(), .cancelCheck = [&] { return ++asked < 0; }}));
    QVERIFY2(asked < 10, qPrintable(QString::number(asked)));
    QSignalSpy timedOut(rival.get(), &AbstractLock::timedOut);
    rival->acquire({.timeout = 50ms, .pollInterval = milliseconds::max()});
    QVERIFY(timedOut.wait(Patience));
}

QTEST_GUILESS_MAIN(tst_Lifetime)
#include "tst_lifetime.moc"
