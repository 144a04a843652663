// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "patience.h"
#include "scriptedlock.h"

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** A handler that opens a dialog runs an event loop of its own: whatever is due is delivered in it, once. */
class tst_NestedLoops : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliversTheOtherEndingsOfTheSameLock_data();
    void deliversTheOtherEndingsOfTheSameLock();
    void deliversTheEndingsOfOtherLocks();
    void servesANewCall();
    void releasesInside();
    void usesALockThatAPollHasJustGot_data();
    void usesALockThatAPollHasJustGot();
};

void tst_NestedLoops::deliversTheOtherEndingsOfTheSameLock_data()
{
    QTest::addColumn<int>("busy");
    QTest::addColumn<QString>("ending");
    QTest::newRow("acquired at once") << 0 << QStringLiteral("acquired");
    QTest::newRow("acquired after a wait") << 3 << QStringLiteral("acquired");
    QTest::newRow("timed out") << int(Script::Always) << QStringLiteral("timedOut");
    QTest::newRow("cancelled") << int(Script::Always) << QStringLiteral("cancelled");
}

void tst_NestedLoops::deliversTheOtherEndingsOfTheSameLock()
{
    QFETCH(int, busy);
    QFETCH(QString, ending);
    ScriptedLock lock;
    lock.script().busy = busy;
    bool inside = false;
    bool allCame = false;
    const auto dialog = [&] {
        if (std::exchange(inside, true))
            return;
        allCame = comesTrue([&] { return lock.endings().size() == 4; });
    };
    connect(&lock, &AbstractLock::acquired, this, dialog);
    connect(&lock, &AbstractLock::timedOut, this, dialog);
    connect(&lock, &AbstractLock::cancelled, this, dialog);
    for (int i = 0; i < 4; ++i)
        lock.acquire({.timeout = ending == QLatin1String("timedOut") ? 10ms : -1ms, .pollInterval = 1ms});
    if (ending == QLatin1String("cancelled")) {
        settle();
        lock.cancel();
    }
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty() && inside; }));
    QVERIFY(allCame);
    settle();
    QCOMPARE(lock.endings(), QStringList(4, ending));
    QCOMPARE(lock.depth(), ending == QLatin1String("acquired") ? 4 : 0);
}

void tst_NestedLoops::deliversTheEndingsOfOtherLocks()
{
    ScriptedLock first;
    ScriptedLock polled;
    ScriptedLock impatient;
    ScriptedLock late;
    first.script().busy = 3;
    polled.script().busy = 20;
    impatient.script().busy = Script::Always;
    bool allCame = false;
    connect(&first, &AbstractLock::acquired, this, [&] {
        late.acquire();
        allCame = comesTrue([&] { return polled.isHeld() && late.isHeld() && !impatient.endings().isEmpty(); });
    });
    first.acquire({.pollInterval = 1ms});
    polled.acquire({.pollInterval = 1ms}); // in the same interval
    impatient.acquire({.timeout = 30ms, .pollInterval = 1h});
    QVERIFY(comesTrue([&] { return first.isHeld(); }));
    QVERIFY(allCame);
    QCOMPARE(impatient.endings(), QStringList{QStringLiteral("timedOut")});
}

void tst_NestedLoops::servesANewCall()
{
    ScriptedLock lock;
    bool served = false;
    connect(&lock, &AbstractLock::acquired, this, [&] {
        if (lock.endings().size() > 1)
            return;
        lock.acquire();
        served = comesTrue([&] { return lock.endings().size() == 2; });
    });
    lock.acquire();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
    QVERIFY(served);
    QCOMPARE(lock.depth(), 2);
}

void tst_NestedLoops::releasesInside()
{
    ScriptedLock lock;
    connect(&lock, &AbstractLock::acquired, this, [&] {
        settle();
        QVERIFY(lock.release());
        settle();
    });
    lock.acquire();
    lock.acquire();
    QVERIFY(comesTrue([&] { return lock.endings().size() == 2; }));
    settle();
    QCOMPARE(lock.depth(), 0);
    QVERIFY(!lock.script().held);
}

void tst_NestedLoops::usesALockThatAPollHasJustGot_data()
{
    QTest::addColumn<QString>("verb");
    for (const char *verb : {"tryAcquire", "tryAcquireFor", "release", "forceRelease", "cancel", "acquire"})
        QTest::newRow(verb) << QString::fromLatin1(verb);
}

// The poll has found it free, and its news wait in the event queue, when another event of this thread uses the lock.
void tst_NestedLoops::usesALockThatAPollHasJustGot()
{
    QFETCH(QString, verb);
    if (verb == QLatin1String("release"))
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Cannot release")));
    QVERIFY2(finishes([verb] {
                 ScriptedLock lock;
                 QObject context;
                 bool used = false;
                 const auto use = [&] {
                     if (verb == QLatin1String("tryAcquire"))
                         static_cast<void>(lock.tryAcquire());
                     else if (verb == QLatin1String("tryAcquireFor"))
                         static_cast<void>(lock.tryAcquireFor(-1ms));
                     else if (verb == QLatin1String("release"))
                         lock.release();
                     else if (verb == QLatin1String("forceRelease"))
                         lock.forceRelease();
                     else if (verb == QLatin1String("cancel"))
                         lock.cancel();
                     else
                         lock.acquire();
                     used = true;
                 };
                 lock.script().busy = 3;
                 lock.script().onAttempt = [&](int number) {
                     if (number == 4)
                         QMetaObject::invokeMethod(&context, use, Qt::QueuedConnection);
                 };
                 lock.acquire({.pollInterval = 1ms});
                 const int due = verb == QLatin1String("acquire") ? 2 : 1;
                 while (!used || lock.endings().size() < due)
                     QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
                 // Whatever was done: one ending, and the depth says how often it was acquired.
                 const bool cancelled = lock.endings().first() == QLatin1String("cancelled");
                 const int depth = (cancelled ? 0 : due) + (verb.startsWith(QLatin1String("try")) ? 1 : 0);
                 if (lock.endings().size() != due || lock.depth() != depth || lock.script().held != (depth > 0))
                     qFatal("%s: depth %d, held %d", qPrintable(lock.endings().join(u' ')), lock.depth(),
                            lock.script().held.load());
             }),
             "it waits for itself");
}

QTEST_GUILESS_MAIN(tst_NestedLoops)
#include "tst_nestedloops.moc"
