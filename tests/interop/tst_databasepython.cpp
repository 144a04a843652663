// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The same SQLite file shared with the ReadWriteLock of Python's filelock, statement for statement, and with any SQLite program.

#include "otherprocess.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long

} // namespace

class tst_DatabasePython : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void excludesAndIsExcluded_data();
    void excludesAndIsExcluded();
    void isWokenWhenItLetsGo_data();
    void isWokenWhenItLetsGo();
    void isWokenWhenItDies();
    void getsOnWhenWeDie();
    void itsWaitingWriterKeepsOurReadersOut();
    void ourWaitingWriterKeepsItsReadersOut();
    void aWriterHalfInsideGetsThrough_data();
    void aWriterHalfInsideGetsThrough();
    void anySqliteProgramIsKeptOut();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("a.db")); }
    std::unique_ptr<OtherProcess> python() const
    {
        return std::make_unique<OtherProcess>(QStringLiteral(PYTHON),
                                              QStringList{QStringLiteral(SOURCE_FOLDER "/lockdatabase.py"), path()},
                                              QStringLiteral("ready"));
    }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_DatabasePython::excludesAndIsExcluded_data()
{
    QTest::addColumn<QString>("theirs");
    QTest::addColumn<LockMode>("ours");
    QTest::addColumn<bool>("together");
    QTest::newRow("two readers are together") << QStringLiteral("read") << LockMode::Shared << true;
    QTest::newRow("their reader, our writer") << QStringLiteral("read") << LockMode::Exclusive << false;
    QTest::newRow("their writer, our reader") << QStringLiteral("write") << LockMode::Shared << false;
    QTest::newRow("two writers") << QStringLiteral("write") << LockMode::Exclusive << false;
}

void tst_DatabasePython::excludesAndIsExcluded()
{
    QFETCH(QString, theirs);
    QFETCH(LockMode, ours);
    QFETCH(bool, together);
    const auto other = python();
    ReadWriteLock lock(path(), {.mode = ours});
    QCOMPARE(other->ask(theirs + QStringLiteral(" 0")), QStringLiteral("acquired"));
    QCOMPARE(lock.tryAcquire(), together);
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(together || lock.holder().processId == other->processId());
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(together || lock.tryAcquire());
    QCOMPARE(other->ask(theirs + QStringLiteral(" 0")), together ? QStringLiteral("acquired") : QStringLiteral("busy"));
    QVERIFY(lock.release());
    QVERIFY(together || other->ask(theirs + QStringLiteral(" 0")) == QLatin1String("acquired"));
    QCOMPARE(QFile(path()).size(), 0);
}

void tst_DatabasePython::isWokenWhenItLetsGo_data()
{
    QTest::addColumn<LockMode>("ours");
    QTest::newRow("a reader") << LockMode::Shared;
    QTest::newRow("a writer") << LockMode::Exclusive;
}

void tst_DatabasePython::isWokenWhenItLetsGo()
{
    QFETCH(LockMode, ours);
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("write 0")), QStringLiteral("acquired"));
    ReadWriteLock lock(path(), {.pollInterval = 1h, .mode = ours}); // what wakes is not the poll
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquire();
    QVERIFY(contended.wait(Patience));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
}

void tst_DatabasePython::isWokenWhenItDies()
{
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("read 0")), QStringLiteral("acquired"));
    ReadWriteLock lock(path(), {.pollInterval = 1h});
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireWrite();
    QVERIFY(contended.wait(Patience));
    other->kill();
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
}

