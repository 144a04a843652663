// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A server that stands still for ten seconds, longer than the loss bound: no event loop waits with it, and who waits or holds
// hears in time what there is to hear.

#include "postgrestest.h"
#include "ticks.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qtimer.h>

#include <algorithm>

class tst_PostgresSilence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void tenSecondsDelayNobody();

private:
    std::unique_ptr<PostgresServer> m_server;
};

void tst_PostgresSilence::initTestCase()
{
    START_SERVER_OR_SKIP(m_server);
}

void tst_PostgresSilence::tenSecondsDelayNobody()
{
    const auto holder = otherProcess();
    const auto waiter = otherProcess();
    QCOMPARE(holder->ask(QStringLiteral("tryRead")), QStringLiteral("acquired"));
    waiter->tell(QStringLiteral("acquireWrite -1"));
    QVERIFY(waiter->isSilent());

    const auto make = [this](const char *name) {
        return std::make_unique<ReadWriteLock>(m_server->describe(), QString::fromLatin1(name));
    };
    const auto kept = make("kept");
    const auto given = make("given back");
    auto destroyed = make("destroyed");
    const auto timed = make("kept");
    const auto cancelled = make("kept");
    QVERIFY(kept->tryAcquireWrite() && given->tryAcquireWrite() && destroyed->tryAcquireWrite());
    QSignalSpy lost(kept.get(), &ReadWriteLock::lost);
    QElapsedTimer since;
    QElapsedTimer sinceAcquire;
    QElapsedTimer sinceCancel;
    qint64 timedOutAfter = -1;
    qint64 cancelledAfter = -1;
    connect(timed.get(), &ReadWriteLock::timedOut, this, [&] { timedOutAfter = sinceAcquire.elapsed(); });
    connect(cancelled.get(), &ReadWriteLock::cancelled, this, [&] { cancelledAfter = sinceCancel.elapsed(); });
    QTimer::singleShot(500, this, [&] {
        sinceAcquire.start();
        timed->acquireWrite({.timeout = 1s});
    });
    QTimer::singleShot(1000, this, [&] { cancelled->acquireRead({}); });
    QTimer::singleShot(2000, this, [&] {
        sinceCancel.start();
        cancelled->cancel();
    });
    QTimer::singleShot(3000, this, [&] { given->release(); });
    QTimer::singleShot(4000, this, [&] { destroyed.reset(); });

    m_server->freeze();
    TicksElsewhere control; // the same time in a thread that has nothing to do with locks
    Ticks ticks;
    since.start();
    QEventLoop loop;
    QTimer::singleShot(10000, &loop, &QEventLoop::quit); // the passing of time is what is tested
    loop.exec();
    const double late = ticks.latest();
    const double lateElsewhere = control.latest();
    qInfo("%d ticks, at most %.2f ms late, in another thread %.2f ms", ticks.count(), late, lateElsewhere);

    QVERIFY(holder->end() && waiter->end()); // a program can quit
    QVERIFY2(since.elapsed() < 14000, qPrintable(QString::number(since.elapsed())));
    QVERIFY(ticks.count() > 1000);
    QVERIFY2(late <= lateElsewhere + 5.0, qPrintable(QString::number(late)));
    QVERIFY2(timedOutAfter >= 1000 && timedOutAfter < 1500, qPrintable(QString::number(timedOutAfter)));
    QVERIFY2(cancelledAfter >= 0 && cancelledAfter < 500, qPrintable(QString::number(cancelledAfter)));
    QCOMPARE(lost.size(), 1);
    QCOMPARE(kept->lossReason(), LossReason::ConnectionLost);

    m_server->thaw();
    QTRY_VERIFY_WITH_TIMEOUT(kept->tryAcquireWrite(), Patience);
    QTRY_VERIFY_WITH_TIMEOUT(make("given back")->tryAcquireWrite(), Patience); // done as soon as the server could
    QTRY_VERIFY_WITH_TIMEOUT(make("destroyed")->tryAcquireWrite(), Patience);
}

QTEST_GUILESS_MAIN(tst_PostgresSilence)
#include "tst_postgressilence.moc"
