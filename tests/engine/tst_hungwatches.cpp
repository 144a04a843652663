// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// To watch a file, the system looks at it, and on a disk that hangs that takes its time. Only that disk's holds notice.
#include "disks.h"
#include "watches.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

class tst_HungWatches : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void holdUpNeitherALifetimeNorARelease();
    void areNotLeftBehindByAReleaseMeanwhile();
    void areAddedOnceMoreAfterARemovalMeanwhile();
    void areTriedAgainWhenThereAreNone();

private:
    QString path(const char *name) const { return m_directory->filePath(QLatin1String(name)); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_HungWatches::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

void tst_HungWatches::holdUpNeitherALifetimeNorARelease()
{
    HungDisk disk(Call::InotifyAddWatch);
    const QTemporaryDir fast(QStringLiteral("/dev/shm/holdfast-XXXXXX"));
    QVERIFY(diskOf(fast.path()) != diskOf(m_directory->path()));
    FileLock slow(path("slow"));
    QVERIFY(slow.tryAcquire());
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    FileLock other(fast.filePath(QStringLiteral("other")), {.lifetime = 50ms});
    QVERIFY(other.tryAcquire());
    QVERIFY(comesTrue([&] { return !other.isHeld(); }));
    QCOMPARE(other.lossReason(), LossReason::Expired);
    FileLock watched(fast.filePath(QStringLiteral("watched")));
    QVERIFY(watched.tryAcquire());
    QVERIFY(isWatched(watched.path()));
    QVERIFY(slow.release());
    QVERIFY(disk.isHanging);
}

void tst_HungWatches::areNotLeftBehindByAReleaseMeanwhile()
{
    FileLock lock(path("lock"));
    {
        HungDisk disk(Call::InotifyAddWatch);
        QVERIFY(lock.tryAcquire());
        const int keepsItsNumber = ::open(QFile::encodeName(lock.path()).constData(), O_RDONLY | O_CLOEXEC);
        QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
        QVERIFY(lock.release());
        // The number of the lock's descriptor is the next to be given: what is added now is this file.
        QFile another(path("another"));
        QVERIFY(another.open(QIODevice::WriteOnly));
        disk.answer();
        waitForErrands(diskOf(m_directory->path()));
        QVERIFY(!isWatchedNow(lock.path()));
        QVERIFY(!isWatchedNow(path("another")));
        ::close(keepsItsNumber);
    }
    QVERIFY(lock.tryAcquire());
    QVERIFY(isWatched(lock.path()));
}

void tst_HungWatches::areAddedOnceMoreAfterARemovalMeanwhile()
{
    FileLock first(path("lock"), {.mode = LockMode::Shared});
    FileLock second(path("lock"), {.mode = LockMode::Shared});
    QVERIFY(first.tryAcquire());
    QVERIFY(isWatched(first.path()));
    QSemaphore go;
    std::atomic<bool> isAdded{false};
    FaultyDisk faults;
    faults.after(Call::InotifyAddWatch, 1, [&] {
        isAdded = true;
        go.acquire();
    });
    QVERIFY(second.tryAcquire());
    QVERIFY(comesTrue([&] { return isAdded.load(); }));
    QVERIFY(first.release()); // the one watch of both
    QVERIFY(!isWatchedNow(second.path()));
    go.release();
    waitForErrands(diskOf(m_directory->path()));
    QVERIFY(isWatchedNow(second.path()));
    QCOMPARE(faults.count(Call::InotifyAddWatch), 2);
}

void tst_HungWatches::areTriedAgainWhenThereAreNone()
{
    FileLock lock(path("lock"));
    HungDisk disk(Call::InotifyAddWatch);
    disk.faults().fail(Call::InotifyAddWatch, ENOSPC);
    QVERIFY(lock.tryAcquire());
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    const QTemporaryDir fast(QStringLiteral("/dev/shm/holdfast-XXXXXX"));
    FileLock other(fast.filePath(QStringLiteral("other")));
    QVERIFY(other.tryAcquire());
    QVERIFY(isWatched(other.path())); // so the background thread has nothing more to do, as far as it knows
    disk.answer();
    QVERIFY(isWatched(lock.path()));
    QCOMPARE(disk.faults().count(Call::InotifyAddWatch), 3);
}

QTEST_GUILESS_MAIN(tst_HungWatches)
#include "tst_hungwatches.moc"
