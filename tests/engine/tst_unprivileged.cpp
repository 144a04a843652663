// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/files.h"
#include "nobody.h"
#include "patience.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

#include <sys/stat.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

namespace {

/** Whether locking @p path fails at once with @p error, in every way there is. */
bool isRefused(const QString &path, LockError error, LockMode mode = LockMode::Exclusive)
{
    FileLock lock(path, {.mode = mode});
    const auto failedSo = [&](const char *how) {
        if (lock.error() == error && lock.errorString().contains(path) && !lock.isHeld())
            return true;
        qWarning() << how << lock.error() << lock.errorString();
        return false;
    };
    return !lock.tryAcquire() && failedSo("tryAcquire") && !lock.tryAcquireFor(1h) && failedSo("tryAcquireFor");
}

bool isGranted(const QString &path, LockMode mode = LockMode::Exclusive)
{
    FileLock lock(path, {.mode = mode});
    if (lock.tryAcquire())
        return true;
    qWarning() << lock.error() << lock.errorString();
    return false;
}

} // namespace

/** Root may do everything, so everything here is done by somebody who may not. */
class tst_Unprivileged : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isRefusedANewFileInAForeignDirectory();
    void isRefusedNewDirectories();
    void isRefusedAFileThatCannotBeWritten_data();
    void isRefusedAFileThatCannotBeWritten();
    void sharesAFileThatCanOnlyBeRead();
    void isRefusedADirectoryThatCannotBeEntered();
    void locksAForeignFileInAStickyDirectory();
    void ignoresThatAForeignFileKeepsItsPermissions();

private:
    QString at(const char *name) const { return m_directory->filePath(QLatin1String(name)); }
    static void setMode(const QString &path, mode_t mode)
    {
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
    }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Unprivileged::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    setMode(m_directory->path(), 0755);
}

void tst_Unprivileged::isRefusedANewFileInAForeignDirectory()
{
    setMode(m_directory->path(), 0555);
    const QString path = at("new.lock");
    QVERIFY(asNobody([&] { return isRefused(path, LockError::PermissionDenied); }));
    QVERIFY(asNobody([&] { return isRefused(path, LockError::PermissionDenied, LockMode::Shared); }));
    QVERIFY(!QFile::exists(path));
}

void tst_Unprivileged::isRefusedNewDirectories()
{
    setMode(m_directory->path(), 0555);
    QVERIFY(asNobody([this] { return isRefused(at("new/directory/new.lock"), LockError::PermissionDenied); }));
}

void tst_Unprivileged::isRefusedAFileThatCannotBeWritten_data()
{
    QTest::addColumn<qint64>("modified");
    QTest::newRow("now") << QDateTime::currentSecsSinceEpoch();
    QTest::newRow("in 1970") << qint64(0);
    QTest::newRow("in a year") << QDateTime::currentSecsSinceEpoch() + 365 * 86400;
}

void tst_Unprivileged::isRefusedAFileThatCannotBeWritten()
{
    QFETCH(qint64, modified);
    write(at("old.lock"), "theirs");
    const timespec times[2] = {{modified, 0}, {modified, 0}};
    QCOMPARE(::utimensat(AT_FDCWD, QFile::encodeName(at("old.lock")).constData(), times, 0), 0);
    setMode(at("old.lock"), 0444);
    QVERIFY(asNobody([this] { return isRefused(at("old.lock"), LockError::PermissionDenied); }));
    QCOMPARE(read(at("old.lock")), QByteArray("theirs"));
}

void tst_Unprivileged::sharesAFileThatCanOnlyBeRead()
{
    write(at("old.lock"), "theirs");
    setMode(at("old.lock"), 0444);
    QVERIFY(asNobody([this] { return isGranted(at("old.lock"), LockMode::Shared); }));
    setMode(at("old.lock"), 0400);
    if (geteuid() == 0)
        QVERIFY(asNobody([this] { return isRefused(at("old.lock"), LockError::PermissionDenied, LockMode::Shared); }));
}

void tst_Unprivileged::isRefusedADirectoryThatCannotBeEntered()
{
    QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("closed")));
    write(at("closed/old.lock"), {});
    setMode(at("closed"), 0000);
    QVERIFY(asNobody([this] { return isRefused(at("closed/old.lock"), LockError::PermissionDenied); }));
    QVERIFY(asNobody([this] { return isRefused(at("closed/below/new.lock"), LockError::PermissionDenied); }));
    setMode(at("closed"), 0700);
}

// As in /tmp, where fs.protected_regular refuses O_CREAT on somebody else's file even if everybody may write to it.
void tst_Unprivileged::locksAForeignFileInAStickyDirectory()
{
    setMode(m_directory->path(), 01777);
    write(at("old.lock"), "theirs");
    setMode(at("old.lock"), 0666);
    QVERIFY(asNobody([this] { return isGranted(at("old.lock")); }));
    QCOMPARE(read(at("old.lock")), QByteArray("theirs"));
}

void tst_Unprivileged::ignoresThatAForeignFileKeepsItsPermissions()
{
    if (geteuid() != 0)
        QSKIP("SKIPPED: needs two users, so needs root");
    write(at("old.lock"), {});
    setMode(at("old.lock"), 0666);
    QVERIFY(asNobody([this] {
        FileLock lock(at("old.lock"), {.permissions = QFileDevice::ReadOwner | QFileDevice::WriteOwner});
        return lock.tryAcquire() && lock.error() == LockError::None;
    }));
    struct stat facts;
    QCOMPARE(::stat(QFile::encodeName(at("old.lock")).constData(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777, 0666u);
}

QTEST_GUILESS_MAIN(tst_Unprivileged)
#include "tst_unprivileged.moc"
