// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The file beside SQLite, from the inside: one for each file, closed with its last user, and harmless where the system fails.

#include "../os/faults.h"
#include "engine/databasefile.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

namespace {

qsizetype openFiles()
{
    return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::AllEntries | QDir::System).size();
}

} // namespace

Q_DECLARE_METATYPE(Holdfast::Testing::Call)

class tst_DatabaseFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void isOneForEachFileAndClosedWithItsLastUser();
    void aDescriptorThatCameInBetweenIsKept();
    void givesOneWriterTheTurn();
    void withoutSuchLocksEverybodyTries_data();
    void withoutSuchLocksEverybodyTries();
    void whatTheSystemRefusesIsAFailure_data();
    void whatTheSystemRefusesIsAFailure();

private:
    std::string path() const { return m_directory->filePath(QStringLiteral("a.db")).toStdString(); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_DatabaseFile::isOneForEachFileAndClosedWithItsLastUser()
{
    const qsizetype before = openFiles();
    Failure failure;
    auto one = DatabaseFile::open(path(), &failure);
    auto two = DatabaseFile::open(path(), &failure);
    QVERIFY(one && one.get() == two.get());
    QCOMPARE(openFiles(), before + 1);
    one.reset();
    QCOMPARE(openFiles(), before + 1); // to close it would cost the other SQLite's locks
    two.reset();
    QCOMPARE(openFiles(), before);
}

// P.1 asks which file the path names: one that nobody here uses. Q.1 puts in its place one that is in use. P.2 opens that.
void tst_DatabaseFile::aDescriptorThatCameInBetweenIsKept()
{
    const qsizetype before = openFiles();
    Failure failure;
    auto used = DatabaseFile::open(path(), &failure);
    const QString other = m_directory->filePath(QStringLiteral("b.db"));
    QVERIFY(QFile(other).open(QIODevice::WriteOnly));
    std::shared_ptr<DatabaseFile> same;
    {
        Faults faults;
        faults.before(Call::Open, 1, [&] { std::rename(path().c_str(), qPrintable(other)); });
        same = DatabaseFile::open(other.toStdString(), &failure);
    }
    QCOMPARE(same.get(), used.get());
    QCOMPARE(openFiles(), before + 2);
    same.reset();
    QCOMPARE(openFiles(), before + 2);
    used.reset();
    QCOMPARE(openFiles(), before);
}

void tst_DatabaseFile::givesOneWriterTheTurn()
{
    Failure failure;
    const auto file = DatabaseFile::open(path(), &failure);
    QVERIFY(!file->isBarred());
    QVERIFY(file->takeTurn(this));
    QVERIFY(file->takeTurn(this));
    QVERIFY(!file->takeTurn(&failure));
    QVERIFY(file->isBarred());
    QVERIFY(!file->giveTurn(&failure));
    QVERIFY(file->giveTurn(this));
    QVERIFY(!file->isBarred());
    QVERIFY(file->takeTurn(&failure));
    QVERIFY(!file->isInForce(LockMode::Shared)); // SQLite holds nothing
}

void tst_DatabaseFile::withoutSuchLocksEverybodyTries_data()
{
    QTest::addColumn<int>("error");
    QTest::newRow("unknown to the system") << EINVAL;
    QTest::newRow("a disk that fails") << EIO;
    QTest::newRow("no locks left") << ENOLCK;
}

void tst_DatabaseFile::withoutSuchLocksEverybodyTries()
{
    QFETCH(int, error);
    Failure failure;
    const auto file = DatabaseFile::open(path(), &failure);
    Faults faults;
    faults.fail(Call::RangeLock, error, 1, ForEver);
    QVERIFY(file->takeTurn(this));
    file->keepOut();
    file->letIn();
    QVERIFY(file->giveTurn(this));
    QVERIFY(!file->isBarred());
    QVERIFY(!file->isInUse());
    QVERIFY(file->isInForce(LockMode::Exclusive)); // could not ask: not lost
    QVERIFY(faults.count(Call::RangeLock) > 0);
}

void tst_DatabaseFile::whatTheSystemRefusesIsAFailure_data()
{
    QTest::addColumn<Call>("call");
    QTest::addColumn<int>("error");
    QTest::addColumn<LockError>("expected");
    QTest::newRow("no descriptors") << Call::Open << EMFILE << LockError::OutOfResources;
    QTest::newRow("an I/O error") << Call::Open << EIO << LockError::System;
    QTest::newRow("a file that cannot be asked") << Call::Fstat << EIO << LockError::System;
}

void tst_DatabaseFile::whatTheSystemRefusesIsAFailure()
{
    QFETCH(Call, call);
    QFETCH(int, error);
    QFETCH(LockError, expected);
    const qsizetype before = openFiles();
    Failure failure;
    {
        Faults faults;
        faults.fail(call, error, 1, ForEver);
        QVERIFY(!DatabaseFile::open(path(), &failure));
    }
    QCOMPARE(failure.error, expected);
    QVERIFY2(failure.text.contains(QString::fromStdString(path())), qPrintable(failure.text));
    QCOMPARE(openFiles(), before);
    QVERIFY(DatabaseFile::open(path(), &failure));
}

QTEST_GUILESS_MAIN(tst_DatabaseFile)
#include "tst_databasefile.moc"
