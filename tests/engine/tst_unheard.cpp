// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/steward.h"
#include "manualclock.h"
#include "patience.h"
#include "scriptedlock.h"

#include <QtCore/qsemaphore.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <memory>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

namespace {

std::atomic<int> s_warnings{0};

void countWarnings(QtMsgType type, const QMessageLogContext &, const QString &text)
{
    if (type == QtWarningMsg && text.contains(QStringLiteral("has waited 10 s for a turn of the event loop")))
        s_warnings += text.contains(QStringLiteral("\"the scripted lock\"")) ? 1 : 100;
}

/** A thread that has called acquire() and blocks its event loop from then on. */
class BlockedThread
{
public:
    explicit BlockedThread(ScriptedLock &lock)
        : m_thread(QThread::create([this, &lock] {
              lock.acquire();
              m_called.release();
              m_mayAcquireAgain.acquire();
              QEventLoop().processEvents();
              lock.acquire();
              m_called.release();
              m_mayEnd.acquire();
              lock.cancel();
          }))
    {
        m_thread->start();
        m_called.acquire();
    }
    ~BlockedThread()
    {
        m_mayAcquireAgain.release();
        m_mayEnd.release();
        m_thread->wait();
    }
    void acquireAgain()
    {
        m_mayAcquireAgain.release();
        m_called.acquire();
    }

private:
    QSemaphore m_called;
    QSemaphore m_mayAcquireAgain;
    QSemaphore m_mayEnd;
    const std::unique_ptr<QThread> m_thread;
};

} // namespace

/** A thread that blocks its event loop hears of no ending; so at least the log says why. */
class tst_Unheard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void warnsOnceOfALoopThatGetsNoTurn();
    void eachAcquisitionCountsAnew();
    void saysNothingWhenTheLoopHasHadATurn();
    void doesNotCountTheSleepOfTheMachine();

private:
    void pass(std::chrono::seconds time)
    {
        m_time->pass(time);
        Steward::instance().runDue();
    }

    ManualTime m_time; // for the whole program: what is to be looked at lies on this clock
    QtMessageHandler m_handler = nullptr;
};

void tst_Unheard::init()
{
    pass(20s); // what the test before has left is looked at now
    s_warnings = 0;
    m_handler = qInstallMessageHandler(countWarnings);
}

void tst_Unheard::cleanup()
{
    qInstallMessageHandler(m_handler);
}

void tst_Unheard::warnsOnceOfALoopThatGetsNoTurn()
{
    ScriptedLock lock;
    const BlockedThread blocked(lock);
    pass(9s);
    QCOMPARE(s_warnings, 0);
    pass(1s);
    QVERIFY(comesTrueElsewhere([] { return s_warnings == 1; }));
    for (int i = 0; i < 3; ++i)
        pass(10s);
    QCOMPARE(s_warnings, 1);
}

void tst_Unheard::eachAcquisitionCountsAnew()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    BlockedThread blocked(lock);
    pass(10s);
    QVERIFY(comesTrueElsewhere([] { return s_warnings == 1; }));
    blocked.acquireAgain();
    pass(5s);
    pass(5s);
    QVERIFY(comesTrueElsewhere([] { return s_warnings == 2; }));
}

void tst_Unheard::saysNothingWhenTheLoopHasHadATurn()
{
    ScriptedLock lock;
    lock.script().busy = Script::Always;
    lock.acquire({.pollInterval = 1h});
    QVERIFY(comesTrue([&] { return lock.script().attempts > 0; }));
    for (int i = 0; i < 3; ++i)
        pass(10s);
    QCOMPARE(s_warnings, 0);
    lock.cancel();
    QVERIFY(comesTrue([&] { return !lock.endings().isEmpty(); }));
}

void tst_Unheard::doesNotCountTheSleepOfTheMachine()
{
    ScriptedLock lock;
    const BlockedThread blocked(lock);
    m_time->sleep(1h);
    pass(9s);
    QCOMPARE(s_warnings, 0);
    pass(10s);
    QVERIFY(comesTrueElsewhere([] { return s_warnings == 1; }));
}

QTEST_GUILESS_MAIN(tst_Unheard)
#include "tst_unheard.moc"
