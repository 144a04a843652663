// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A document's lock on a disk without locks, and on one that fails.

#include "../os/faults.h"
#include "../os/filesystems.h"
#include "engine/sidecarbackend.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <cerrno>

using namespace Holdfast;
using namespace Holdfast::Testing;

Q_DECLARE_METATYPE(Holdfast::Testing::Call)

class tst_SidecarBackend : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutLocksTheFileDecides();
    void withoutLocksADeadOwnerIsRecovered();
    void withoutLocksAFileThatIsBeingWrittenIsBusy();
    void aRecordThatCannotBeWrittenLeavesNothing_data();
    void aRecordThatCannotBeWrittenLeavesNothing();
    void whatCannotBeRemovedIsStillHeld();
    void aServerIsAskedWhetherItIsInForce();
    void aFreeDocumentCostsOneCallForEachQuestion();
};

namespace {

struct Place
{
    QTemporaryDir folder;
    QString sidecar() const { return folder.filePath(QStringLiteral(".~lock.letter#")); }
    SidecarOptions options() const
    {
        return {.document = QFile::encodeName(folder.filePath(QStringLiteral("letter"))).toStdString()};
    }
    QByteArray read() const
    {
        QFile file(sidecar());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    bool write(const QByteArray &bytes) const
    {
        QFile file(sidecar());
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }
};

} // namespace

void tst_SidecarBackend::withoutLocksTheFileDecides()
{
    Faults faults;
    faults.fail(Call::RangeLock, ENOSYS, 1, ForEver);
    const Place place;
    const SidecarOptions options = place.options();
    SidecarBackend one(options);
    QCOMPARE(one.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(options.notes->get().guarantee, SidecarGuarantee::Advisory);
    SidecarBackend two(place.options());
    QCOMPARE(two.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(!one.release());
    QVERIFY(!QFile::exists(place.sidecar()));
    QCOMPARE(two.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_SidecarBackend::withoutLocksADeadOwnerIsRecovered()
{
    Faults faults;
    faults.fail(Call::RangeLock, ENOSYS, 1, ForEver);
    const Place place;
    SidecarBackend one(place.options());
    QCOMPARE(one.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QByteArray record = place.read();
    QVERIFY(!one.release());
    const QByteArray own = "pid=" + QByteArray::number(QCoreApplication::applicationPid());
    QVERIFY(record.contains(own));
    QVERIFY(place.write(record.replace(own, "pid=2147483646")));
    const SidecarOptions options = place.options();
    SidecarBackend two(options);
    QCOMPARE(two.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(options.notes->get().crashed.processId, 2147483646);
    QCOMPARE(two.inspect(), LossReason::None);
}

void tst_SidecarBackend::withoutLocksAFileThatIsBeingWrittenIsBusy()
{
    Faults faults;
    faults.fail(Call::RangeLock, ENOSYS, 1, ForEver);
    const Place place;
    QVERIFY(place.write({}));
    SidecarBackend one(place.options());
    QCOMPARE(one.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QFile file(place.sidecar());
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-60), QFileDevice::FileModificationTime));
    file.close();
    QCOMPARE(one.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

void tst_SidecarBackend::aRecordThatCannotBeWrittenLeavesNothing_data()
{
    QTest::addColumn<Call>("call");
    QTest::newRow("the disk is full") << Call::Pwrite;
    QTest::newRow("the server's disk is full") << Call::Fsync; // and it shall know the record at once
}

void tst_SidecarBackend::aRecordThatCannotBeWrittenLeavesNothing()
{
    QFETCH(Call, call);
    const FakedFilesystem faked(Nfs);
    Faults faults;
    faults.fail(call, ENOSPC, 1, ForEver);
    const Place place;
    SidecarBackend one(place.options());
    const Attempt attempt = one.attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, Attempt::Failed);
    QCOMPARE(attempt.failure.error, LockError::NoSpace);
    QVERIFY(!QFile::exists(place.sidecar()));
}

void tst_SidecarBackend::whatCannotBeRemovedIsStillHeld()
{
    const Place place;
    SidecarBackend one(place.options());
    QCOMPARE(one.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    {
        Faults faults;
        faults.fail(Call::Unlinkat, EIO, 1, ForEver);
        QVERIFY(one.release().has_value());
    }
    SidecarBackend two(place.options());
    QCOMPARE(two.attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(!one.release());
    QCOMPARE(two.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

// An NFS 4 server lets others have it after a while without this machine.
void tst_SidecarBackend::aServerIsAskedWhetherItIsInForce()
{
    const FakedFilesystem faked(Nfs);
    const Place place;
    SidecarBackend one(place.options());
    QCOMPARE(one.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QCOMPARE(one.renew().answer, Renewal::Done);
    for (const bool isTakenBack : {false, true}) {
        const LossReason reason = isTakenBack ? LossReason::Dropped : LossReason::None;
        for (const bool renews : {false, true}) {
            Faults faults;
            constexpr int itself = 2; // after the record
            faults.fail(Call::Pread, EIO, itself);
            faults.fail(Call::Pread, EIO,
                        isTakenBack ? itself + 2 : itself + 1); // or no answer to anybody, on a soft mount
            QCOMPARE(renews ? one.renew().reason : one.verify(), reason);
        }
        QCOMPARE(one.inspect(), LossReason::None);
    }
}

// Such a lock is taken while a window opens. Whoever adds a question adds it here.
void tst_SidecarBackend::aFreeDocumentCostsOneCallForEachQuestion()
{
    const QTemporaryDir folder;
    const QString document = QDir(folder.path()).canonicalPath() + QLatin1String("/letter");
    SidecarBackend lock({.document = QFile::encodeName(document).toStdString()});
    Faults faults;
    QCOMPARE(lock.attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    QVERIFY(!lock.release());

    QCOMPARE(faults.count(Call::Readlinkat), 2);   // is the document a link? has Emacs got it?
    QCOMPARE(faults.count(Call::OpenStraight), 1); // does its folder have another name?
    QCOMPARE(faults.count(Call::Fstatat), 5); // has another LibreOffice got it, Microsoft Office, one of three Vims?
    QCOMPARE(faults.count(Call::Statx), 1);   // of the folder: it makes a server look
    QCOMPARE(faults.count(Call::Open), 1);
    QCOMPARE(faults.count(Call::RangeLock), 1);
    QCOMPARE(faults.count(Call::Fstat), 1);
    QCOMPARE(faults.count(Call::Lstat), 2); // is what was locked still there? and what is to be removed?
    QCOMPARE(faults.count(Call::Pwrite), 1);
    QCOMPARE(faults.count(Call::Pread), 1); // is what is to be removed ours?
    QCOMPARE(faults.count(Call::Unlinkat), 1);
    QCOMPARE(faults.count(Call::Close), 2);
    QCOMPARE(faults.count(Call::Ftruncate), 0);
    QCOMPARE(faults.count(Call::Fstatfs), 1); // is it on this machine's disk, or must a server know?
    QCOMPARE(faults.count(Call::Fsync), 0);
    QCOMPARE(faults.count(Call::InotifyAddWatch), 0);
}

QTEST_GUILESS_MAIN(tst_SidecarBackend)
#include "tst_sidecarbackend.moc"
