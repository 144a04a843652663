// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "../os/files.h"
#include "patience.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

Q_DECLARE_METATYPE(Holdfast::Testing::Call)

/** Any system call, any answer: which error, nothing held, nothing left open, and the next attempt works. */
class tst_SystemFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void failsCleanly_data();
    void failsCleanly();
    void getsThere_data();
    void getsThere();
    void endsAnAcquisitionOnce_data();
    void endsAnAcquisitionOnce();
    void staysHeldWhenUnlockingFails();
    void closesOnceWhateverCloseAnswers_data();
    void closesOnceWhateverCloseAnswers();
    void frees_data();
    void frees();

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

// What the library opens once for the life of the process must not look like a leak.
void tst_SystemFaults::initTestCase()
{
    QTemporaryDir directory;
    FileLock lock(directory.filePath(QStringLiteral("file.lock")));
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.release());
}

void tst_SystemFaults::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("below/file.lock"));
}

void tst_SystemFaults::failsCleanly_data()
{
    QTest::addColumn<Call>("call");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("from");
    QTest::addColumn<LockError>("error");
    const auto row = [](const char *claim, Call call, int code, LockError error, int from = 1) {
        QTest::newRow(claim) << call << code << from << error;
    };
    row("open EMFILE", Call::Open, EMFILE, LockError::OutOfResources);
    row("open ENFILE", Call::Open, ENFILE, LockError::OutOfResources);
    row("open ENOMEM", Call::Open, ENOMEM, LockError::OutOfResources);
    row("open ENOSPC", Call::Open, ENOSPC, LockError::NoSpace);
    row("open EDQUOT", Call::Open, EDQUOT, LockError::NoSpace);
    row("open EROFS", Call::Open, EROFS, LockError::ReadOnlyLocation);
    row("open ENAMETOOLONG", Call::Open, ENAMETOOLONG, LockError::NameTooLong);
    row("open ELOOP", Call::Open, ELOOP, LockError::NotAFile);
    row("open ENXIO", Call::Open, ENXIO, LockError::NotAFile);
    row("open EISDIR", Call::Open, EISDIR, LockError::NotAFile);
    row("open ENOTDIR", Call::Open, ENOTDIR, LockError::NotAFile);
    row("open EACCES of a missing file", Call::Open, EACCES, LockError::PermissionDenied);
    row("open EPERM of a missing file", Call::Open, EPERM, LockError::PermissionDenied);
    row("open EIO", Call::Open, EIO, LockError::System);
    row("open EINTR for ever", Call::Open, EINTR, LockError::System);
    row("open EMFILE after the parents were made", Call::Open, EMFILE, LockError::OutOfResources, 2);
    row("mkdir EACCES", Call::Mkdir, EACCES, LockError::PermissionDenied);
    row("mkdir EROFS", Call::Mkdir, EROFS, LockError::ReadOnlyLocation);
    row("mkdir ENOSPC", Call::Mkdir, ENOSPC, LockError::NoSpace);
    row("mkdir EMLINK", Call::Mkdir, EMLINK, LockError::System);
    row("flock EIO", Call::Flock, EIO, LockError::System);
    row("flock ENOLCK", Call::Flock, ENOLCK, LockError::OutOfResources);
    row("flock ENOSYS", Call::Flock, ENOSYS, LockError::Unsupported);
    row("flock EOPNOTSUPP", Call::Flock, EOPNOTSUPP, LockError::Unsupported);
    row("flock EINTR for ever", Call::Flock, EINTR, LockError::System);
    row("fstat EIO", Call::Fstat, EIO, LockError::System);
    row("fstat EOVERFLOW", Call::Fstat, EOVERFLOW, LockError::System);
    row("lstat EACCES", Call::Lstat, EACCES, LockError::PermissionDenied, 2);
    row("lstat EIO", Call::Lstat, EIO, LockError::System, 2);
    row("fchmod EROFS", Call::Fchmod, EROFS, LockError::ReadOnlyLocation);
    row("fchmod EIO", Call::Fchmod, EIO, LockError::System);
    row("ftruncate ENOSPC", Call::Ftruncate, ENOSPC, LockError::NoSpace);
    row("ftruncate EIO", Call::Ftruncate, EIO, LockError::System);
    row("ftruncate EPERM, sealed", Call::Ftruncate, EPERM, LockError::PermissionDenied);
}

void tst_SystemFaults::failsCleanly()
{
    QFETCH(Call, call);
    QFETCH(int, code);
    QFETCH(int, from);
    QFETCH(LockError, error);
    FileLock lock(m_path, {.permissions = QFileDevice::ReadOwner | QFileDevice::WriteOwner,
                           .contents = FileContents::Clear,
                           .softFallback = SoftFallback::Refused});
    if (call == Call::Ftruncate) { // of what is there
        QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("below")));
        write(m_path, "to be cleared");
    }
    const QStringList before = openFiles();
    {
        Faults faults;
        faults.fail(call, code, from, ForEver);
        QVERIFY(!lock.tryAcquire());
        QCOMPARE(lock.error(), error);
        QVERIFY2(lock.errorString().contains(m_path), qPrintable(lock.errorString()));
        QVERIFY2(lock.errorString().contains(QString::fromLocal8Bit(strerror(code))), qPrintable(lock.errorString()));
        QVERIFY(!lock.isHeld());
        QCOMPARE(lock.depth(), 0);
        QCOMPARE(lock.state(), LockState::Idle);
        QCOMPARE(openFiles(), before);
        QVERIFY(!lock.tryAcquireFor(std::chrono::hours(1))); // an error is no reason to wait
        QCOMPARE(lock.error(), error);
        QCOMPARE(openFiles(), before);
    }
    QVERIFY(lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(lock.errorString().isEmpty());
    QVERIFY(!isFree(m_path));
    QVERIFY(lock.release());
    QVERIFY(isFree(m_path));
    QCOMPARE(openFiles(), before);
}

