// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Journals that lie beside an empty or missing lock file: SQLite would delete them, with the rows that are only there.

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qtemporarydir.h>
#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlquery.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

} // namespace

class tst_SqliteJournals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aJournalBesideNothingIsRefusedAndUntouched_data();
    void aJournalBesideNothingIsRefusedAndUntouched();
    void theJournalOfAWriterIsNone();
};

void tst_SqliteJournals::aJournalBesideNothingIsRefusedAndUntouched_data()
{
    QTest::addColumn<QString>("journal");
    QTest::addColumn<bool>("isThere");
    for (const char *journal : {"-wal", "-journal"}) {
        QTest::addRow("%s, missing", journal) << QString::fromLatin1(journal) << false;
        QTest::addRow("%s, empty", journal) << QString::fromLatin1(journal) << true;
    }
}

void tst_SqliteJournals::aJournalBesideNothingIsRefusedAndUntouched()
{
    QFETCH(QString, journal);
    QFETCH(bool, isThere);
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("moved.db"));
    ReadWriteLock lock(path);
    const QByteArray rows = QByteArray::fromHex("d9d505f920a163d7") + QByteArray(1016, 'r');
    if (isThere) { // and in use before
        QVERIFY2(lock.tryAcquireRead(), qPrintable(lock.errorString()));
        QVERIFY(lock.release());
    }
    write(path + journal, rows);
    ReadWriteLock second(path);
    for (ReadWriteLock *tried : {&lock, &second}) {
        for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
            QVERIFY(!tried->tryAcquireFor(-1ms, {.mode = mode}));
            QCOMPARE(tried->error(), LockError::NotALockFile);
            QVERIFY2(tried->errorString().contains(path + journal), qPrintable(tried->errorString()));
        }
    }
    QCOMPARE(contentOf(path + journal), rows);
    QCOMPARE(QFile::exists(path), isThere);
    QVERIFY(QFile::remove(path + journal));
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
}

void tst_SqliteJournals::theJournalOfAWriterIsNone()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("journal.db"));
    QSqlDatabase writer = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), path);
    writer.setDatabaseName(path);
    QVERIFY(writer.open());
    QVERIFY(QSqlQuery(writer).exec(QStringLiteral("BEGIN EXCLUSIVE")));
    QVERIFY(QFileInfo(path + QStringLiteral("-journal")).size() > 0);
    ReadWriteLock lock(path);
    QVERIFY(!lock.tryAcquireRead());
    QVERIFY2(lock.error() == LockError::None, qPrintable(lock.errorString()));
    QVERIFY(!lock.tryAcquireWrite());
    QVERIFY2(lock.error() == LockError::None, qPrintable(lock.errorString()));
    QVERIFY(QSqlQuery(writer).exec(QStringLiteral("ROLLBACK")));
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    lock.close();
    writer = QSqlDatabase();
    QSqlDatabase::removeDatabase(path);
}

QTEST_GUILESS_MAIN(tst_SqliteJournals)
#include "tst_sqlitejournals.moc"
