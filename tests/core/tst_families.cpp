// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Locks of different kinds on one path do not see each other's holders: so whoever comes second is told, and gets nothing.
#include "lockkinds.h"
#include "otherprocess.h"

#include <holdfast/abstractlock.h>
#include <holdfast/softreadwritelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_Families : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void refuseEachOther_data();
    void refuseEachOther();
    void leaveAFileThatSqliteLocksAlone_data();
    void leaveAFileThatSqliteLocksAlone();
    void waitForASoftLockIfTheyAreStrict();
    void areFreeOnceTheOtherHasGone_data();
    void areFreeOnceTheOtherHasGone();
    void refuseAReaderBesideThePath();
    void takeNoDocumentForALock();
    void takeNoLeftoverForALock();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("some.lock")); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

const QStringList Kinds{QStringLiteral("file"), QStringLiteral("soft"), QStringLiteral("lease"),
                        QStringLiteral("strict"), QStringLiteral("soft-rw")};

/** What messages call the kind of the holder. */
QString nameOf(const QString &kind)
{
    static const QStringList names{QStringLiteral("FileLock"), QStringLiteral("SoftFileLock"),
                                   QStringLiteral("SoftFileLease"), QStringLiteral("StrictSoftFileLock"),
                                   QStringLiteral("SoftReadWriteLock")};
    return names.at(Kinds.indexOf(kind));
}

void makePairs(bool goes)
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    for (const QString &first : Kinds) {
        for (const QString &second : Kinds) {
            const bool isWaitedFor = first == QLatin1String("soft") && second == QLatin1String("strict");
            // The sentinel of a strict lock stays, and is meant to keep others out for ever.
            const bool isForGood = first == QLatin1String("strict");
            if (first != second && (goes ? !isForGood : !isWaitedFor))
                QTest::addRow("%s, then %s", qPrintable(first), qPrintable(second)) << first << second;
        }
    }
}

} // namespace

void tst_Families::refuseEachOther_data()
{
    makePairs(false);
}

void tst_Families::refuseEachOther()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    OtherProcess holder(first, path());
    QCOMPARE(holder.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const auto lock = makeLock(second, path());
    QVERIFY(!lock->tryAcquireFor(30s)); // an empty file may be a marker that is being written, for two seconds
    QCOMPARE(lock->error(), LockError::OtherFamily);
    QVERIFY2(lock->errorString().contains(nameOf(first)), qPrintable(lock->errorString()));
    QVERIFY2(lock->errorString().contains(path()), qPrintable(lock->errorString()));
    QCOMPARE(holder.ask(QStringLiteral("release")), QStringLiteral("released")); // nothing has happened to it
}

void tst_Families::leaveAFileThatSqliteLocksAlone_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("verb");
    for (const char *kind : {"soft", "lease", "strict", "soft-rw"}) {
        QTest::addRow("%s, beside a reader", kind) << QString::fromLatin1(kind) << QStringLiteral("tryRead");
        QTest::addRow("%s, beside a writer", kind) << QString::fromLatin1(kind) << QStringLiteral("tryWrite");
    }
}

// It is empty, as a marker is before it is written; but who removed it would let two in.
void tst_Families::leaveAFileThatSqliteLocksAlone()
{
    QFETCH(QString, kind);
    QFETCH(QString, verb);
    OtherProcess holder(QStringLiteral("sqlite-rw"), path());
    QCOMPARE(holder.ask(verb), QStringLiteral("acquired"));
    const auto lock = makeLock(kind, path());
    QVERIFY(!lock->tryAcquireFor(30s));
    QCOMPARE(lock->error(), LockError::OtherFamily);
    QVERIFY2(lock->errorString().contains(QLatin1String("(ReadWriteLock)")), qPrintable(lock->errorString()));
    QCOMPARE(holder.ask(QStringLiteral("release")), QStringLiteral("released"));
}

void tst_Families::waitForASoftLockIfTheyAreStrict()
{
    OtherProcess holder(QStringLiteral("soft"), path());
    QCOMPARE(holder.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const auto lock = makeLock(QStringLiteral("strict"), path());
    QVERIFY(!lock->tryAcquire());
    QCOMPARE(lock->error(), LockError::None);
    QCOMPARE(holder.ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock->tryAcquireFor(30s));
}

void tst_Families::areFreeOnceTheOtherHasGone_data()
{
    makePairs(true);
}

void tst_Families::areFreeOnceTheOtherHasGone()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    const auto lock = makeLock(second, path());
    {
        OtherProcess holder(first, path());
        QCOMPARE(holder.ask(QStringLiteral("try")), QStringLiteral("acquired"));
        QVERIFY(!lock->tryAcquire());
        QCOMPARE(holder.ask(QStringLiteral("release")), QStringLiteral("released"));
    }
    if (first == QLatin1String("file"))
        QVERIFY(QFile::remove(path())); // as it says: what it has left
    QVERIFY2(lock->tryAcquireFor(30s), qPrintable(lock->errorString()));
    QCOMPARE(lock->error(), LockError::None);
}

void tst_Families::refuseAReaderBesideThePath()
{
    SoftReadWriteLock reader(path());
    QVERIFY(reader.tryAcquireRead());
    const auto lock = makeLock(QStringLiteral("file"), path());
    QVERIFY(!lock->tryAcquire());
    QCOMPARE(lock->error(), LockError::OtherFamily);
    QVERIFY(!QFile::exists(path()));
    QVERIFY(reader.release());
    QVERIFY(lock->tryAcquire());
}

// Who locks a document's own path with a read/write lock has a document there, and somebody may have it open and locked.
void tst_Families::takeNoDocumentForALock()
{
    QFile document(path());
    QVERIFY(document.open(QIODevice::WriteOnly));
    QVERIFY(document.write("a document\n") > 0);
    document.close();
    OtherProcess editor(QStringLiteral("file"), path());
    QCOMPARE(editor.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const auto lock = makeLock(QStringLiteral("soft-rw"), path());
    QVERIFY2(lock->tryAcquire(), qPrintable(lock->errorString()));
}

void tst_Families::takeNoLeftoverForALock()
{
    {
        OtherProcess killed(QStringLiteral("soft-rw"), path());
        QCOMPARE(killed.ask(QStringLiteral("try")), QStringLiteral("acquired"));
        killed.kill();
    }
    QVERIFY(QFile::exists(path() + QStringLiteral(".write")));
    const auto lock = makeLock(QStringLiteral("file"), path());
    QVERIFY2(lock->tryAcquireFor(30s), qPrintable(lock->errorString())); // once it has been buried, nobody is there
}

QTEST_GUILESS_MAIN(tst_Families)
#include "tst_families.moc"
