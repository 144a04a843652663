// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A program that finds none of Qt's database drivers, as on a machine where nobody has installed them.

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_NoDrivers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesThePackageThatIsMissing_data();
    void namesThePackageThatIsMissing();

private:
    QTemporaryDir m_directory;
};

void tst_NoDrivers::namesThePackageThatIsMissing_data()
{
    QTest::addColumn<QString>("driver");
    QTest::addColumn<QString>("package");
    QTest::newRow("SQLite") << QStringLiteral("QSQLITE") << QStringLiteral("libqt6sql6-sqlite");
    QTest::newRow("PostgreSQL") << QStringLiteral("QPSQL") << QStringLiteral("libqt6sql6-psql");
}

void tst_NoDrivers::namesThePackageThatIsMissing()
{
    QFETCH(QString, driver);
    QFETCH(QString, package);
    QVERIFY(!QSqlDatabase::isDriverAvailable(driver)); // or this is no test
    std::unique_ptr<ReadWriteLock> lock;
    if (driver == QLatin1String("QSQLITE"))
        lock = std::make_unique<ReadWriteLock>(m_directory.filePath(QStringLiteral("a.db")));
    else
        lock = std::make_unique<ReadWriteLock>(QSqlDatabase::addDatabase(driver, driver), QStringLiteral("a lock"));
    const auto isClear = [&] {
        return lock->error() == LockError::Unsupported && lock->errorString().contains(package)
               && lock->state() == LockState::Idle;
    };
    for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
        QVERIFY(!lock->tryAcquireFor(-1ms, {.mode = mode})); // would hang if it were taken for busy
        QVERIFY2(isClear(), qPrintable(lock->errorString()));
        QSignalSpy failed(lock.get(), &ReadWriteLock::errorOccurred);
        lock->acquire({.mode = mode});
        QVERIFY(failed.wait(30000));
        QVERIFY2(isClear(), qPrintable(lock->errorString()));
    }
    QVERIFY(!lock->holder().isValid());
}

int main(int argc, char *argv[])
{
    QCoreApplication::setLibraryPaths({QStringLiteral("/nonexistent")}); // before it is looked for anything there
    QCoreApplication app(argc, argv);
    QCoreApplication::setLibraryPaths({QStringLiteral("/nonexistent")}); // the application adds its own
    tst_NoDrivers test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_nodrivers.moc"
