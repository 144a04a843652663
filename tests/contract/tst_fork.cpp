// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A child of fork() that goes on without exec().

#include "contract.h"

#include <functional>
#include <sys/wait.h>
#include <unistd.h>

class tst_Fork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theChildHoldsNothing();
    void theChildCannotUseTheParentsObject();
    void theChildIsToldThatItWasRefused();
    void theChildCannotFreeTheParentsLock_data();
    void theChildCannotFreeTheParentsLock();
    void theChildMayLockForItself();
    void theParentIsStillWokenAfterAChildHasLived();
    void theLockIsFreeWhenTheParentDiesAndTheChildLives();
};

namespace {

/** What @p check says in a forked child; the child leaves without running anything of the test's. */
bool inChild(const std::function<bool()> &check)
{
    const pid_t child = fork();
    if (child == 0)
        _exit(check() ? 0 : 1);
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

void tst_Fork::theChildHoldsNothing()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquire());
    QVERIFY(inChild([&] { return !lock->isHeld() && lock->depth() == 0 && lock->state() == LockState::Idle; }));
    QVERIFY(lock->isHeld());
}

void tst_Fork::theChildCannotUseTheParentsObject()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(inChild([&] {
        return !lock->tryAcquire() && lock->error() == LockError::Inherited
               && lock->errorString().contains(place.path()) && !lock->tryAcquireFor(1s)
               && !lock->setThreadPool(nullptr);
    }));
    QVERIFY(lock->tryAcquire());
}

void tst_Fork::theChildIsToldThatItWasRefused()
{
    const Place place;
    auto lock = place.lock();
    QVERIFY(lock->tryAcquire());
    QVERIFY(inChild([&] {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("made before a fork")));
        int refusals = 0;
        connect(lock.get(), &AbstractLock::errorOccurred, this, [&](LockError error) {
            refusals += error == LockError::Inherited ? 1 : 100;
            lock.reset(); // as any handler may
        });
        QFuture<Outcome> future = lock->acquireFuture();
        if (!future.isFinished() || future.result() != Outcome::Failed || refusals != 0)
            return false;
        settle();
        return refusals == 1 && !lock;
    }));
    QVERIFY(lock->isHeld());
    QVERIFY(!place.lock()->tryAcquire());
}

void tst_Fork::theChildCannotFreeTheParentsLock_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("release") << QStringLiteral("release");
    QTest::newRow("forceRelease") << QStringLiteral("force");
    QTest::newRow("destruction") << QStringLiteral("destroy");
    QTest::newRow("its end") << QStringLiteral("end");
}

void tst_Fork::theChildCannotFreeTheParentsLock()
{
    QFETCH(QString, what);
    const Place place;
    auto lock = place.lock();
    const auto other = place.otherProcess();
    QVERIFY(lock->tryAcquire());
    QVERIFY(inChild([&] {
        if (what == QLatin1String("release"))
            return !lock->release();
        if (what == QLatin1String("force"))
            lock->forceRelease();
        if (what == QLatin1String("destroy"))
            lock.reset();
        return true;
    }));
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("busy"));
    QVERIFY(lock->isHeld());
    QVERIFY(lock->release());
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
}

void tst_Fork::theChildMayLockForItself()
{
    const Place place;
    const auto lock = place.lock();
    QVERIFY(lock->tryAcquire());
    QVERIFY(inChild([&] { return !place.lock()->tryAcquire(); }));
    QVERIFY(inChild([&] { return !place.lock()->tryAcquireFor(30ms); }));
    QVERIFY(lock->release());
    QVERIFY(inChild([&] { return place.lock()->tryAcquireFor(30s); }));
    QVERIFY(lock->tryAcquire());
}

void tst_Fork::theParentIsStillWokenAfterAChildHasLived()
{
    const Place place;
    const auto other = place.otherProcess();
    QCOMPARE(other->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const auto lock = place.lock();
    lock->setPollInterval(Never);
    Endings endings(lock.get());
    QSignalSpy contended(lock.get(), &AbstractLock::contended);
    lock->acquire();
    QVERIFY(contended.wait(Patience));
    settle();
    // The child waits, too, and must not take the events that are meant for the parent.
    QVERIFY(inChild([&] { return !place.lock()->tryAcquireFor(30ms); }));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_COMPARE_WITH_TIMEOUT(endings.acquired.size(), 1, Patience);
}

void tst_Fork::theLockIsFreeWhenTheParentDiesAndTheChildLives()
{
    const Place place;
    const auto lock = place.lock();
    int gate[2];
    QCOMPARE(pipe(gate), 0);
    // The grandchild, alive until the gate opens, must not keep the lock of its dead parent.
    QVERIFY(inChild([&] {
        auto held = place.lock();
        if (!held->tryAcquire())
            return false;
        if (fork() == 0) {
            char byte = 0;
            close(gate[1]);
            const ssize_t size = read(gate[0], &byte, 1);
            _exit(size == 0 ? 0 : 1);
        }
        return held.release() != nullptr; // ends at once, without a destructor
    }));
    // It lets go at the end of the fork, for which it may have to wait for a processor.
    QCOMPARE(isFreedByDeath() ? lock->tryAcquireFor(30s) : lock->tryAcquire(), isFreedByDeath());
    close(gate[0]);
    close(gate[1]);
}

QTEST_GUILESS_MAIN(tst_Fork)
#include "tst_fork.moc"
