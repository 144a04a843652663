// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Many readers and some writers in processes of their own, some killed, some stopped for longer than their markers last: no
// writer is ever together with anybody who has not been told that his hold is lost, and at the end nothing is stuck.

#include "readwritescene.h"

#include <QtTest/qtest.h>

class tst_ReadWriteHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCheckerFindsWhatIsWrong();
    void noWriterIsWithAnybody_data();
    void noWriterIsWithAnybody();
};

void tst_ReadWriteHistory::theCheckerFindsWhatIsWrong()
{
    constexpr std::int64_t ms = 1'000'000;
    const Stretch reads{0, 10 * ms, 20 * ms, 1, false, false};
    const Stretch alsoReads{0, 15 * ms, 25 * ms, 2, false, false};
    const Stretch writes{0, 18 * ms, 30 * ms, 3, true, false};
    const Stretch writesLater{0, 31 * ms, 40 * ms, 4, true, false};
    const Stretch loses{0, 10 * ms, 900 * ms, 5, true, true};
    const Stretch losesAtOnce{0, 10 * ms, 20 * ms, 5, true, true};
    const Stretch keeps{0, 10 * ms, 900 * ms, 5, true, false};
    const QList<Stretch> stops{{0, 12 * ms, 890 * ms, 5, false, false}};
    QVERIFY(findOverlap({reads, alsoReads, writesLater}, {}).isEmpty());
    QVERIFY(!findOverlap({reads, writes}, {}).isEmpty());
    QVERIFY(!findOverlap({writes, reads}, {}).isEmpty());
    QVERIFY(findOverlap({writes, writesLater}, {}).isEmpty());
    QVERIFY(findOverlap({loses, writesLater}, stops).isEmpty());
    QVERIFY(!findOverlap({keeps, writesLater}, stops).isEmpty()); // was stopped, and not told
    QVERIFY(!findOverlap({losesAtOnce}, {}).isEmpty());
}

void tst_ReadWriteHistory::noWriterIsWithAnybody_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("writers");
    if (qEnvironmentVariableIsSet("HOLDFAST_POSTGRES")) {
        QTest::newRow("on a server") << QStringLiteral("postgres-rw-brief") << 1; // several would leave readers little
        return;
    }
    QTest::newRow("with markers") << QStringLiteral("soft-rw-brief") << 3;
    QTest::newRow("with SQLite") << QStringLiteral("sqlite-rw") << 3;
}

void tst_ReadWriteHistory::noWriterIsWithAnybody()
{
    QFETCH(QString, kind);
    QFETCH(int, writers);
    const ReadWriteHistory history = ReadWriteScene({.kind = kind, .writers = writers}).play();
    qInfo("%d holds, %d for writing, %d lost; %d kills, %d stops", history.holds, history.writes, history.lost,
          history.kills, history.stops);
    QVERIFY2(history.problem.isEmpty(), qPrintable(history.problem));
    QVERIFY(history.fewestReads > 3);
    QVERIFY(history.fewestWrites > 3);
    QVERIFY(history.kills > 0 && history.stops > 0);
}

QTEST_GUILESS_MAIN(tst_ReadWriteHistory)
#include "tst_readwritehistory.moc"
