// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "faults.h"
#include "files.h"
#include "os/lockfile.h"

#include <QtTest/qtest.h>

using namespace Holdfast::os;
using namespace Holdfast::Testing;

namespace {

LockAnswer answerOf(LockFile &file, LockStrength strength = LockStrength::Exclusive)
{
    Result<LockAnswer> answer = file.tryLock(strength);
    if (!answer)
        qFatal("tryLock: %s", answer.error().words().c_str());
    return *answer;
}

} // namespace

class tst_LockFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void excludesAnotherDescription();
    void sharesWithOtherSharedLocks();
    void neverTruncatesWhatItOpens();
    void createsWithTheModeLessTheUmask();
    void closesOnce_data();
    void closesOnce();
    void staysLockedWhenUnlockingFails();
    void leavesTheLockWhenAbandoned();
    void ignoresNotBeingTheOwner();
    void knowsNoIdentityOfAMissingFile();

private:
    std::string name() const { return QFile::encodeName(m_path).toStdString(); }
    bool open(LockFile &file, LockStrength strength = LockStrength::Exclusive) const
    {
        Result<bool> opened = file.open(name(), strength, 0666);
        return opened && *opened;
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_LockFile::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
}

void tst_LockFile::excludesAnotherDescription()
{
    LockFile first;
    LockFile second;
    QVERIFY(open(first) && open(second));
    QVERIFY(answerOf(first) == LockAnswer::Acquired);
    QVERIFY(answerOf(second) == LockAnswer::Busy);
    QVERIFY(first.unlock());
    QVERIFY(answerOf(second) == LockAnswer::Acquired);
}

void tst_LockFile::sharesWithOtherSharedLocks()
{
    LockFile first;
    LockFile second;
    LockFile third;
    QVERIFY(open(first) && open(second) && open(third));
    QVERIFY(answerOf(first, LockStrength::Shared) == LockAnswer::Acquired);
    QVERIFY(answerOf(second, LockStrength::Shared) == LockAnswer::Acquired);
    QVERIFY(answerOf(third) == LockAnswer::Busy);
}

void tst_LockFile::neverTruncatesWhatItOpens()
{
    write(m_path, "somebody's document");
    LockFile file;
    QVERIFY(open(file));
    QVERIFY(answerOf(file) == LockAnswer::Acquired);
    QCOMPARE(read(m_path), QByteArray("somebody's document"));
    QVERIFY(file.clear());
    QCOMPARE(read(m_path), QByteArray());
}

void tst_LockFile::createsWithTheModeLessTheUmask()
{
    const mode_t before = umask(027);
    LockFile file;
    const bool opened = open(file);
    umask(before);
    QVERIFY(opened);
    struct stat facts;
    QCOMPARE(::stat(name().c_str(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777, 0640u);
    QVERIFY(file.setMode(0666));
    QCOMPARE(::stat(name().c_str(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777, 0666u);
}

void tst_LockFile::closesOnce_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("when all is well") << 0;
    QTest::newRow("when interrupted: a retry could close somebody else's file") << EINTR;
    QTest::newRow("when the disk has an error") << EIO;
}

void tst_LockFile::closesOnce()
{
    QFETCH(int, code);
    Faults faults;
    {
        LockFile file;
        QVERIFY(open(file));
        if (code != 0)
            faults.fail(Call::Close, code);
        file.close();
        QVERIFY(!file.isOpen());
        file.close();
    }
    QCOMPARE(faults.count(Call::Close), 1);
    QCOMPARE(timesOpen(m_path), 0);
}

void tst_LockFile::staysLockedWhenUnlockingFails()
{
    Faults faults;
    LockFile file;
    QVERIFY(open(file));
    QVERIFY(answerOf(file) == LockAnswer::Acquired);
    faults.fail(Call::Flock, EIO);
    const Status status = file.unlock();
    QVERIFY(!status);
    QCOMPARE(status.error().code, EIO);
    QVERIFY(file.isOpen());
    QVERIFY(!isFree(m_path));
    QVERIFY(file.unlock());
    QVERIFY(isFree(m_path));
}

void tst_LockFile::leavesTheLockWhenAbandoned()
{
    LockFile file;
    QVERIFY(open(file));
    QVERIFY(answerOf(file) == LockAnswer::Acquired);
    const int copy = ::dup(static_cast<int>(file.descriptor())); // as the parent of a fork has one
    file.abandon();
    QVERIFY(!file.isOpen());
    QVERIFY(!isFree(m_path));
    ::close(copy);
    QVERIFY(isFree(m_path));
}

void tst_LockFile::ignoresNotBeingTheOwner()
{
    Faults faults;
    LockFile file;
    QVERIFY(open(file));
    faults.fail(Call::Fchmod, EPERM);
    QVERIFY(file.setMode(0600));
    faults.fail(Call::Fchmod, EROFS);
    const Status status = file.setMode(0600);
    QVERIFY(!status);
    QCOMPARE(status.error().kind, ErrorKind::ReadOnlyLocation);
}

void tst_LockFile::knowsNoIdentityOfAMissingFile()
{
    Result<FileIdentity> missing = identityOf(name());
    QVERIFY(missing && !missing->isValid());
    write(m_path, {});
    Result<FileIdentity> below = identityOf(name() + "/below");
    QVERIFY(below && !below->isValid());
    LockFile file;
    QVERIFY(open(file));
    Result<FileIdentity> named = identityOf(name());
    Result<FileFacts> opened = file.facts();
    QVERIFY(named && opened && named->isValid());
    QVERIFY(*named == opened->identity);
    Faults faults;
    faults.fail(Call::Lstat, EACCES);
    QVERIFY2(!identityOf(name()), "what cannot be asked is not known to be gone");
}

QTEST_GUILESS_MAIN(tst_LockFile)
#include "tst_lockfile.moc"
