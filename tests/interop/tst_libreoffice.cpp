// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// DocumentLock beside the real LibreOffice.

#include "otherprocess.h"

#include <holdfast/app/documentlock.h>

#include <QtCore/qfile.h>
#include <QtCore/qsysinfo.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Holdfast;
using namespace std::chrono_literals;
using Status = DocumentLock::Status;

class tst_LibreOffice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void itsDocumentsAreLocked();
    void itsClosingWakesWhoWaits();
    void itLeavesOurDocumentsAlone();
    void itsCrashIsNotJudgedAndCanBeTakenOver();

private:
    QString document() const { return m_folder->filePath(QStringLiteral("letter.txt")); }
    QString sidecar() const { return m_folder->filePath(QStringLiteral(".~lock.letter.txt#")); }
    QString open() const { return m_office->ask(QStringLiteral("open ") + document()); }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(missing)");
    }
    void start()
    {
        m_office = std::make_unique<OtherProcess>(
            QStringLiteral(PYTHON),
            QStringList{QStringLiteral(SOURCE_FOLDER "/officeprocess.py"), QStringLiteral(SOFFICE), m_profile.path()},
            QStringLiteral("ready"));
    }

    QTemporaryDir m_profile;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<OtherProcess> m_office;
};

void tst_LibreOffice::initTestCase()
{
    start(); // once, for that takes some seconds
}

void tst_LibreOffice::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QFile file(document());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("Dear Anna\n") == 10);
}

void tst_LibreOffice::itsDocumentsAreLocked()
{
    QCOMPARE(open(), QStringLiteral("writable"));
    const QByteArray record = read(sidecar());
    DocumentLock lock(document());
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.status(), Status::LockedBySelfElsewhere); // it runs as this user
    QCOMPARE(lock.owner().application, QStringLiteral("LibreOffice"));
    QCOMPARE(lock.owner().hostName, QSysInfo::machineHostName());
    QCOMPARE(lock.owner().liveness, Liveness::Unknown);
    QVERIFY(DocumentLock::inspect(document()).isLocked());
    QCOMPARE(read(sidecar()), record);
    QCOMPARE(m_office->ask(QStringLiteral("close")), QStringLiteral("closed"));
    QVERIFY(lock.tryAcquire());
}

void tst_LibreOffice::itsClosingWakesWhoWaits()
{
    QCOMPARE(open(), QStringLiteral("writable"));
    DocumentLock lock(document());
    QSignalSpy contended(&lock, &DocumentLock::contended);
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    lock.acquire(-1ms);
    QVERIFY(contended.wait());
    m_office->tell(QStringLiteral("close"));
    QVERIFY(acquired.wait(30000));
    QCOMPARE(m_office->hear(), QStringLiteral("closed"));
    QVERIFY(lock.verify());
    QVERIFY(QFile::exists(sidecar())); // ours: what it has removed was its own
}

void tst_LibreOffice::itLeavesOurDocumentsAlone()
{
    DocumentLock lock(document());
    QVERIFY(lock.tryAcquire());
    const QByteArray record = read(sidecar());
    const QString said = open();
    QVERIFY2(said == u"refused" || said == u"read-only", qPrintable(said)); // with a window it would ask
    QCOMPARE(read(sidecar()), record);
    QVERIFY(lock.verify());
    if (said == u"read-only")
        QCOMPARE(m_office->ask(QStringLiteral("close")), QStringLiteral("closed"));
    QVERIFY(lock.release());
    QVERIFY(!QFile::exists(sidecar()));
    QCOMPARE(open(), QStringLiteral("writable"));
    QCOMPARE(m_office->ask(QStringLiteral("close")), QStringLiteral("closed"));
}

void tst_LibreOffice::itsCrashIsNotJudgedAndCanBeTakenOver()
{
    QCOMPARE(open(), QStringLiteral("writable"));
    QCOMPARE(m_office->ask(QStringLiteral("crash")), QStringLiteral("crashed"));
    DocumentLock lock(document());
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.owner().liveness, Liveness::Unknown);
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    lock.takeOver();
    QVERIFY(acquired.wait());
    QVERIFY(lock.verify());
    QVERIFY(lock.release());
    QVERIFY(!QFile::exists(sidecar()));
    start();
}

QTEST_GUILESS_MAIN(tst_LibreOffice)
#include "tst_libreoffice.moc"
