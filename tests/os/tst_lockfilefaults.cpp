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

class tst_LockFileFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void repeatsInterruptedCalls_data();
    void repeatsInterruptedCalls();
    void givesUpWhenInterruptedForEver_data();
    void givesUpWhenInterruptedForEver();
    void takesADeniedLockForContention();
    void reportsWhatFlockAnswers_data();
    void reportsWhatFlockAnswers();
    void opensWithoutCreatingWhereCreatingIsDenied_data();
    void opensWithoutCreatingWhereCreatingIsDenied();
    void keepsTheDenialOfAMissingFile_data();
    void keepsTheDenialOfAMissingFile();
    void asksToTryAgainWhenTheFileVanishes();
    void opensForReadingWhenSharedIsAllThatIsWanted_data();
    void opensForReadingWhenSharedIsAllThatIsWanted();

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

void tst_LockFileFaults::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
}

void tst_LockFileFaults::repeatsInterruptedCalls_data()
{
    QTest::addColumn<int>("times");
    QTest::newRow("one signal") << 1;
    QTest::newRow("many signals") << 900;
}

void tst_LockFileFaults::repeatsInterruptedCalls()
{
    QFETCH(int, times);
    Faults faults;
    faults.fail(Call::Open, EINTR, 1, times);
    LockFile file;
    QVERIFY(open(file));
    QCOMPARE(faults.count(Call::Open), times + 1);
    faults.fail(Call::Flock, EINTR, 1, times);
    QVERIFY(answerOf(file) == LockAnswer::Acquired);
    faults.fail(Call::Flock, EINTR, 1, times);
    QVERIFY(file.unlock());
    QVERIFY(isFree(m_path));
}

void tst_LockFileFaults::givesUpWhenInterruptedForEver_data()
{
    QTest::addColumn<int>("call");
    QTest::newRow("open") << static_cast<int>(Call::Open);
    QTest::newRow("flock") << static_cast<int>(Call::Flock);
}

void tst_LockFileFaults::givesUpWhenInterruptedForEver()
{
    QFETCH(int, call);
    Faults faults;
    LockFile file;
    if (call == static_cast<int>(Call::Open)) {
        faults.fail(Call::Open, EINTR, 1, ForEver);
        Result<bool> opened = file.open(name(), LockStrength::Exclusive, 0666);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, EINTR);
        return;
    }
    QVERIFY(open(file));
    faults.fail(Call::Flock, EINTR, 1, ForEver);
    Result<LockAnswer> answer = file.tryLock(LockStrength::Exclusive);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, EINTR);
}

void tst_LockFileFaults::takesADeniedLockForContention()
{
    Faults faults;
    LockFile file;
    QVERIFY(open(file));
    faults.fail(Call::Flock, EACCES);
    QVERIFY(answerOf(file) == LockAnswer::Busy);
    faults.fail(Call::Flock, EWOULDBLOCK);
    QVERIFY(answerOf(file) == LockAnswer::Busy);
    QVERIFY(answerOf(file) == LockAnswer::Acquired);
}

void tst_LockFileFaults::reportsWhatFlockAnswers_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("EIO") << EIO;
    QTest::newRow("ENOLCK") << ENOLCK;
    QTest::newRow("ENOSYS") << ENOSYS;
    QTest::newRow("EOPNOTSUPP") << EOPNOTSUPP;
    QTest::newRow("EBADF") << EBADF;
}

void tst_LockFileFaults::reportsWhatFlockAnswers()
{
    QFETCH(int, code);
    Faults faults;
    LockFile file;
    QVERIFY(open(file));
    faults.fail(Call::Flock, code);
    Result<LockAnswer> answer = file.tryLock(LockStrength::Exclusive);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, code);
    QCOMPARE(answer.error().operation, "flock");
    QCOMPARE(faults.count(Call::Flock), 1);
}

void tst_LockFileFaults::opensWithoutCreatingWhereCreatingIsDenied_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("EACCES, as in a sticky directory") << EACCES;
    QTest::newRow("EPERM") << EPERM;
}

void tst_LockFileFaults::opensWithoutCreatingWhereCreatingIsDenied()
{
    QFETCH(int, code);
    write(m_path, "theirs");
    Faults faults;
    faults.fail(Call::Open, code);
    LockFile file;
    QVERIFY(open(file));
    QCOMPARE(faults.count(Call::Open), 2);
    QVERIFY(answerOf(file) == LockAnswer::Acquired);
    QCOMPARE(read(m_path), QByteArray("theirs"));
}

void tst_LockFileFaults::keepsTheDenialOfAMissingFile_data()
{
    opensWithoutCreatingWhereCreatingIsDenied_data();
}

void tst_LockFileFaults::keepsTheDenialOfAMissingFile()
{
    QFETCH(int, code);
    Faults faults;
    faults.fail(Call::Open, code, 1, ForEver);
    for (const LockStrength strength : {LockStrength::Exclusive, LockStrength::Shared}) {
        LockFile file;
        Result<bool> opened = file.open(name(), strength, 0666);
        QVERIFY2(!opened, "a denial is an error, nothing to try again");
        QCOMPARE(opened.error().code, code);
        QCOMPARE(opened.error().kind, ErrorKind::PermissionDenied);
    }
}

void tst_LockFileFaults::asksToTryAgainWhenTheFileVanishes()
{
    write(m_path, {});
    Faults faults;
    faults.fail(Call::Open, EACCES);
    faults.before(Call::Open, 2, [this] { QFile::remove(m_path); });
    LockFile file;
    Result<bool> opened = file.open(name(), LockStrength::Exclusive, 0666);
    QVERIFY(opened);
    QCOMPARE(*opened, false);
    QVERIFY(!file.isOpen());
}

void tst_LockFileFaults::opensForReadingWhenSharedIsAllThatIsWanted_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("a file that cannot be written") << EACCES;
    QTest::newRow("a read-only filesystem") << EROFS;
}

void tst_LockFileFaults::opensForReadingWhenSharedIsAllThatIsWanted()
{
    QFETCH(int, code);
    write(m_path, {});
    Faults faults;
    faults.fail(Call::Open, code, 1, code == EROFS ? 1 : 2);
    LockFile file;
    QVERIFY(open(file, LockStrength::Shared));
    QCOMPARE(::fcntl(static_cast<int>(file.descriptor()), F_GETFL) & O_ACCMODE, O_RDONLY);
    QVERIFY(answerOf(file, LockStrength::Shared) == LockAnswer::Acquired);
    faults.fail(Call::Open, code, 1, ForEver);
    LockFile exclusive;
    Result<bool> opened = exclusive.open(name(), LockStrength::Exclusive, 0666);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, code);
}

QTEST_GUILESS_MAIN(tst_LockFileFaults)
#include "tst_lockfilefaults.moc"
