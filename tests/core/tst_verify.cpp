// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Whether a hold is still one, asked from the disk at once, for those who cannot wait until it is told.
#include "lockkinds.h"
#include "otherprocess.h"

#include <holdfast/abstractlock.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qthread.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_Verify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void tellsWhatIsHeld_data() { makeRows(); }
    void tellsWhatIsHeld();
    void tellsWhatIsGone_data() { makeRows(); }
    void tellsWhatIsGone();
    void tellsWhatHasExpired();

private:
    static void makeRows();
    QString path() const { return m_directory->filePath(QStringLiteral("some.lock")); }
    QString fileOf(const QString &kind) const;
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Verify::makeRows()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"file", "soft", "lease", "strict", "soft-rw"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

/** What the hold of a lock of this kind hangs on. */
QString tst_Verify::fileOf(const QString &kind) const
{
    if (kind == QLatin1String("soft-rw"))
        return path() + QStringLiteral(".write");
    if (kind != QLatin1String("strict"))
        return path();
    const QDir claims(path() + QStringLiteral(".filelock/claims"));
    return claims.filePath(claims.entryList({QStringLiteral("held-*")}).value(0));
}

void tst_Verify::tellsWhatIsHeld()
{
    QFETCH(QString, kind);
    const auto lock = makeLock(kind, path());
    QVERIFY(!lock->verifyHeld());
    QVERIFY(lock->tryAcquire());
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    for (int i = 0; i < 3; ++i)
        QVERIFY(lock->verifyHeld());
    bool elsewhere = true;
    const std::unique_ptr<QThread> other(QThread::create([&] { elsewhere = lock->verifyHeld(); }));
    other->start();
    QVERIFY(other->wait(30000));
    QVERIFY(!elsewhere); // each thread asks after its own hold
    QVERIFY(lock->release());
    QVERIFY(!lock->verifyHeld());
    QCOMPARE(lost.size(), 0);
}

void tst_Verify::tellsWhatIsGone()
{
    QFETCH(QString, kind);
    const auto lock = makeLock(kind, path());
    QVERIFY(lock->tryAcquire());
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    const QString file = fileOf(kind);
    QVERIFY2(QFile::remove(file), qPrintable(file));
    QVERIFY(!lock->verifyHeld()); // before anybody has told
    QVERIFY(!lock->isHeld());
    QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, 30000);
    QVERIFY(lock->tryAcquireFor(30s));
    QVERIFY(lock->verifyHeld());
    QCOMPARE(lost.size(), 1);
}

void tst_Verify::tellsWhatHasExpired()
{
    const auto lock = makeLock(QStringLiteral("file"), path());
    QVERIFY(lock->setLifetime(100ms));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(lock->tryAcquire());
    QSignalSpy lost(lock.get(), &AbstractLock::lost);
    while (lock->verifyHeld())
        QVERIFY(timer.elapsed() < 30000);
    QVERIFY(timer.elapsed() >= 99);
    QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, 30000);
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::Expired);
}

QTEST_GUILESS_MAIN(tst_Verify)
#include "tst_verify.moc"
