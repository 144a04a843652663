// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One document under several names, places where no lock can be, and going from one document to another.

#include "../engine/nobody.h"
#include "documentplace.h"

#include <holdfast/app/documentsave.h>
#include <holdfast/softfilelease.h>
#include <holdfast/softreadwritelock.h>

#include <QtCore/qregularexpression.h>
#include <QtCore/qscopeguard.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <sys/mount.h>
#include <sys/stat.h>

using namespace Holdfast;
using Holdfast::Testing::asNobody;
using namespace std::chrono_literals;
using Status = DocumentLock::Status;

class tst_DocumentPlaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allNamesAreOneLock_data();
    void allNamesAreOneLock();
    void aHardLinkIsAnotherDocument();
    void aDocumentNeedNotBeThere();
    void saysWhyNoLockCanBeThere_data();
    void saysWhyNoLockCanBeThere();
    void aFileWithASecondNameIsNotWrittenInto();
    void aReadOnlyFolderIsNotLockedByAnother();
    void aFullDiskIsNotLockedByAnother();
    void saveAsTakesTheNewLockFirst();
    void aRefusedSaveAsChangesNothing();
    void transfersThroughTheEventLoop();
    void aTransferToAnotherNameOfTheSameIsNoWait();
    void aReleaseThatFailsSaysWhy();
    void refusesWhatMeansNothing();
    void namesWithPercentSigns();
    void inACentralDirectoryTheFolderMustBeThere();
};

void tst_DocumentPlaces::allNamesAreOneLock_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("itself") << QStringLiteral("letter.txt");
    QTest::newRow("dots") << QStringLiteral("folder/../letter.txt");
    QTest::newRow("symbolic link") << QStringLiteral("link");
    QTest::newRow("link to a link elsewhere") << QStringLiteral("folder/link");
    QTest::newRow("linked folder") << QStringLiteral("folder/here/letter.txt");
    QTest::newRow("link that leads up, in a linked folder") << QStringLiteral("shortcut/up");
}

void tst_DocumentPlaces::allNamesAreOneLock()
{
    QFETCH(QString, name);
    const DocumentPlace place;
    QVERIFY(QDir().mkdir(place.path(QStringLiteral("folder"))));
    QVERIFY(place.link("letter.txt", QStringLiteral("link")));
    QVERIFY(place.link("../link", QStringLiteral("folder/link")));
    QVERIFY(place.link("..", QStringLiteral("folder/here")));
    QVERIFY(QDir().mkpath(place.path(QStringLiteral("folder/below"))));
    QVERIFY(place.link("folder/below", QStringLiteral("shortcut")));
    QVERIFY(place.link("../../letter.txt", QStringLiteral("folder/below/up")));
    OtherEditor other(place.document());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    DocumentLock lock(place.path(name));
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.owner().processId, other.processId());
    QCOMPARE(other.ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::exists(place.sidecar()));
    QVERIFY(other.ask(QStringLiteral("try")).startsWith(QLatin1String("busy")));

    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(place.path(QStringLiteral("folder"))));
    DocumentLock relative(QStringLiteral("../letter.txt"));
    QVERIFY(!relative.tryAcquire());
    QVERIFY(lock.release());
    QVERIFY(relative.tryAcquire());
    QVERIFY(QDir::setCurrent(before)); // and it stays where it is
    QVERIFY(relative.verify());
    QVERIFY(relative.release());
    QVERIFY(!QFile::exists(place.sidecar()));
}

// The limit that it is: beside the other name nothing is seen of it.
void tst_DocumentPlaces::aHardLinkIsAnotherDocument()
{
    const DocumentPlace place;
    QVERIFY(::link(qPrintable(place.document()), qPrintable(place.path(QStringLiteral("twin")))) == 0);
    DocumentLock lock(place.document());
    DocumentLock twin(place.path(QStringLiteral("twin")));
    QVERIFY(lock.tryAcquire());
    QVERIFY(twin.tryAcquire());
}

