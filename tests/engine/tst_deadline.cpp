// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "manualclock.h"

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

class tst_Deadline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void neverComes_data();
    void neverComes();
    void comesAtItsMoment();
    void hasPassedAtOnceWhenThereIsNoTime();
    void shortensTheLastSleep();
    void standsStillWhileTheMachineSleeps();
};

void tst_Deadline::neverComes_data()
{
    QTest::addColumn<qint64>("timeout");
    QTest::newRow("after -1 ms") << qint64(-1);
    QTest::newRow("after the lowest of all numbers") << qint64(milliseconds::min().count());
    QTest::newRow("after the highest of all numbers") << qint64(milliseconds::max().count());
    QTest::newRow("after 300 years, which do not fit")
        << qint64(std::chrono::duration_cast<milliseconds>(std::chrono::years(300)).count());
    QTest::newRow("after as much as fits, but not from now")
        << qint64(std::chrono::duration_cast<milliseconds>(nanoseconds::max()).count());
}

void tst_Deadline::neverComes()
{
    QFETCH(qint64, timeout);
    const Testing::ManualTime time;
    const Deadline deadline = Deadline::in(milliseconds(timeout));
    QVERIFY(deadline.isForever());
    time->pass(std::chrono::hours(24 * 365));
    QVERIFY(!deadline.hasPassed());
    QCOMPARE(deadline.clamp(50ms), nanoseconds(50ms));
    QVERIFY(Deadline().isForever());
}

void tst_Deadline::comesAtItsMoment()
{
    const Testing::ManualTime time;
    const Deadline deadline = Deadline::in(100ms);
    QVERIFY(!deadline.isForever());
    time->pass(100ms - 1ns);
    QVERIFY(!deadline.hasPassed());
    time->pass(1ns);
    QVERIFY(deadline.hasPassed());
    QVERIFY(Deadline::in(std::chrono::hours(24 * 365 * 100)).moment() > deadline.moment()); // a century fits
    QVERIFY(!Deadline::in(std::chrono::hours(24 * 365 * 100)).isForever());
}

void tst_Deadline::hasPassedAtOnceWhenThereIsNoTime()
{
    const Testing::ManualTime time;
    QVERIFY(Deadline::in(0ms).hasPassed());
    QCOMPARE(Deadline::in(0ms).clamp(50ms), 0ns);
}

void tst_Deadline::shortensTheLastSleep()
{
    const Testing::ManualTime time;
    const Deadline deadline = Deadline::in(100ms);
    QCOMPARE(deadline.clamp(50ms), nanoseconds(50ms));
    time->pass(70ms);
    QCOMPARE(deadline.clamp(50ms), nanoseconds(30ms));
    time->pass(70ms);
    QCOMPARE(deadline.clamp(50ms), 0ns); // never negative
}

void tst_Deadline::standsStillWhileTheMachineSleeps()
{
    const Testing::ManualTime time;
    const Deadline deadline = Deadline::in(100ms);
    time->sleep(std::chrono::hours(8));
    QVERIFY(!deadline.hasPassed());
}

QTEST_GUILESS_MAIN(tst_Deadline)
#include "tst_deadline.moc"