void tst_SystemFaults::getsThere_data()
{
    QTest::addColumn<Call>("call");
    QTest::addColumn<int>("code");
    QTest::newRow("open interrupted once") << Call::Open << EINTR;
    QTest::newRow("flock interrupted once") << Call::Flock << EINTR;
    QTest::newRow("open ENOENT once with an existing parent") << Call::Open << ENOENT;
    QTest::newRow("open EACCES of an existing file") << Call::Open << EACCES;
    QTest::newRow("open EPERM of an existing file") << Call::Open << EPERM;
    QTest::newRow("fchmod of somebody else's file") << Call::Fchmod << EPERM;
    QTest::newRow("lstat once ENOENT: somebody removed it") << Call::Lstat << ENOENT;
}

void tst_SystemFaults::getsThere()
{
    QFETCH(Call, call);
    QFETCH(int, code);
    const QString path = m_directory->filePath(QStringLiteral("file.lock"));
    write(path, "kept");
    FileLock lock(path, {.permissions = QFileDevice::ReadOwner | QFileDevice::WriteOwner});
    Faults faults;
    faults.fail(call, code);
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    QVERIFY(!isFree(path));
    QCOMPARE(read(path), QByteArray("kept"));
    QVERIFY(lock.release());
    QCOMPARE(timesOpen(path), 0);
}

void tst_SystemFaults::endsAnAcquisitionOnce_data()
{
    QTest::addColumn<int>("from");
    QTest::newRow("when the first attempt fails") << 1;
    QTest::newRow("when a later attempt fails") << 4;
}

void tst_SystemFaults::endsAnAcquisitionOnce()
{
    QFETCH(int, from);
    const QString path = m_directory->filePath(QStringLiteral("file.lock"));
    ForeignLock other(path);
    FileLock lock(path, {.pollInterval = std::chrono::milliseconds(1)});
    int endings = 0;
    QList<LockError> errors;
    connect(&lock, &FileLock::errorOccurred, this, [&](LockError error) { errors += error; });
    connect(&lock, &FileLock::acquired, this, [&] { ++endings; });
    connect(&lock, &FileLock::timedOut, this, [&] { ++endings; });
    connect(&lock, &FileLock::cancelled, this, [&] { ++endings; });
    Faults faults;
    faults.fail(Call::Flock, EIO, from, ForEver);
    lock.acquire();
    QVERIFY(errors.isEmpty()); // not before it has returned
    QVERIFY(comesTrue([&] { return !errors.isEmpty(); }));
    settle();
    QCOMPARE(errors, QList<LockError>{LockError::System});
    QCOMPARE(endings, 0);
    QCOMPARE(lock.state(), LockState::Idle);
    QCOMPARE(timesOpen(path), 1); // the other's own
}

void tst_SystemFaults::staysHeldWhenUnlockingFails()
{
    FileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    Faults faults;
    faults.fail(Call::Flock, EIO);
    int released = 0;
    connect(&lock, &FileLock::released, this, [&] { ++released; });
    QVERIFY(!lock.release());
    QCOMPARE(lock.error(), LockError::System);
    QVERIFY(lock.errorString().contains(m_path));
    QVERIFY(lock.isHeld());
    QCOMPARE(lock.depth(), 1);
    QVERIFY(!isFree(m_path));
    QVERIFY(lock.release());
    QCOMPARE(released, 1);
    QVERIFY(isFree(m_path));
    QCOMPARE(timesOpen(m_path), 0);
}

void tst_SystemFaults::closesOnceWhateverCloseAnswers_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("EINTR") << EINTR;
    QTest::newRow("EIO") << EIO;
    QTest::newRow("ENOSPC") << ENOSPC;
}

void tst_SystemFaults::closesOnceWhateverCloseAnswers()
{
    QFETCH(int, code);
    FileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    Faults faults;
    faults.fail(Call::Close, code, 1, ForEver);
    QVERIFY(lock.release()); // the unlock is what counts
    QCOMPARE(faults.count(Call::Close), 1);
    QVERIFY(!lock.isHeld());
    QVERIFY(isFree(m_path));
}

void tst_SystemFaults::frees_data()
{
    QTest::addColumn<bool>("whole");
    QTest::newRow("all levels at once") << true;
    QTest::newRow("by destruction") << false;
}

// Even when the system refuses to unlock, a hold that nobody can release any more must not stay.
void tst_SystemFaults::frees()
{
    QFETCH(bool, whole);
    auto lock = std::make_unique<FileLock>(m_path);
    QVERIFY(lock->tryAcquire() && lock->tryAcquire());
    Faults faults;
    if (whole) {
        faults.fail(Call::Flock, EIO);
        QVERIFY(!lock->forceRelease());
        QCOMPARE(lock->depth(), 2);
        QVERIFY(lock->forceRelease());
        QCOMPARE(lock->depth(), 0);
    } else {
        faults.fail(Call::Flock, EIO, 1, ForEver);
        lock.reset();
    }
    QCOMPARE(timesOpen(m_path), 0);
    QVERIFY(isFree(m_path));
}

QTEST_GUILESS_MAIN(tst_SystemFaults)
#include "tst_systemfaults.moc"
