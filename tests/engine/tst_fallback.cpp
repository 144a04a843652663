// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "nest.h"

#include "engine/markerholder.h"
#include "records/leaserecord.h"
#include "records/softmarker.h"
#include "records/strictclaim.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelock.h>

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <fcntl.h>
#include <sys/stat.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

Q_DECLARE_METATYPE(FileLockOptions *)

/** Where the filesystem has no locks, FileLock becomes a soft lock; where another kind of lock is in use, it is refused. */
class tst_Fallback : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void becomesASoftLockForGood();
    void excludesASoftLock();
    void isRefused_data();
    void isRefused();
    void leavesADocumentAlone();
    void reclaimsATornMarker_data();
    void reclaimsATornMarker();
    void doesNotRemoveAFileThatCameMeanwhile();
    void hasNoSharedMode();
    void isRefusedOnAnotherFamily_data();
    void isRefusedOnAnotherFamily();
    void locksWhatOnlyLooksLikeAMarker_data();
    void locksWhatOnlyLooksLikeAMarker();
    void isRefusedOnAMarkerOfAnotherNamespace();
    void clearsNobodysNote_data();
    void clearsNobodysNote();
    void clearsNoMarkerThatCameWhileItWaited();

private:
    QByteArray content() const;
    void write(const QByteArray &bytes) const;

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_Fallback::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
}

QByteArray tst_Fallback::content() const
{
    QFile file(m_path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
}

void tst_Fallback::write(const QByteArray &bytes) const
{
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

void tst_Fallback::becomesASoftLockForGood()
{
    FileLock lock(m_path);
    QSignalSpy softened(&lock, &FileLock::softChanged);
    {
        Faults faults;
        faults.fail(Call::Flock, ENOSYS, 1, ForEver);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("cannot lock files: using a soft lock")));
        QVERIFY(lock.tryAcquire());
    }
    QVERIFY(lock.isSoft());
    QCOMPARE(softened.count(), 1);
    QCOMPARE(content(), QByteArray::fromStdString(softRecord()));
    QCOMPARE(lock.holder().processId, QCoreApplication::applicationPid());
    QVERIFY(lock.tryAcquire());
    QCOMPARE(lock.depth(), 2);
    QVERIFY(lock.forceRelease());
    QVERIFY(!QFile::exists(m_path));

    Faults faults;
    QVERIFY(lock.tryAcquire());
    QVERIFY2(!content().isEmpty(), "it asks the system no more");
    QCOMPARE(softened.count(), 1);
}

void tst_Fallback::excludesASoftLock()
{
    SoftFileLock other(m_path);
    QVERIFY(other.tryAcquire());
    FileLock lock(m_path);
    Faults faults;
    faults.fail(Call::Flock, ENOSYS, 1, ForEver);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("using a soft lock")));
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(other.release());
    QVERIFY(lock.tryAcquire());
}

void tst_Fallback::isRefused_data()
{
    QTest::addColumn<FileLockOptions *>("options");
    static FileLockOptions refused{.softFallback = SoftFallback::Refused};
    static FileLockOptions preserving{.preserveFile = true};
    static FileLockOptions hooked{
        .heldHook = std::make_shared<const HeldHook>([](qintptr) { return std::optional<QString>(); })};
    QTest::newRow("when it was refused") << &refused;
    QTest::newRow("when the file is to stay") << &preserving;
    QTest::newRow("with a held hook") << &hooked;
}

void tst_Fallback::isRefused()
{
    QFETCH(FileLockOptions *, options);
    FileLock lock(m_path, *options);
    Faults faults;
    faults.fail(Call::Flock, ENOSYS, 1, ForEver);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(!lock.tryAcquire());
        QCOMPARE(lock.error(), LockError::Unsupported);
        QVERIFY(!lock.isSoft());
        QCOMPARE(lock.depth(), 0);
    }
    QCOMPARE(content(), QByteArray());
}

void tst_Fallback::leavesADocumentAlone()
{
    write("Dear reader");
    FileLock lock(m_path);
    Faults faults;
    faults.fail(Call::Flock, ENOSYS, 1, ForEver);
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::Unsupported);
    QVERIFY(!lock.isSoft());
    QCOMPARE(content(), QByteArray("Dear reader"));
}

void tst_Fallback::reclaimsATornMarker_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray whole = QByteArray::fromStdString(softRecord());
    QTest::newRow("its first line") << whole.first(whole.indexOf('\n') + 1);
    QTest::newRow("all but its last byte") << whole.chopped(1);
    QTest::newRow("the first line of filelock 4's") << QByteArray("filelock/2\n");
    QTest::newRow("zeros, as after a power cut") << QByteArray(whole.size(), '\0');
}

void tst_Fallback::reclaimsATornMarker()
{
    QFETCH(QByteArray, bytes);
    write(bytes);
    const timespec longAgo[2] = {{.tv_sec = 1'000'000'000, .tv_nsec = 0}, {.tv_sec = 1'000'000'000, .tv_nsec = 0}};
    QVERIFY(::utimensat(AT_FDCWD, qPrintable(m_path), longAgo, 0) == 0);
    FileLock lock(m_path);
    Faults faults;
    faults.fail(Call::Flock, ENOSYS, 1, ForEver);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("using a soft lock")));
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    QVERIFY(lock.isSoft());
    QCOMPARE(content(), QByteArray::fromStdString(softRecord()));
}

