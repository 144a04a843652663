// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// PATH.state, which is held for moments: what happens when it cannot be given back.

#include "../os/faults.h"
#include "readwriteplace.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(Holdfast::LockMode)

class tst_SoftReadWriteMutex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneFailureKeepsNobodyOut_data() { bothModes(); }
    void oneFailureKeepsNobodyOut();
    void aHeartbeatGivesBackWhatCouldNotBe_data() { bothModes(); }
    void aHeartbeatGivesBackWhatCouldNotBe();
    void aReleaseGivesBackWhatCouldNotBe_data() { bothModes(); }
    void aReleaseGivesBackWhatCouldNotBe();
    void itStaysOursUntilItHasGone();
    void oneThatOthersHaveTakenIsTakenAgain();
    void oneThatCannotBeGivenBackIsAnError();

private:
    static constexpr int Chances = 3;
    static void bothModes();
    static void warns() { QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("some.state"))); }
    static void acquireAndLeaveTheMutex(SoftReadWriteBackend &backend, LockMode mode)
    {
        Faults faults;
        faults.fail(Call::Unlinkat, EIO, 1, Chances);
        warns();
        QCOMPARE(backend.attempt(mode).answer, Attempt::Acquired);
    }
    static void readAndLeaveTheMutex(SoftReadWriteBackend &backend)
    {
        Faults faults;
        faults.fail(Call::Unlinkat, EIO, 1, Chances);
        faults.fail(Call::Unlinkat, EIO, Chances + 2, ForEver); // all but the reader's own marker
        for (int i = 0; i < 3; ++i)
            warns();
        QCOMPARE(backend.attempt(LockMode::Shared).answer, Attempt::Acquired);
        QVERIFY(!backend.release());
    }
};

void tst_SoftReadWriteMutex::bothModes()
{
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("reading") << LockMode::Shared;
    QTest::newRow("writing") << LockMode::Exclusive;
}

void tst_SoftReadWriteMutex::oneFailureKeepsNobodyOut()
{
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    const auto backend = files.backend();
    {
        Faults faults;
        faults.fail(Call::Unlinkat, EIO, 1, Chances - 1);
        QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
    }
    QVERIFY(!QFile::exists(files.state()));
}

void tst_SoftReadWriteMutex::aHeartbeatGivesBackWhatCouldNotBe()
{
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    const auto backend = files.backend();
    acquireAndLeaveTheMutex(*backend, mode);
    QVERIFY(QFile::exists(files.state()));
    QCOMPARE(backend->renew().answer, Renewal::Done);
    QVERIFY(!QFile::exists(files.state()));
}

void tst_SoftReadWriteMutex::aReleaseGivesBackWhatCouldNotBe()
{
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    const auto backend = files.backend();
    acquireAndLeaveTheMutex(*backend, mode);
    QVERIFY(!backend->release());
    QVERIFY(!QFile::exists(files.state()));
    QCOMPARE(timesOpen(files.path()), 0);
}

void tst_SoftReadWriteMutex::itStaysOursUntilItHasGone()
{
    const ReadWriteFiles files;
    const auto backend = files.backend();
    readAndLeaveTheMutex(*backend);
    QVERIFY(QFile::exists(files.state()));
    QCOMPARE(backend->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QVERIFY(!QFile::exists(files.state()));
}

//   P.1 cannot give the mutex back     Q.1 takes it for stale, and makes his own
//   P.2 must not think that he has it
void tst_SoftReadWriteMutex::oneThatOthersHaveTakenIsTakenAgain()
{
    const ReadWriteFiles files;
    const auto p = files.backend();
    readAndLeaveTheMutex(*p);
    QVERIFY(QFile::remove(files.state()));
    write(files.state(), "4711\nelsewhere\n"); // Q.1
    QCOMPARE(p->attempt(LockMode::Shared).answer, Attempt::Busy);
    QCOMPARE(read(files.state()), QByteArray("4711\nelsewhere\n"));
    QVERIFY(files.readerNames().isEmpty());
}

void tst_SoftReadWriteMutex::oneThatCannotBeGivenBackIsAnError()
{
    const ReadWriteFiles files;
    const auto backend = files.backend();
    readAndLeaveTheMutex(*backend);
    Faults faults;
    faults.fail(Call::Unlinkat, EIO, 1, ForEver);
    for (int i = 0; i < 3; ++i)
        warns();
    const Attempt answer = backend->attempt(LockMode::Shared);
    QCOMPARE(answer.answer, Attempt::Failed);
    QVERIFY2(answer.failure.text.contains(files.state()), qPrintable(answer.failure.text));
}

QTEST_GUILESS_MAIN(tst_SoftReadWriteMutex)
#include "tst_softreadwritemutex.moc"