void tst_DatabasePython::getsOnWhenWeDie()
{
    OtherProcess ours(QStringLiteral("sqlite-rw"), path());
    QCOMPARE(ours.ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    const auto other = python();
    other->tell(QStringLiteral("write 60"));
    QVERIFY(other->isSilent());
    ours.kill();
    QCOMPARE(other->hear(), QStringLiteral("acquired"));
}

void tst_DatabasePython::itsWaitingWriterKeepsOurReadersOut()
{
    ReadWriteLock first(path());
    QVERIFY(first.tryAcquireRead());
    const auto writer = python();
    writer->tell(QStringLiteral("write 60"));
    // In this process, too, where SQLite alone would let a second reader in without asking anybody.
    ReadWriteLock second(path());
    const auto isKeptOut = [&second] { return !second.tryAcquireRead() || !second.release(); };
    QTRY_VERIFY_WITH_TIMEOUT(isKeptOut(), Patience);
    QCOMPARE(OtherProcess(QStringLiteral("sqlite-rw"), path()).ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
    QVERIFY(first.release());
    QCOMPARE(writer->hear(), QStringLiteral("acquired"));
    QVERIFY(!second.tryAcquireRead());
    QCOMPARE(writer->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(second.tryAcquireReadFor(-1ms));
}

void tst_DatabasePython::ourWaitingWriterKeepsItsReadersOut()
{
    const auto reader = python();
    const auto late = python();
    QCOMPARE(reader->ask(QStringLiteral("read 0")), QStringLiteral("acquired"));
    ReadWriteLock lock(path(), {.pollInterval = 1h});
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireWrite();
    QVERIFY(contended.wait(Patience));
    QCOMPARE(late->ask(QStringLiteral("read 0")), QStringLiteral("busy"));
    QCOMPARE(reader->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
    QCOMPARE(late->ask(QStringLiteral("read 0")), QStringLiteral("busy"));
    QVERIFY(lock.release());
    QCOMPARE(late->ask(QStringLiteral("read 0")), QStringLiteral("acquired"));
}

void tst_DatabasePython::aWriterHalfInsideGetsThrough_data()
{
    QTest::addColumn<bool>("reservesFirst");
    QTest::newRow("who has RESERVED when we come") << true;
    QTest::newRow("who takes it when we wait already") << false;
}

void tst_DatabasePython::aWriterHalfInsideGetsThrough()
{
    QFETCH(bool, reservesFirst);
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("enter")), QStringLiteral("entered"));
    if (reservesFirst)
        QCOMPARE(other->ask(QStringLiteral("reserve")), QStringLiteral("reserved"));
    ReadWriteLock lock(path(), {.pollInterval = 1h});
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireWrite();
    QVERIFY(contended.wait(Patience));
    if (!reservesFirst)
        QCOMPARE(other->ask(QStringLiteral("reserve")), QStringLiteral("reserved"));
    other->tell(QStringLiteral("finish 20"));
    QTRY_VERIFY_WITH_TIMEOUT(!other->isSilent(), Patience);
    QVERIFY(acquired.isEmpty());
    QCOMPARE(other->hear(), QStringLiteral("acquired"));
    QCOMPARE(other->ask(QStringLiteral("leave")), QStringLiteral("left"));
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
}

void tst_DatabasePython::anySqliteProgramIsKeptOut()
{
    const auto other = python();
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireRead());
    QVERIFY(other->ask(QStringLiteral("sql CREATE TABLE t(x)")).startsWith(QLatin1String("refused ")));
    QCOMPARE(other->ask(QStringLiteral("sql SELECT * FROM sqlite_schema")), QStringLiteral("done"));
    QVERIFY(lock.release());
    QVERIFY(lock.tryAcquireWrite());
    QVERIFY(other->ask(QStringLiteral("sql SELECT * FROM sqlite_schema")).startsWith(QLatin1String("refused ")));
    QVERIFY(lock.release());
    // Once somebody has made a database of it, it is no lock file any more, and nobody's data are at stake.
    QCOMPARE(other->ask(QStringLiteral("sql CREATE TABLE t(x)")), QStringLiteral("done"));
    QVERIFY(!lock.tryAcquireRead());
    QCOMPARE(lock.error(), LockError::NotALockFile);
}

QTEST_GUILESS_MAIN(tst_DatabasePython)
#include "tst_databasepython.moc"
