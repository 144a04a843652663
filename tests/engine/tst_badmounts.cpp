// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/files.h"
#include "patience.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

#include <cerrno>
#include <cstring>
#include <sys/mount.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

namespace {

/** A filesystem of its own, for as long as the object lives. */
class Mount
{
public:
    Mount(const QString &directory, const char *options) : m_directory(QFile::encodeName(directory))
    {
        if (::mount("tmpfs", m_directory.constData(), "tmpfs", 0, options) != 0)
            m_problem = QByteArray("SKIPPED: cannot mount a tmpfs here: ") + std::strerror(errno);
    }
    ~Mount()
    {
        if (isThere())
            ::umount2(m_directory.constData(), MNT_DETACH);
    }
    Mount(const Mount &) = delete;
    Mount &operator=(const Mount &) = delete;

    bool isThere() const { return m_problem.isEmpty(); }
    const char *problem() const { return m_problem.constData(); }
    bool setReadOnly(bool readOnly)
    {
        const unsigned long flags = MS_REMOUNT | (readOnly ? MS_RDONLY : 0);
        return ::mount("tmpfs", m_directory.constData(), "tmpfs", flags, nullptr) == 0;
    }

private:
    const QByteArray m_directory;
    QByteArray m_problem;
};

} // namespace

class tst_BadMounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void locksOnAFullDisk();
    void reportsThatNoInodeIsLeft();
    void reportsAReadOnlyFilesystem();
    void sharesAFileOnAReadOnlyFilesystem();

private:
    QString at(const char *name) const { return m_directory->filePath(QLatin1String(name)); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_BadMounts::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

// An empty file needs no block: a full disk is no obstacle until its last inode is gone.
void tst_BadMounts::locksOnAFullDisk()
{
    const Mount mount(m_directory->path(), "size=64k,nr_inodes=64");
    if (!mount.isThere())
        QSKIP(mount.problem());
    write(at("filler"), QByteArray(256 * 1024, 'x'));
    QVERIFY(QFile(at("filler")).size() <= 64 * 1024);
    FileLock lock(at("new.lock"), {.contents = FileContents::Clear});
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    QVERIFY(!isFree(at("new.lock")));
}

void tst_BadMounts::reportsThatNoInodeIsLeft()
{
    const Mount mount(m_directory->path(), "size=1m,nr_inodes=8");
    if (!mount.isThere())
        QSKIP(mount.problem());
    QString last;
    for (int i = 0; i < 20; ++i) {
        QFile file(at("filler-") + QString::number(i));
        if (file.open(QIODevice::WriteOnly))
            last = file.fileName();
    }
    FileLock lock(at("new.lock"));
    FileLock below(at("new/directory/new.lock"));
    for (FileLock *full : {&lock, &below}) {
        QVERIFY(!full->tryAcquire());
        QCOMPARE(full->error(), LockError::NoSpace);
        QVERIFY(full->errorString().contains(full->path()));
    }
    QVERIFY(QFile::remove(last)); // somebody made room
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
}

void tst_BadMounts::reportsAReadOnlyFilesystem()
{
    Mount mount(m_directory->path(), "size=1m");
    if (!mount.isThere())
        QSKIP(mount.problem());
    write(at("old.lock"), {});
    QVERIFY(mount.setReadOnly(true));
    FileLock old(at("old.lock"));
    FileLock fresh(at("new.lock"));
    FileLock below(at("new/directory/new.lock"));
    FileLock shared(at("new-shared.lock"), {.mode = LockMode::Shared});
    for (FileLock *lock : {&old, &fresh, &below, &shared}) {
        QVERIFY(!lock->tryAcquire());
        QCOMPARE(lock->error(), LockError::ReadOnlyLocation);
        QVERIFY(lock->errorString().contains(lock->path()));
    }
    QVERIFY(mount.setReadOnly(false));
    QVERIFY(old.tryAcquire() && fresh.tryAcquire() && below.tryAcquire());
}

void tst_BadMounts::sharesAFileOnAReadOnlyFilesystem()
{
    Mount mount(m_directory->path(), "size=1m");
    if (!mount.isThere())
        QSKIP(mount.problem());
    write(at("old.lock"), {});
    QVERIFY(mount.setReadOnly(true));
    FileLock lock(at("old.lock"), {.mode = LockMode::Shared});
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    QVERIFY(lock.release());
}

QTEST_GUILESS_MAIN(tst_BadMounts)
#include "tst_badmounts.moc"