void tst_DocumentPlaces::aDocumentNeedNotBeThere()
{
    const DocumentPlace place;
    DocumentLock lock(place.path(QStringLiteral("new.txt")));
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    DocumentSave save(lock);
    QVERIFY2(save.begin(), qPrintable(save.errorString()));
    save.device()->write("first");
    QVERIFY(save.commit());
    struct stat fresh = {};
    struct stat ordinary = {};
    QVERIFY(::stat(qPrintable(place.path(QStringLiteral("new.txt"))), &fresh) == 0);
    QVERIFY(::stat(qPrintable(place.document()), &ordinary) == 0);
    QCOMPARE(fresh.st_mode, ordinary.st_mode);
    QVERIFY(lock.release());
    QCOMPARE(place.names(), QStringList({QStringLiteral("letter.txt"), QStringLiteral("new.txt")}));
}

void tst_DocumentPlaces::saysWhyNoLockCanBeThere_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<LockError>("error");
    QTest::newRow("no path") << QString() << LockError::InvalidArgument;
    QTest::newRow("no folder") << QStringLiteral("no/such/folder/letter.txt") << LockError::NotFound;
    QTest::newRow("longest name") << QString(255, u'x') << LockError::NameTooLong; // there is no room for .~lock.#
    QTest::newRow("in a file") << QStringLiteral("letter.txt/letter.txt") << LockError::NotAFile;
    QTest::newRow("links in a circle") << QStringLiteral("circle") << LockError::NotAFile;
    QTest::newRow("sidecar is a folder") << QStringLiteral("blocked") << LockError::NotAFile;
    QTest::newRow("sidecar is a link") << QStringLiteral("trapped") << LockError::NotAFile;
    QTest::newRow("sidecar is a pipe") << QStringLiteral("piped") << LockError::NotAFile; // which nobody writes into
}

void tst_DocumentPlaces::saysWhyNoLockCanBeThere()
{
    QFETCH(QString, path);
    QFETCH(LockError, error);
    const DocumentPlace place;
    QVERIFY(QDir().mkdir(place.path(QStringLiteral(".~lock.blocked#"))));
    QVERIFY(place.link("letter.txt", QStringLiteral(".~lock.trapped#")));
    QVERIFY(place.link("elcric", QStringLiteral("circle")) && place.link("circle", QStringLiteral("elcric")));
    QVERIFY(::mkfifo(qPrintable(place.path(QStringLiteral(".~lock.piped#"))), 0600) == 0);
    DocumentLock lock(path.isEmpty() ? path : place.path(path));
    QSignalSpy failed(&lock, &DocumentLock::errorOccurred);
    lock.acquire();
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().first().value<LockError>(), error);
    QCOMPARE(lock.error(), error);
    QCOMPARE(lock.status(), Status::Error);
    QVERIFY(lock.errorString().contains(path.section(u'/', -1)));
    QCOMPARE(DocumentPlace::read(place.document()), "Dear Anna");
    if (error == LockError::NotAFile && !path.contains(u'/')) { // a list of files says the same
        const DocumentInspection inspection = DocumentLock::inspect(lock.path());
        QVERIFY(!inspection.isLocked());
        QCOMPARE(inspection.error, error);
        QCOMPARE(inspection.errorString, lock.errorString());
    }
    if (error == LockError::NameTooLong) {
        QVERIFY(lock.setLockDirectory(place.path(QStringLiteral("locks"))));
        QVERIFY(lock.tryAcquire());
    }
}

// By a hard link in the sidecar's place a lock could write into any file of this user.
void tst_DocumentPlaces::aFileWithASecondNameIsNotWrittenInto()
{
    const DocumentPlace place;
    const QString diary = place.path(QStringLiteral("diary"));
    QVERIFY(DocumentPlace::write(diary, "I was here"));
    QVERIFY(::link(qPrintable(diary), qPrintable(place.sidecar())) == 0);
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.verify());
    QCOMPARE(DocumentPlace::read(diary), "I was here");
    QVERIFY(lock.release());
    QCOMPARE(place.names(), QStringList({QStringLiteral("diary"), QStringLiteral("letter.txt")}));
}

