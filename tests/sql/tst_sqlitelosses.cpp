// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A hold on a SQLite file that is gone without a release: the file was removed or replaced, or this process stepped into the
// trap of POSIX locks, which all go when any descriptor of the file is closed.

#include "otherprocess.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cstdio>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long

} // namespace

class tst_SqliteLosses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void theTrapIsReal();
    void theHolderIsToldThatTheSystemLetGo_data();
    void theHolderIsToldThatTheSystemLetGo();
    void isToldWithinASecond();
    void isToldWhereOtherProcessesRead();
    void verifyHeldDoesNotWaitForTheNews();
    void aNewcomerBesideADroppedReaderReallyReads();
    void theHolderIsToldThatTheFileHasGone_data();
    void theHolderIsToldThatTheFileHasGone();
    void theHolderIsToldThatALinkLeadsElsewhere_data();
    void theHolderIsToldThatALinkLeadsElsewhere();
    void aWaiterFollowsTheNewFile();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("a.db")); }
    std::unique_ptr<OtherProcess> otherProcess() const
    {
        return std::make_unique<OtherProcess>(QStringLiteral("sqlite-rw"), path());
    }
    void stepIntoTheTrap() const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadOnly));
    }
    std::unique_ptr<QTemporaryDir> m_directory;
};

// If this fails, the system has become better than the tests below believe, and they prove nothing.
void tst_SqliteLosses::theTrapIsReal()
{
    ReadWriteLock lock(path());
    const auto other = otherProcess();
    QVERIFY(lock.tryAcquireRead());
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("busy"));
    stepIntoTheTrap();
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
}

void tst_SqliteLosses::theHolderIsToldThatTheSystemLetGo_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("a reader") << LockMode::Shared;
    QTest::newRow("a writer") << LockMode::Exclusive;
}

void tst_SqliteLosses::theHolderIsToldThatTheSystemLetGo()
{
    QFETCH(LockMode, mode);
    ReadWriteLock lock(path(), {.mode = mode});
    const auto other = otherProcess();
    QVERIFY(lock.tryAcquire());
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    stepIntoTheTrap();
    QVERIFY(lost.wait(Patience));
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::Dropped);
    QVERIFY(!lock.isHeld());
    QCOMPARE(lock.lossReason(), LossReason::Dropped);
    QVERIFY(lock.tryAcquire()); // and this one is a real one
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("busy"));
}

// With an event loop that is busy all the time, it is the background thread that notices.
void tst_SqliteLosses::isToldWithinASecond()
{
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireWrite());
    stepIntoTheTrap();
    QElapsedTimer timer;
    timer.start();
    while (lock.isHeld() && timer.elapsed() < Patience) {
    }
    QVERIFY(!lock.isHeld());
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
}

// The system names one of several readers, and it is not us: ours has to be looked for.
void tst_SqliteLosses::isToldWhereOtherProcessesRead()
{
    const auto first = otherProcess();
    QCOMPARE(first->ask(QStringLiteral("tryRead")), QStringLiteral("acquired"));
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireRead());
    QVERIFY(lock.verifyHeld());
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    stepIntoTheTrap();
    QVERIFY(lost.wait(Patience));
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::Dropped);
}

void tst_SqliteLosses::verifyHeldDoesNotWaitForTheNews()
{
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireRead());
    QVERIFY(lock.verifyHeld());
    stepIntoTheTrap();
    QVERIFY(!lock.verifyHeld());
    QCOMPARE(lock.lossReason(), LossReason::Dropped);
}

// SQLite believes that the process reads, and would not ask the system for the second reader.
//
//   P.1 reads through one object; the trap: the system has let go
//   P.2 reads through another: SQLite says yes
//   Q.1 writes
void tst_SqliteLosses::aNewcomerBesideADroppedReaderReallyReads()
{
    ReadWriteLock first(path());
    ReadWriteLock second(path());
    const auto other = otherProcess();
    QVERIFY(first.tryAcquireRead());
    stepIntoTheTrap();
    QSignalSpy acquired(&second, &ReadWriteLock::acquired);
    second.acquireRead();
    QVERIFY(acquired.wait(Patience)); // when the first has heard of it
    QVERIFY(!first.isHeld());
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("busy"));
    QVERIFY(second.verifyHeld());
}

void tst_SqliteLosses::theHolderIsToldThatTheFileHasGone_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("removed") << QStringLiteral("removed");
    QTest::newRow("renamed") << QStringLiteral("renamed");
    QTest::newRow("replaced") << QStringLiteral("replaced");
}

void tst_SqliteLosses::theHolderIsToldThatTheFileHasGone()
{
    QFETCH(QString, what);
    const QString other = m_directory->filePath(QStringLiteral("other"));
    ReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireWrite());
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    if (what == QLatin1String("removed")) {
        QVERIFY(QFile::remove(path()));
    } else if (what == QLatin1String("renamed")) {
        QVERIFY(QFile::rename(path(), other));
    } else {
        QVERIFY(QFile(other).open(QIODevice::WriteOnly));
        QVERIFY(std::rename(qPrintable(other), qPrintable(path())) == 0);
    }
    QVERIFY(lost.wait(Patience));
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::Replaced);
    const auto rival = otherProcess();
    QVERIFY(lock.tryAcquireWrite()); // on the file that is there now
    QCOMPARE(rival->ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
}

void tst_SqliteLosses::theHolderIsToldThatALinkLeadsElsewhere_data()
{
    QTest::addColumn<QString>("link");
    QTest::addColumn<QString>("path");
    QTest::newRow("a link to the file") << QStringLiteral("link") << QStringLiteral("link");
    QTest::newRow("a link on the way") << QStringLiteral("link") << QStringLiteral("link/a.db");
}

// Whoever comes now, by the same path, locks another file.
void tst_SqliteLosses::theHolderIsToldThatALinkLeadsElsewhere()
{
    QFETCH(QString, link);
    QFETCH(QString, path);
    const QDir directory(m_directory->path());
    const bool isAbove = path != link;
    for (const char *name : {"before", "after"})
        QVERIFY(!isAbove || directory.mkdir(QString::fromLatin1(name)));
    const auto retarget = [&](const char *target) {
        QFile::remove(directory.filePath(link));
        return QFile::link(QString::fromLatin1(target), directory.filePath(link));
    };
    QVERIFY(retarget("before"));
    ReadWriteLock lock(directory.filePath(path));
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QVERIFY(lock.verifyHeld());
    QVERIFY(retarget("after"));
    QVERIFY(lost.wait(Patience));
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::Replaced);
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString())); // by where the link leads now
    OtherProcess rival(QStringLiteral("sqlite-rw"), directory.filePath(path));
    QCOMPARE(rival.ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
    QVERIFY(lock.verifyHeld());
    QVERIFY(lock.release());
    QVERIFY(retarget("before"));
    QVERIFY(lock.tryAcquireWrite()); // nor does it stay behind between two acquisitions
    QCOMPARE(rival.ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
}

void tst_SqliteLosses::aWaiterFollowsTheNewFile()
{
    const auto holder = otherProcess();
    QCOMPARE(holder->ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    ReadWriteLock lock(path(), {.pollInterval = 1h}); // what wakes is not the poll
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireWrite();
    QVERIFY(contended.wait(Patience));
    QVERIFY(QFile::remove(path()));
    QVERIFY(acquired.wait(Patience));
    QCOMPARE(otherProcess()->ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
}

QTEST_GUILESS_MAIN(tst_SqliteLosses)
#include "tst_sqlitelosses.moc"
