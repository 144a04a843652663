// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What is asked about files on a disk of several machines is asked of its server, not of what this machine remembers.

#include "../os/cachingclient.h"
#include "../os/faults.h"
#include "../os/files.h"
#include "engine/fileholder.h"
#include "engine/lockfiles.h"
#include "engine/markerholder.h"
#include "engine/readwriteholders.h"
#include "ownerfiles.h"
#include "readwriteplace.h"

#include <QtTest/qtest.h>

#include <fcntl.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

class tst_NetworkDisk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seesAMarkerThatWasMissingBefore();
    void seesAWriterWhoWasMissingBefore();
    void aReaderSeesAWriterWhoWasMissingBefore();
    void seesAnOwnerFileThatWasMissingBefore();
    void asksTheServerForTheLockOfAnotherMachine();
    void cannotTellOfALockFileThatMustNotBeRead();
    void opensNoLockFileOfThisMachine();
};

namespace {

std::string toPath(const QString &path)
{
    return QFile::encodeName(path).toStdString();
}

} // namespace

void tst_NetworkDisk::seesAMarkerThatWasMissingBefore()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("some.lock"));
    const CachingClient client;
    QVERIFY(!markerHolder(toPath(path)).isValid());
    QVERIFY(lockFiles(toPath(path)).entries.isEmpty());
    write(path, "4711\nelsewhere\n");
    QVERIFY(markerHolder(toPath(path)).isValid());
    QFile::remove(path);
    QVERIFY(lockFiles(toPath(path)).entries.isEmpty());
    write(path, "4711\nelsewhere\n");
    QCOMPARE(lockFiles(toPath(path)).entries.size(), 1);
}

void tst_NetworkDisk::seesAWriterWhoWasMissingBefore()
{
    const ReadWriteFiles files;
    const CachingClient client;
    QVERIFY(!readWriteWriter(toPath(files.path())).isValid());
    QVERIFY(readWriteReaders(toPath(files.path())).isEmpty());
    files.makeReaders();
    write(files.reader(QString::fromLatin1(OtherToken) + QStringLiteral(".4711")), foreignMarker());
    QCOMPARE(readWriteReaders(toPath(files.path())).size(), 1);
    QVERIFY(!readWriteWriter(toPath(files.path())).isValid());
    write(files.writer(), foreignMarker());
    QVERIFY(readWriteWriter(toPath(files.path())).isValid());
}

// Also over NFS 3, where within one tick of the server's clock nothing but the listing tells.
void tst_NetworkDisk::aReaderSeesAWriterWhoWasMissingBefore()
{
    const ReadWriteFiles files;
    const CachingClient client(CachingClient::Ticks);
    const auto reader = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QVERIFY(!reader->release());
    write(files.writer(), foreignMarker());
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Busy);
    QCOMPARE(files.readerNames(), QStringList());
    QFile::remove(files.writer());
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
}

void tst_NetworkDisk::seesAnOwnerFileThatWasMissingBefore()
{
    const OwnerFilesPlace place;
    const CachingClient client;
    QVERIFY(place.files().isEmpty());
    QVERIFY(place.link(QStringLiteral(".#document.docx"), "anna@elsewhere.4711:1700000000"));
    QCOMPARE(place.files().size(), 1);
    QCOMPARE(place.files().first().format, OwnerFile::Format::Emacs);
}

// On NFS a lock that flock(2) took on another machine is a lock on all bytes, as is this one.
void tst_NetworkDisk::asksTheServerForTheLockOfAnotherMachine()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("some.lock"));
    write(path, {});
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const FakedFilesystem faked(Nfs);
    QCOMPARE(*remoteLock(toPath(path)), std::optional<LockMode>());
    QVERIFY(lockFiles(toPath(path)).entries.isEmpty());
    for (const auto &[type, mode] : {std::pair(F_WRLCK, LockMode::Exclusive), {F_RDLCK, LockMode::Shared}}) {
        struct flock all = {};
        all.l_type = static_cast<short>(type);
        QCOMPARE(::fcntl(file.handle(), F_OFD_SETLK, &all), 0);
        const LockFiles files = lockFiles(toPath(path));
        QCOMPARE(files.entries.size(), 1);
        QVERIFY(files.entries.first().isInTheWay());
        QCOMPARE(files.entries.first().family, LockEntry::Family::System);
        QCOMPARE(files.entries.first().holder.mode, mode);
        QVERIFY(!files.entries.first().holder.isValid()); // who it is only the other machine knows
    }
}

void tst_NetworkDisk::cannotTellOfALockFileThatMustNotBeRead()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("some.lock"));
    write(path, {});
    const FakedFilesystem faked(Nfs);
    Faults faults;
    faults.fail(Call::Openat, EACCES, 2); // the first is its folder
    const LockFiles files = lockFiles(toPath(path));
    QCOMPARE(files.failure.error, LockError::PermissionDenied);
    QVERIFY2(files.failure.text.contains(path), qPrintable(files.failure.text));
}

// Closing it would wake those who wait for it.
void tst_NetworkDisk::opensNoLockFileOfThisMachine()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("some.lock"));
    write(path, {});
    Faults faults;
    QVERIFY(lockFiles(toPath(path)).entries.isEmpty());
    QCOMPARE(faults.count(Call::RangeLock), 0);
    QCOMPARE(faults.count(Call::Openat), 1); // of its folder
}

QTEST_GUILESS_MAIN(tst_NetworkDisk)
#include "tst_networkdisk.moc"
