// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/steward.h"
#include "manualclock.h"
#include "patience.h"
#include "scriptedlock.h"

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** The object goes at the worst moments. What it held is free afterwards, and nobody hears from it. */
class tst_Destruction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void happensInAHandler_data();
    void happensInAHandler();
    void happensInTheCancelCheck();
    void happensWhileItWaits();
    void happensBeforeItsWaitBegins();
    void happensWhileItIsHeld();
    void happensBetweenTheGrantAndTheNews();
    void letsTheNextOneIn();
};

namespace {

enum Handler {
    Acquired,
    TimedOut,
    Cancelled,
    Error,
    Released,
    Lost,
    Contended,
    HeldChanged,
    StateChanged,
    DepthChanged,
    ErrorChanged
};

void on(Handler handler, AbstractLock *lock, const std::function<void()> &call)
{
    const auto any = [call](auto &&...) { call(); };
    switch (handler) {
    case Acquired:
        QObject::connect(lock, &AbstractLock::acquired, lock, any);
        break;
    case TimedOut:
        QObject::connect(lock, &AbstractLock::timedOut, lock, any);
        break;
    case Cancelled:
        QObject::connect(lock, &AbstractLock::cancelled, lock, any);
        break;
    case Error:
        QObject::connect(lock, &AbstractLock::errorOccurred, lock, any);
        break;
    case Released:
        QObject::connect(lock, &AbstractLock::released, lock, any);
        break;
    case Lost:
        QObject::connect(lock, &AbstractLock::lost, lock, any);
        break;
    case Contended:
        QObject::connect(lock, &AbstractLock::contended, lock, any);
        break;
    case HeldChanged:
        QObject::connect(lock, &AbstractLock::heldChanged, lock, any);
        break;
    case StateChanged:
        QObject::connect(lock, &AbstractLock::stateChanged, lock, any);
        break;
    case DepthChanged:
        QObject::connect(lock, &AbstractLock::depthChanged, lock, any);
        break;
    case ErrorChanged:
        QObject::connect(lock, &AbstractLock::errorChanged, lock, any);
        break;
    }
}

} // namespace

void tst_Destruction::happensInAHandler_data()
{
    QTest::addColumn<int>("handler");
    QTest::addColumn<QString>("how");
    const auto row = [](const char *claim, Handler handler, const char *how) {
        QTest::newRow(claim) << int(handler) << QString::fromLatin1(how);
    };
    row("of acquired", Acquired, "acquire");
    row("of heldChanged at the grant", HeldChanged, "acquire");
    row("of stateChanged at the start", StateChanged, "acquire");
    row("of depthChanged at the grant", DepthChanged, "acquire");
    row("of contended", Contended, "wait");
    row("of timedOut", TimedOut, "busy");
    row("of cancelled", Cancelled, "cancel");
    row("of errorOccurred", Error, "fail");
    row("of errorChanged", ErrorChanged, "fail");
    row("of released", Released, "release");
    row("of heldChanged at the release", HeldChanged, "release");
    row("of stateChanged at the release", StateChanged, "release");
    row("of errorChanged when a release fails", ErrorChanged, "release fails");
    row("of lost", Lost, "expire");
    row("of heldChanged at the loss", HeldChanged, "expire");
}

void tst_Destruction::happensInAHandler()
{
    QFETCH(int, handler);
    QFETCH(QString, how);
    const ManualTime time;
    auto *lock = new ScriptedLock;
    const auto script = lock->sharedScript();
    bool gone = false;
    const auto destroy = [&] {
        gone = true;
        delete lock;
    };
    const bool holdsFirst = how.startsWith(QLatin1String("release")) || how == QLatin1String("expire");
    if (holdsFirst) {
        QVERIFY(lock->setLifetime(1s));
        QVERIFY(lock->tryAcquire());
    }
    on(static_cast<Handler>(handler), lock, destroy);
    if (how == QLatin1String("expire")) {
        time->pass(2s);
        Steward::instance().runDue();
    } else if (how.startsWith(QLatin1String("release"))) {
        script->failingReleases = how == QLatin1String("release") ? 0 : 1;
        lock->release();
    } else {
        const bool busy =
            how == QLatin1String("busy") || how == QLatin1String("wait") || how == QLatin1String("cancel");
        script->busy = busy ? int(Script::Always) : 0;
        script->failing = how == QLatin1String("fail") ? 1 : 0;
        for (int i = 0; i < 3 && !gone; ++i) // others behind it
            lock->acquire({.timeout = how == QLatin1String("busy") ? 0ms : -1ms});
        if (how == QLatin1String("cancel"))
            lock->cancel();
    }
    QVERIFY(comesTrue([&] { return gone; }));
    settle();
    QVERIFY(!script->held);
    QCOMPARE(script->overlaps, 0);
    ScriptedLock next(script);
    script->busy = script->failing = 0;
    QVERIFY(next.tryAcquire());
}