void tst_Fallback::doesNotRemoveAFileThatCameMeanwhile()
{
    FileLock lock(m_path);
    Faults faults;
    faults.fail(Call::Flock, ENOSYS, 1, ForEver);
    faults.before(Call::Flock, 1, [this] {
        QFile::rename(m_path, m_path + QStringLiteral(".old"));
        write(QByteArray::fromStdString(softRecord()));
    });
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("using a soft lock")));
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::None);
    QCOMPARE(content(), QByteArray::fromStdString(softRecord()));
}

void tst_Fallback::hasNoSharedMode()
{
    FileLock lock(m_path, {.mode = LockMode::Shared});
    Faults faults;
    faults.fail(Call::Flock, ENOSYS, 1, ForEver);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("using a soft lock")));
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::Unsupported);
    QVERIFY(lock.errorString().contains(m_path));
}

void tst_Fallback::isRefusedOnAnotherFamily_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("family");
    const Owner self = currentOwner();
    const records::LeaseRecord lease{
        self.process, self.host,      records::LeaseContract::Lease, "00112233445566778899aabbccddeeff",
        30,           self.startToken};
    QTest::newRow("a living soft lock") << QByteArray::fromStdString(softRecord()) << "SoftFileLock";
    QTest::newRow("a living lease") << QByteArray::fromStdString(records::writeLeaseRecord(lease)) << "SoftFileLease";
    QTest::newRow("a strict lock") << QByteArray(records::StrictSentinel.data(), 24) << "StrictSoftFileLock";
    QTest::newRow("another host's soft lock") << QByteArray("2147483646\nsomewhere\n1\n") << "SoftFileLock";
}

void tst_Fallback::isRefusedOnAnotherFamily()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, family);
    write(bytes);
    FileLock lock(m_path, {.contents = FileContents::Clear});
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::OtherFamily);
    QVERIFY2(lock.errorString().contains(family) && lock.errorString().contains(m_path),
             qPrintable(lock.errorString()));
    QCOMPARE(content(), bytes);
}

void tst_Fallback::locksWhatOnlyLooksLikeAMarker_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const Owner self = currentOwner();
    QTest::newRow("a process that is gone") << QByteArray("2147483646\n") + self.host.c_str() + "\n1\n";
    QTest::newRow("a pid and host, as programs note them") << QByteArray("1\nsomewhere\n");
    QTest::newRow("this process's, without its start")
        << QByteArray::number(QCoreApplication::applicationPid()) + "\n" + self.host.c_str() + "\n";
    QTest::newRow("a document") << QByteArray("Dear reader");
    QTest::newRow("a long document") << QByteArray(5000, 'x');
}

void tst_Fallback::locksWhatOnlyLooksLikeAMarker()
{
    QFETCH(QByteArray, bytes);
    write(bytes);
    FileLock lock(m_path);
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    QVERIFY(lock.release());
    QCOMPARE(content(), bytes);
}

// In there nobody has the number of this process, and nobody knows whether it was meant out here.
void tst_Fallback::isRefusedOnAMarkerOfAnotherNamespace()
{
    if (!Nest::isPossible())
        QSKIP("SKIPPED: a PID namespace needs root");
    write(QByteArray::fromStdString(softRecord()));
    Child child([this] {
        return inNamespace(Table::Own, [this] {
            FileLock lock(m_path, {.contents = FileContents::Clear});
            EXPECT_IN_CHILD(!lock.tryAcquire());
            EXPECT_IN_CHILD(lock.error() == LockError::OtherFamily);
            return true;
        });
    });
    QVERIFY(child.succeeds());
    QCOMPARE(content(), QByteArray::fromStdString(softRecord()));
}

void tst_Fallback::clearsNobodysNote_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isCleared");
    const Owner self = currentOwner();
    const QByteArray host = QByteArray::fromStdString(self.host);
    QTest::newRow("another host's") << QByteArray("1\nsomewhere\n") << false;
    QTest::newRow("a living process's") << "1\n" + host + "\n" << false;
    QTest::newRow("its own") << QByteArray::number(qint64(self.process)) + "\n" + host + "\n" << true;
    QTest::newRow("that of a process that is gone") << "2147483646\n" + host + "\n" << true;
    QTest::newRow("a dead owner's marker") << "2147483646\n" + host + "\n1\n" << true;
    QTest::newRow("a document") << QByteArray("Dear reader") << true;
}

void tst_Fallback::clearsNobodysNote()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isCleared);
    write(bytes);
    FileLock lock(m_path, {.contents = FileContents::Clear});
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    QVERIFY(lock.release());
    QCOMPARE(content(), isCleared ? QByteArray() : bytes);
}

//   P.1 opens an empty file: what a soft lock has just created        Q.1 writes its marker into it
//   P.2 locks it, and would clear it
void tst_Fallback::clearsNoMarkerThatCameWhileItWaited()
{
    write({});
    FileLock lock(m_path, {.contents = FileContents::Clear});
    Faults faults;
    faults.after(Call::Fstat, 1, [this] { write(QByteArray::fromStdString(softRecord())); });
    QVERIFY(lock.tryAcquire());
    QCOMPARE(content(), QByteArray::fromStdString(softRecord()));
}

QTEST_GUILESS_MAIN(tst_Fallback)
#include "tst_fallback.moc"