void tst_DocumentPlaces::aReadOnlyFolderIsNotLockedByAnother()
{
    const DocumentPlace place;
    const QByteArray folder = QFile::encodeName(QFileInfo(place.document()).path());
    if (::mount(folder.constData(), folder.constData(), nullptr, MS_BIND, nullptr) != 0)
        QSKIP("cannot mount here");
    const auto unmount = qScopeGuard([&] { ::umount2(folder.constData(), MNT_DETACH); });
    QVERIFY(::mount(nullptr, folder.constData(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0);
    DocumentLock lock(place.document());
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.status(), Status::Error);
    QCOMPARE(lock.error(), LockError::ReadOnlyLocation);
    QVERIFY(lock.documentLoaded()); // which went well, and does not hide why it cannot be locked
    QCOMPARE(lock.error(), LockError::ReadOnlyLocation);
    QVERIFY(!lock.owner().isValid());
    QTemporaryDir central;
    QVERIFY(lock.setLockDirectory(central.path()));
    QVERIFY(lock.tryAcquire());

    OtherEditor nobody(QStringLiteral("/usr/bin/setpriv"),
                       {QStringLiteral("--reuid=65534"), QStringLiteral("--clear-groups"),
                        QStringLiteral(HOLDFAST_DOCUMENTPROCESS), QStringLiteral("/etc/hostname")});
    const QString answer = nobody.ask(QStringLiteral("try"));
    QVERIFY2(answer.contains(QLatin1String("nothing can be created in \"/etc/\"")), qPrintable(answer));
}

void tst_DocumentPlaces::aFullDiskIsNotLockedByAnother()
{
    const DocumentPlace place;
    const QByteArray folder = QFile::encodeName(QFileInfo(place.document()).path());
    if (::mount("tmpfs", folder.constData(), "tmpfs", 0, "size=16k") != 0)
        QSKIP("cannot mount here");
    const auto unmount = qScopeGuard([&] { ::umount2(folder.constData(), MNT_DETACH); });
    DocumentPlace::write(place.document(), QByteArray(100000, 'x'));
    DocumentLock lock(place.document());
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::NoSpace);
    QCOMPARE(place.names(), QStringList(QStringLiteral("letter.txt"))); // no empty file either
    QVERIFY(DocumentPlace::write(place.document(), "short"));
    QVERIFY(lock.tryAcquire());
}

void tst_DocumentPlaces::saveAsTakesTheNewLockFirst()
{
    const DocumentPlace place;
    const QString copy = place.path(QStringLiteral("copy.txt"));
    DocumentLock lock(place.document());
    QSignalSpy moved(&lock, &DocumentLock::pathChanged);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    QVERIFY(lock.tryTransferTo(copy));
    QCOMPARE(moved.size(), 1);
    QCOMPARE(lock.path(), copy);
    QCOMPARE(lock.status(), Status::Locked);
    QVERIFY(QFile::exists(sidecarOf(copy)));
    QVERIFY(!QFile::exists(place.sidecar()));
    DocumentSave save(lock);
    QVERIFY(save.begin());
    save.device()->write("copy");
    QVERIFY(save.commit());
    QCOMPARE(DocumentPlace::read(copy), "copy");
    QCOMPARE(DocumentPlace::read(place.document()), "Dear Anna");
    QSignalSpy lost(&lock, &DocumentLock::lost);
    QVERIFY(QFile::remove(sidecarOf(copy)));
    QVERIFY(lost.wait()); // it is this one that is looked after now
    QCOMPARE(lock.status(), Status::Lost);
}

void tst_DocumentPlaces::aRefusedSaveAsChangesNothing()
{
    const DocumentPlace place;
    const QString copy = place.path(QStringLiteral("copy.txt"));
    OtherEditor other(copy);
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QVERIFY(!lock.tryTransferTo(copy));
    QCOMPARE(lock.error(), LockError::None);
    QCOMPARE(lock.owner().processId, other.processId());
    QSignalSpy refused(&lock, &DocumentLock::transferRefused);
    lock.transferTo(copy);
    QCOMPARE(refused.size(), 0);
    QVERIFY(refused.wait());
    QCOMPARE(refused.first().first().value<LockHolder>().processId, other.processId());
    lock.transferTo(place.path(QStringLiteral("no/folder/x")));
    QVERIFY(refused.wait());
    QCOMPARE(lock.error(), LockError::NotFound);
    QCOMPARE(lock.path(), place.document());
    QCOMPARE(lock.status(), Status::Locked);
    QVERIFY(lock.verify());
}

void tst_DocumentPlaces::transfersThroughTheEventLoop()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QSignalSpy transferred(&lock, &DocumentLock::transferred);
    lock.transferTo(place.path(QStringLiteral("copy.txt")));
    QVERIFY(transferred.wait());
    QCOMPARE(lock.path(), place.path(QStringLiteral("copy.txt")));
    QVERIFY(lock.verify());
    QVERIFY(lock.release());
    QCOMPARE(lock.status(), Status::Unlocked);
    QCOMPARE(place.names(), QStringList(QStringLiteral("letter.txt")));
}

