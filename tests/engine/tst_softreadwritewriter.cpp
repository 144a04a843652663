// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A writer's two phases, stepped by hand.

#include "manualclock.h"
#include "readwriteplace.h"

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

class tst_SoftReadWriteWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void announcesItselfAndWaits();
    void givesSignsOfLifeWhileItWaits();
    void withdrawsOnEveryWayOut_data();
    void withdrawsOnEveryWayOut();
    void doesNotCompleteOnASuccessorsMarker();
    void announcesItselfAgainWhenItsMarkerIsGone();
    void withdrawsNothingOfASuccessors();
    void countsFromTheLastSignOfLife();
    void leavesTimeBetweenLossAndTakeover_data();
    void leavesTimeBetweenLossAndTakeover();
    void aReaderAfterAWriterWithdrawsTheAnnouncement();
    void keepsOpenWhatIsInTheWay();
};

void tst_SoftReadWriteWriter::announcesItselfAndWaits()
{
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto writer = files.backend();
    const auto late = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    const Attempt answer = writer->attempt(LockMode::Exclusive);
    QCOMPARE(answer.answer, Attempt::Busy);
    QVERIFY(answer.retryIn > 0ms && answer.retryIn <= files.Threshold / 4);
    QCOMPARE(writer->identity(),
             reader->identity()); // what is in the way, so that a thread that waits for itself is told
    const QByteArray announced = read(files.writer());
    QCOMPARE(late->attempt(LockMode::Shared).answer, Attempt::Busy);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(read(files.writer()), announced); // the same one
    QVERIFY(!reader->release());
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(read(files.writer()), announced);
    QCOMPARE(late->attempt(LockMode::Shared).answer, Attempt::Busy);
    QVERIFY(!writer->release());
    QCOMPARE(late->attempt(LockMode::Shared).answer, Attempt::Acquired);
}

void tst_SoftReadWriteWriter::givesSignsOfLifeWhileItWaits()
{
    ManualTime time;
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto writer = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    for (int i = 0; i < 5; ++i) {
        age(files.writer(), files.Threshold - 2s);
        const Attempt answer = writer->attempt(LockMode::Exclusive);
        QCOMPARE(answer.answer, Attempt::Busy);
        QVERIFY(isOlderThan(files.writer(), 30s)); // no sooner than it takes: each one is an event for all who wait
        time->pass(answer.retryIn);
        QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
        QVERIFY(!isOlderThan(files.writer(), 30s));
    }
}

void tst_SoftReadWriteWriter::withdrawsOnEveryWayOut_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"stops trying", "is dropped", "is destroyed"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

void tst_SoftReadWriteWriter::withdrawsOnEveryWayOut()
{
    QFETCH(QString, how);
    for (const bool stuck : {false, true}) {
        const ReadWriteFiles files;
        const auto reader = files.backend();
        auto writer = files.backend();
        QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
        QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
        QVERIFY(QFile::exists(files.writer()));
        if (stuck) // nothing keeps it, not even a mutex that cannot be had
            write(files.state(), "4711\nelsewhere\n");
        if (how == QLatin1String("stops trying"))
            writer->stopTrying();
        else if (how == QLatin1String("is dropped"))
            writer->drop();
        else
            writer.reset();
        QVERIFY(!QFile::exists(files.writer()));
        QCOMPARE(QFile::exists(files.state()), stuck);
    }
}

//   P.1 makes P.write, waits for readers, is stopped for longer than the threshold
//   Q.1 takes P for dead, makes P.write his own
//   P.2 goes on
void tst_SoftReadWriteWriter::doesNotCompleteOnASuccessorsMarker()
{
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto p = files.backend();
    const auto q = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(p->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    age(files.writer(), files.Threshold + 2s);
    QVERIFY(!reader->release());
    QCOMPARE(q->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    const QByteArray qs = read(files.writer());
    QCOMPARE(p->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(read(files.writer()), qs);
    p->stopTrying();
    QCOMPARE(read(files.writer()), qs);
    QVERIFY(!q->release());
    QCOMPARE(p->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_SoftReadWriteWriter::announcesItselfAgainWhenItsMarkerIsGone()
{
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto writer = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(QFile::remove(files.writer()));
    QVERIFY(!reader->release());
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(read(files.writer()).left(32), writer->token().toLatin1());
}

void tst_SoftReadWriteWriter::withdrawsNothingOfASuccessors()
{
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto writer = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    write(files.writer(), foreignMarker()); // in the same file
    writer->stopTrying();
    QCOMPARE(read(files.writer()), foreignMarker());
}

void tst_SoftReadWriteWriter::countsFromTheLastSignOfLife()
{
    ManualTime time;
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto writer = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    const auto announced = Holdfast::clock().boot();
    time->pass(1s);
    QVERIFY(!reader->release());
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(writer->upkeep().since, announced); // no sign since
    QCOMPARE(writer->upkeep().every, 10s);
    QCOMPARE(writer->upkeep().endurance, 30s);
}

void tst_SoftReadWriteWriter::leavesTimeBetweenLossAndTakeover_data()
{
    QTest::addColumn<int>("heartbeat");
    QTest::addColumn<int>("threshold");
    QTest::addColumn<int>("endurance");
    QTest::newRow("three heartbeats") << 100 << 300 << 200;
    QTest::newRow("many") << 100 << 1000 << 900;
    QTest::newRow("hardly more than one") << 100 << 120 << 110;
}

void tst_SoftReadWriteWriter::leavesTimeBetweenLossAndTakeover()
{
    QFETCH(int, heartbeat);
    QFETCH(int, threshold);
    QFETCH(int, endurance);
    const SoftReadWriteBackend backend("/nowhere",
                                       {std::chrono::milliseconds(heartbeat), std::chrono::milliseconds(threshold)});
    QCOMPARE(backend.upkeep().endurance, std::chrono::milliseconds(endurance));
    QVERIFY(endurance > heartbeat && endurance < threshold);
}

void tst_SoftReadWriteWriter::aReaderAfterAWriterWithdrawsTheAnnouncement()
{
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto backend = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(backend->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QVERIFY(!QFile::exists(files.writer()));
    QCOMPARE(files.readerNames().size(), 2);
}

void tst_SoftReadWriteWriter::keepsOpenWhatIsInTheWay()
{
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto writer = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    const Watchable watched = writer->watchable();
    QVERIFY(watched.descriptor >= 0);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QCOMPARE(writer->watchable(), watched);
    const auto late = files.backend();
    QCOMPARE(late->attempt(LockMode::Shared).answer, Attempt::Busy);
    QVERIFY(late->watchable().descriptor >= 0);
    late->stopTrying();
    writer->stopTrying();
    QVERIFY(!reader->release());
    QCOMPARE(timesOpen(files.path()), 0);
}

QTEST_GUILESS_MAIN(tst_SoftReadWriteWriter)
#include "tst_softreadwritewriter.moc"