void tst_Destruction::happensInTheCancelCheck()
{
    for (const int call : {1, 3}) {
        auto *lock = new ScriptedLock;
        const auto script = lock->sharedScript();
        script->busy = Script::Always;
        int asked = 0;
        bool gone = false;
        lock->acquire({.pollInterval = 1ms, .cancelCheck = [&, number = call] {
                           if (++asked == number) {
                               delete lock;
                               gone = true;
                           }
                           return false;
                       }});
        QVERIFY(comesTrue([&] { return gone; }));
        settle();
        QCOMPARE(asked, call);
    }
}

void tst_Destruction::happensWhileItWaits()
{
    auto lock = std::make_unique<ScriptedLock>();
    const auto script = lock->sharedScript();
    script->busy = Script::Always;
    int endings = 0;
    connect(lock.get(), &AbstractLock::cancelled, this, [&] { ++endings; });
    lock->acquire({.timeout = 20ms, .pollInterval = 1ms});
    lock->acquire({.pollInterval = 1ms});
    QVERIFY(comesTrue([&] { return script->attempts > 2; }));
    lock.reset();
    const int attempts = script->attempts;
    script->busy = 0;
    QTest::qWait(50); // it has had time to look, and did not
    QCOMPARE(script->attempts, attempts);
    QVERIFY(!script->held);
    QCOMPARE(endings, 0);
}

void tst_Destruction::happensBeforeItsWaitBegins()
{
    auto lock = std::make_unique<ScriptedLock>();
    const auto script = lock->sharedScript();
    lock->acquire();
    lock.reset();
    settle();
    QCOMPARE(script->attempts, 0);
}

void tst_Destruction::happensWhileItIsHeld()
{
    auto lock = std::make_unique<ScriptedLock>();
    const auto script = lock->sharedScript();
    int released = 0;
    connect(lock.get(), &AbstractLock::released, this, [&] { ++released; });
    QVERIFY(lock->tryAcquire() && lock->tryAcquire());
    lock.reset();
    QVERIFY(!script->held);
    settle();
    QCOMPARE(released, 0);
}

// A poll finds it free; before the news is told, something else of this thread destroys the lock.
void tst_Destruction::happensBetweenTheGrantAndTheNews()
{
    QVERIFY2(finishes([] {
                 auto *lock = new ScriptedLock;
                 const auto script = lock->sharedScript();
                 bool gone = false;
                 QObject context;
                 script->busy = 3;
                 script->onAttempt = [&](int number) {
                     if (number == 4)
                         QMetaObject::invokeMethod(
                             &context,
                             [&] {
                                 delete lock;
                                 gone = true;
                             },
                             Qt::QueuedConnection);
                 };
                 lock->acquire({.pollInterval = 1ms});
                 while (!gone || script->held)
                     QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
             }),
             "it waits for itself");
}

void tst_Destruction::letsTheNextOneIn()
{
    const auto script = std::make_shared<Script>();
    ScriptedLock waiting(script);
    auto holder = std::make_unique<ScriptedLock>(script);
    QVERIFY(holder->tryAcquire());
    waiting.acquire({.pollInterval = 1ms});
    QVERIFY(comesTrue([&] { return script->attempts > 3; }));
    holder.reset();
    QVERIFY(comesTrue([&] { return waiting.isHeld(); }));
}

QTEST_GUILESS_MAIN(tst_Destruction)
#include "tst_destruction.moc"