void tst_DocumentPlaces::aTransferToAnotherNameOfTheSameIsNoWait()
{
    const DocumentPlace place;
    QVERIFY(place.link("letter.txt", QStringLiteral("link")));
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.documentLoaded());
    QVERIFY(DocumentPlace::write(place.document(), "Dear Ben"));
    QCOMPARE(lock.checkDocument(), DocumentLock::Change::Written);
    QVERIFY(lock.tryTransferTo(place.path(QStringLiteral("link"))));
    QCOMPARE(lock.path(), place.path(QStringLiteral("link")));
    QVERIFY(lock.verify());
    QCOMPARE(lock.change(), DocumentLock::Change::Written); // nobody has loaded Ben's letter
}

// The folder has become read-only meanwhile.
void tst_DocumentPlaces::aReleaseThatFailsSaysWhy()
{
    const DocumentPlace place;
    const QString folder = QFileInfo(place.document()).path();
    if (geteuid() == 0)
        QVERIFY(::chown(qPrintable(folder), 65534, 65534) == 0);
    QVERIFY(asNobody([&] {
        DocumentLock lock(place.document());
        const bool hadNone = !lock.release() && lock.error() == LockError::Misuse;
        const bool isHeld = lock.tryAcquire() && lock.error() == LockError::None;
        const bool isStuck = ::chmod(qPrintable(folder), 0555) == 0 && !lock.release();
        const bool isTold = lock.error() == LockError::PermissionDenied && lock.errorString().contains(folder);
        const bool goesOn = lock.isHeld() && ::chmod(qPrintable(folder), 0755) == 0 && lock.release();
        return hadNone && isHeld && isStuck && isTold && goesOn;
    }));
    QCOMPARE(place.names(), QStringList(QStringLiteral("letter.txt")));
}

void tst_DocumentPlaces::refusesWhatMeansNothing()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("it is not held")));
    QVERIFY(!lock.tryTransferTo(place.path(QStringLiteral("copy"))));
    QCOMPARE(lock.error(), LockError::Misuse);
    QVERIFY(lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::None);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("path .* cannot be changed")));
    QVERIFY(!lock.setPath(place.path(QStringLiteral("copy"))));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("fullName .* cannot be changed")));
    QVERIFY(!lock.setFullName(QStringLiteral("x")));
    QVERIFY(!lock.setTimeout(-2ms));
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QVERIFY(lock.verify());
}

void tst_DocumentPlaces::inACentralDirectoryTheFolderMustBeThere()
{
    const DocumentPlace place;
    const QTemporaryDir central;
    QVERIFY(place.link("later", QStringLiteral("shortcut")));
    DocumentLock lock(place.path(QStringLiteral("shortcut/letter.txt")));
    QVERIFY(lock.setLockDirectory(central.path()));
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::NotFound);
    QVERIFY(QDir().mkdir(place.path(QStringLiteral("later"))));
    QVERIFY(lock.tryAcquire());
    DocumentLock other(place.path(QStringLiteral("later/letter.txt")));
    QVERIFY(other.setLockDirectory(central.path()));
    QVERIFY(!other.tryAcquire());
    QCOMPARE(other.status(), Status::LockedBySelfElsewhere);
}

// A text is filled in once, not place by place.
void tst_DocumentPlaces::namesWithPercentSigns()
{
    const DocumentPlace place;
    const QString name = place.path(QStringLiteral("100%1 of %2 %3 %4.txt"));
    DocumentLock document(name);
    QVERIFY(!document.setTimeout(-2ms));
    QVERIFY2(document.errorString().contains(name), qPrintable(document.errorString()));
    SoftFileLease lease(name);
    QVERIFY(!lease.setDuration(-2ms));
    QVERIFY2(lease.errorString().contains(name), qPrintable(lease.errorString()));
    SoftReadWriteLock readWrite(name);
    QVERIFY(!readWrite.setHeartbeatInterval(-2ms));
    QVERIFY2(readWrite.errorString().contains(name), qPrintable(readWrite.errorString()));
}

QTEST_GUILESS_MAIN(tst_DocumentPlaces)
#include "tst_documentplaces.moc"
