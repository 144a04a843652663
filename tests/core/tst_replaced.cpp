// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The lock file is removed, renamed or replaced, while held and while waited for.

#include "otherprocess.h"

#include <holdfast/filelock.h>

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <chrono>
#include <cstdio>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_Replaced : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void theHolderIsTold_data();
    void theHolderIsTold();
    void theHolderIsToldThoughItHappenedAtOnce();
    void losingOneDoesNotTouchTheOther();
    void aWaiterFollowsTheNewFile_data();
    void aWaiterFollowsTheNewFile();
    void aBlockedWaiterFollowsTheNewFile();

private:
    void happen(const QString &what) const;
    QString path() const { return m_directory->filePath(QStringLiteral("a.lock")); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Replaced::happen(const QString &what) const
{
    const QString other = m_directory->filePath(QStringLiteral("other"));
    if (what == QLatin1String("removed")) {
        QVERIFY(QFile::remove(path()));
    } else if (what == QLatin1String("renamed")) {
        QVERIFY(QFile::rename(path(), other));
    } else {
        QFile fresh(other);
        QVERIFY(fresh.open(QIODevice::WriteOnly));
        QVERIFY(std::rename(qPrintable(other), qPrintable(path())) == 0); // as QSaveFile does
    }
}

void tst_Replaced::theHolderIsTold_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("removed") << QStringLiteral("removed");
    QTest::newRow("renamed") << QStringLiteral("renamed");
    QTest::newRow("replaced") << QStringLiteral("replaced");
}

void tst_Replaced::theHolderIsTold()
{
    QFETCH(QString, what);
    FileLock lock(path());
    QSignalSpy lost(&lock, &FileLock::lost);
    QSignalSpy held(&lock, &FileLock::heldChanged);
    QVERIFY(lock.tryAcquire());
    QVERIFY(!lost.wait(400)); // long enough to be looked after by events, not by the first look
    happen(what);
    QVERIFY(lost.wait(30000));
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::Replaced);
    QVERIFY(!lock.isHeld());
    QCOMPARE(held.size(), 2);
    QVERIFY(lock.tryAcquire()); // the new file
    QVERIFY(QFile::exists(path()));
    FileLock rival(path());
    QVERIFY(!rival.tryAcquire());
    QVERIFY(!lost.wait(300));
    QCOMPARE(lost.size(), 1);
}

void tst_Replaced::theHolderIsToldThoughItHappenedAtOnce()
{
    FileLock lock(path());
    QSignalSpy lost(&lock, &FileLock::lost);
    QVERIFY(lock.tryAcquire());
    happen(QStringLiteral("removed"));
    QVERIFY(lost.wait(30000));
    QVERIFY(!lock.isHeld());
}

void tst_Replaced::losingOneDoesNotTouchTheOther()
{
    FileLock lock(path());
    QSignalSpy lost(&lock, &FileLock::lost);
    QVERIFY(lock.tryAcquire());
    happen(QStringLiteral("removed"));
    OtherProcess newcomer(QStringLiteral("file"), path());
    QCOMPARE(newcomer.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    if (lost.isEmpty())
        QVERIFY(lost.wait(30000));
    QVERIFY(!lock.release()); // what was lost is not there to be released, and the newcomer keeps his
    FileLock probe(path());
    QVERIFY(!probe.tryAcquire());
    QCOMPARE(newcomer.ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(probe.tryAcquire());
}

void tst_Replaced::aWaiterFollowsTheNewFile_data()
{
    theHolderIsTold_data();
}

void tst_Replaced::aWaiterFollowsTheNewFile()
{
    QFETCH(QString, what);
    OtherProcess holder(QStringLiteral("file"), path());
    QCOMPARE(holder.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    FileLock lock(path());
    QSignalSpy acquired(&lock, &FileLock::acquired);
    QSignalSpy contended(&lock, &FileLock::contended);
    lock.acquire({.pollInterval = 1h}); // by the event, not by the poll
    QVERIFY(contended.wait(30000));
    QVERIFY(!acquired.wait(100));
    holder.freeze(); // it must not let go of the old file by itself
    happen(what);
    QVERIFY(acquired.wait(30000));
    FileLock rival(path());
    QVERIFY(!rival.tryAcquire()); // it is the file that newcomers see
    holder.unfreeze();
}

void tst_Replaced::aBlockedWaiterFollowsTheNewFile()
{
    OtherProcess holder(QStringLiteral("file"), path());
    OtherProcess waiter(QStringLiteral("file"), path());
    QCOMPARE(holder.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    waiter.tell(QStringLiteral("block -1"));
    QVERIFY(waiter.isSilent());
    holder.freeze();
    happen(QStringLiteral("removed"));
    QCOMPARE(waiter.hear(), QStringLiteral("acquired"));
    holder.unfreeze();
}

QTEST_GUILESS_MAIN(tst_Replaced)
#include "tst_replaced.moc"
