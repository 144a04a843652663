// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The same lock file shared with flock(1), in both directions.

#include "otherprocess.h"

#include <holdfast/filelock.h>

#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_Flock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void excludesUs_data();
    void excludesUs();
    void isExcludedByUs_data();
    void isExcludedByUs();
    void wakesUs_data();
    void wakesUs();
    void locksALockedDescriptorOfTheShell();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("work.lock")); }

    /** flock(1) holding the lock around a shell that says so and waits for its input to end. */
    std::unique_ptr<OtherProcess> flock(const QString &option) const
    {
        return std::make_unique<OtherProcess>(QStringLiteral(FLOCK),
                                              QStringList{option, path(), QStringLiteral("sh"), QStringLiteral("-c"),
                                                          QStringLiteral("echo held; exec cat")},
                                              QStringLiteral("held"));
    }
    int tryFlock(const QString &option) const
    {
        return QProcess::execute(QStringLiteral(FLOCK), {option, QStringLiteral("-n"), QStringLiteral("-E"),
                                                         QStringLiteral("7"), path(), QStringLiteral("true")});
    }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Flock::excludesUs_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<LockMode>("mode");
    QTest::addColumn<bool>("busy");
    QTest::newRow("exclusive, we exclusive") << QStringLiteral("-x") << LockMode::Exclusive << true;
    QTest::newRow("exclusive, we shared") << QStringLiteral("-x") << LockMode::Shared << true;
    QTest::newRow("shared, we exclusive") << QStringLiteral("-s") << LockMode::Exclusive << true;
    QTest::newRow("shared, we shared") << QStringLiteral("-s") << LockMode::Shared << false;
}

void tst_Flock::excludesUs()
{
    QFETCH(QString, option);
    QFETCH(LockMode, mode);
    QFETCH(bool, busy);
    FileLock lock(path(), {.mode = mode});
    const auto other = flock(option);
    QCOMPARE(lock.tryAcquire(), !busy);
    lock.forceRelease();
    QVERIFY(other->end());
    QVERIFY(lock.tryAcquire());
}

void tst_Flock::isExcludedByUs_data()
{
    excludesUs_data();
}

void tst_Flock::isExcludedByUs()
{
    QFETCH(QString, option);
    QFETCH(LockMode, mode);
    QFETCH(bool, busy);
    FileLock lock(path(), {.mode = mode});
    QVERIFY(lock.tryAcquire());
    QCOMPARE(tryFlock(option), busy ? 7 : 0);
    QVERIFY(lock.release());
    QCOMPARE(tryFlock(option), 0);
}

void tst_Flock::wakesUs_data()
{
    QTest::addColumn<bool>("killed");
    QTest::newRow("when it ends") << false;
    QTest::newRow("when it is killed") << true;
}

void tst_Flock::wakesUs()
{
    QFETCH(bool, killed);
    auto other = flock(QStringLiteral("-o")); // the command does not inherit the lock
    FileLock lock(path());
    QSignalSpy contended(&lock, &FileLock::contended);
    QSignalSpy acquired(&lock, &FileLock::acquired);
    lock.acquire({.pollInterval = 1h}); // flock(1) opens for reading only: its close is another event than ours
    QVERIFY(contended.wait(30000));
    const auto holder = contended.first().first().value<LockHolder>();
    QCOMPARE(holder.application, QStringLiteral("flock"));
    QCOMPARE(holder.processId, other->processId());
    QVERIFY(!acquired.wait(50));
    if (killed)
        other->kill();
    else
        QVERIFY(other->end());
    if (acquired.isEmpty())
        QVERIFY(acquired.wait(30000));
}

void tst_Flock::locksALockedDescriptorOfTheShell()
{
    // The other use of flock(1): a descriptor of the shell, let go by -u while the file stays open. No event tells of that;
    // the poll finds it.
    OtherProcess shell(
        QStringLiteral("bash"),
        {QStringLiteral("-c"),
         QStringLiteral("exec 9>'%1'; flock -x 9; echo held; read x; flock -u 9; echo free; read x").arg(path())},
        QStringLiteral("held"));
    FileLock lock(path());
    QSignalSpy acquired(&lock, &FileLock::acquired);
    lock.acquire({.pollInterval = 5ms});
    QVERIFY(!acquired.wait(60));
    QCOMPARE(shell.ask(QStringLiteral("go on")), QStringLiteral("free"));
    if (acquired.isEmpty())
        QVERIFY(acquired.wait(30000));
}

QTEST_GUILESS_MAIN(tst_Flock)
#include "tst_flock.moc"
