// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One editor per document: taking it, being refused, letting go, dying.

#include "otherdocument.h"

#include <holdfast/app/documentlock.h>

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <sys/wait.h>
#include <unistd.h>

using namespace Holdfast;
using namespace std::chrono_literals;
using Status = DocumentLock::Status;

class tst_DocumentLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void showsItsHolderBesideTheDocument();
    void refusesASecondEditor();
    void isFreeWithoutATrace();
    void recoversFromAKilledEditorAndSaysSo();
    void aForkedChildHasNothing();
    void longNamesAreCut();
    void lazyFollowsWhatIsModifiedAlready();

private:
    QByteArray sidecar() const;
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_DocumentLock::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("letter.odt"));
    QFile document(m_path);
    QVERIFY(document.open(QIODevice::WriteOnly));
    document.write("Dear Anna");
}

QByteArray tst_DocumentLock::sidecar() const
{
    QFile file(sidecarOf(m_path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void tst_DocumentLock::showsItsHolderBesideTheDocument()
{
    DocumentLock lock(m_path);
    lock.setFullName(QStringLiteral("Ann, Lee"));
    QSignalSpy acquired(&lock, &DocumentLock::acquired);
    lock.acquire();
    QCOMPARE(lock.status(), Status::Acquiring);
    QVERIFY(acquired.wait());
    QCOMPARE(lock.status(), Status::Locked);
    QCOMPARE(lock.guarantee(), DocumentLock::Guarantee::Kernel);
    QVERIFY2(sidecar().startsWith("Ann\\, Lee,"), sidecar().constData());
    QVERIFY(sidecar().endsWith(';'));
    QVERIFY(lock.verify());
}

void tst_DocumentLock::refusesASecondEditor()
{
    OtherEditor other(m_path);
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    DocumentLock lock(m_path);
    QSignalSpy contended(&lock, &DocumentLock::contended);
    QSignalSpy timedOut(&lock, &DocumentLock::timedOut);
    lock.acquire();
    QVERIFY(timedOut.wait());
    QCOMPARE(contended.size(), 1);
    QCOMPARE(lock.status(), Status::LockedBySelfElsewhere);
    QCOMPARE(lock.owner().processId, other.processId());
    QCOMPARE(lock.owner().fullName, QStringLiteral("Anna Lee"));
    QCOMPARE(lock.owner().application, QStringLiteral("otherpad"));
    QCOMPARE(lock.owner().liveness, Liveness::Alive);
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(other.ask(QStringLiteral("verify")), QStringLiteral("yes"));
}

void tst_DocumentLock::isFreeWithoutATrace()
{
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::exists(sidecarOf(m_path)));
    QVERIFY(lock.release());
    QCOMPARE(lock.status(), Status::Unlocked);
    QVERIFY(!QFile::exists(sidecarOf(m_path)));
    OtherEditor other(m_path);
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QVERIFY(other.end());
    QVERIFY(!QFile::exists(sidecarOf(m_path)));
}

void tst_DocumentLock::recoversFromAKilledEditorAndSaysSo()
{
    OtherEditor other(m_path);
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const qint64 process = other.processId();
    other.kill();
    QVERIFY(QFile::exists(sidecarOf(m_path)));
    QCOMPARE(DocumentLock::inspect(m_path).owner.liveness, Liveness::Dead);
    QVERIFY(!DocumentLock::inspect(m_path).isLocked());
    DocumentLock lock(m_path);
    QSignalSpy crashed(&lock, &DocumentLock::previousOwnerCrashed);
    QVERIFY(lock.tryAcquire());
    QCOMPARE(crashed.size(), 1);
    QCOMPARE(crashed.first().first().value<LockHolder>().processId, process);
    QVERIFY(lock.release());
    QVERIFY(lock.tryAcquire());
    QCOMPARE(crashed.size(), 1);
}

void tst_DocumentLock::aForkedChildHasNothing()
{
    DocumentLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    const pid_t child = ::fork();
    if (child == 0) {
        const bool isInert = !lock.isHeld() && !lock.tryAcquire() && !lock.release() && !lock.verify();
        ::_exit(isInert ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    QVERIFY(lock.verify());
    QVERIFY(QFile::exists(sidecarOf(m_path)));
}

// A record that is longer than what is read of it would look as if somebody had written over it.
void tst_DocumentLock::longNamesAreCut()
{
    DocumentLock lock(m_path);
    QVERIFY(lock.setFullName(QString(70000, u'n')));
    QVERIFY(lock.setApplication(QString(70000, QChar(0x6c34))));
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.verify());
    QVERIFY(sidecar().size() < 4096);
    const LockHolder owner = DocumentLock::inspect(m_path).owner;
    QCOMPARE(owner.fullName, QString(200, u'n'));
    QCOMPARE(owner.application, QString(200, QChar(0x6c34)));
    QCOMPARE(owner.liveness, Liveness::Alive);
}

void tst_DocumentLock::lazyFollowsWhatIsModifiedAlready()
{
    DocumentLock lock(m_path);
    lock.setModified(true);
    lock.setLazy(true);
    QTRY_VERIFY(lock.isHeld());
    lock.setLazy(false);
    lock.setModified(false);
    QVERIFY(lock.isHeld());
    lock.setLazy(true);
    QVERIFY(!lock.isHeld());
}

QTEST_GUILESS_MAIN(tst_DocumentLock)
#include "tst_documentlock.moc"
