// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A disk that does not answer: its holds are told in time that they are lost, and no other disk's holds notice.
#include "children.h"
#include "disks.h"
#include "markers.h"
#include "patience.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelease.h>

#include <QtTest/qtest.h>

#include <ctime>
#include <vector>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

class tst_HungDisks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void costNoOtherDiskALease();
    void tellAllWhoLoseALease();
    void tellWhoseLifetimeEnds();
    void holdUpNobodyByARelease();
    void mayLetAHoldEndDuringItsRelease();
    void holdUpNoReleaseForLongerThanTheLease();
    void holdUpNoReleaseOfAThreadWithAPool();
    void holdUpNoChildOfAFork();
    void loseNoAppointmentsByAReleaseThatFails();

private:
    QString slow(const char *name) const { return m_slow->filePath(QLatin1String(name)); }
    QString fast(const char *name) const { return m_fast->filePath(QLatin1String(name)); }

    /** Until the background thread has done what is due within @p time from now; the last of it is what we have it do. */
    bool hasKeptWhatIsDueIn(std::chrono::milliseconds time) const
    {
        FileLock lock(fast("last"), {.lifetime = time});
        return lock.tryAcquire() && comesTrueElsewhere([&] { return !lock.isHeld(); });
    }
    std::unique_ptr<QTemporaryDir> m_slow;
    std::unique_ptr<QTemporaryDir> m_fast; // on another filesystem
};

namespace {

struct Losses
{
    explicit Losses(AbstractLock &lock)
    {
        QObject::connect(&lock, &AbstractLock::lost, &lock, [this](LossReason reason) { reasons += reason; });
    }
    QList<LossReason> reasons;
};

timespec timeOf(const QString &path)
{
    struct stat facts = {};
    ::stat(QFile::encodeName(path).constData(), &facts);
    return facts.st_mtim;
}

/** Waits for @p count renewals of the lease on @p path. */
bool isRenewed(const QString &path, int count)
{
    for (int i = 0; i < count; ++i) {
        const timespec before = timeOf(path);
        const auto isNewer = [&] {
            const timespec now = timeOf(path);
            return std::pair(before.tv_sec, before.tv_nsec) < std::pair(now.tv_sec, now.tv_nsec);
        };
        if (!comesTrue(isNewer))
            return false;
    }
    return true;
}

} // namespace

void tst_HungDisks::init()
{
    m_slow = std::make_unique<QTemporaryDir>();
    m_fast = std::make_unique<QTemporaryDir>(QStringLiteral("/dev/shm/holdfast-XXXXXX"));
    QVERIFY2(m_fast->isValid(), qPrintable(m_fast->errorString()));
    QVERIFY(diskOf(m_slow->path()) != diskOf(m_fast->path()));
}

void tst_HungDisks::cleanup()
{
    waitForErrands(diskOf(m_fast->path()));
}

void tst_HungDisks::costNoOtherDiskALease()
{
    HungDisk disk(Call::Futimens);
    SoftFileLease on(slow("lease"), {.duration = 900ms});
    const Losses losses(on);
    QVERIFY(on.tryAcquire());
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    SoftFileLease other(fast("lease"), {.duration = 900ms, .heartbeat = 50ms});
    const Losses none(other);
    QVERIFY(other.tryAcquire());
    QVERIFY(isRenewed(fast("lease"), 5));
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); })); // and that changes nothing
    QVERIFY(isRenewed(fast("lease"), 5));
    QVERIFY(none.reasons.isEmpty());
    QVERIFY(other.release());
}

void tst_HungDisks::tellAllWhoLoseALease()
{
    HungDisk disk(Call::Futimens);
    constexpr int many = 5;
    std::vector<std::unique_ptr<SoftFileLease>> leases;
    int lost = 0;
    for (int i = 0; i < many; ++i) {
        leases.push_back(std::make_unique<SoftFileLease>(slow("lease") + QString::number(i),
                                                         SoftFileLeaseOptions{.duration = 900ms}));
        connect(leases.back().get(), &AbstractLock::lost, this, [&lost] { ++lost; });
        QVERIFY(leases.back()->tryAcquire());
    }
    QVERIFY(comesTrue([&] { return lost == many; }));
    QVERIFY(disk.isHanging);
    for (const auto &lease : leases) {
        QVERIFY(!lease->isHeld());
        QCOMPARE(lease->lossReason(), LossReason::RefreshFailed);
        QVERIFY2(lease->errorString().contains(lease->path()), qPrintable(lease->errorString()));
        QVERIFY(QFile::exists(lease->path())); // nobody could remove it yet
    }
    disk.answer();
    for (const auto &lease : leases)
        QVERIFY(comesTrue([&] { return !QFile::exists(lease->path()); }));
    QVERIFY(comesTrue([&] { return leases.front()->tryAcquire(); }));
}

void tst_HungDisks::tellWhoseLifetimeEnds()
{
    HungDisk disk(Call::Futimens);
    SoftFileLease lease(slow("lease"), {.duration = 60s, .heartbeat = 30ms});
    QVERIFY(lease.tryAcquire());
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    FileLock lock(slow("lock"), {.lifetime = 200ms});
    const Losses losses(lock);
    QVERIFY(lock.tryAcquire());
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); }));
    QCOMPARE(losses.reasons, QList{LossReason::Expired});
    QVERIFY(!lock.isHeld());
    QVERIFY(disk.isHanging && !isFree(slow("lock"))); // fail closed: this process still has it
    disk.answer();
    QVERIFY(comesTrue([&] { return isFree(slow("lock")); }));
    QVERIFY(lock.tryAcquire());
    QCOMPARE(losses.reasons.size(), 1);
}

// In another thread, as it blocks its own.
void tst_HungDisks::holdUpNobodyByARelease()
{
    SoftFileLease lease(slow("lease"), {.threadScope = ThreadScope::Shared, .duration = 60s, .heartbeat = 30ms});
    QVERIFY(lease.tryAcquire());
    SoftFileLease other(fast("lease"), {.duration = 900ms, .heartbeat = 50ms});
    const Losses none(other);
    QVERIFY(other.tryAcquire());
    HungDisk disk(Call::Unlinkat);
    std::jthread releasing([&] { static_cast<void>(lease.release()); });
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    QVERIFY(isRenewed(fast("lease"), 30)); // longer than its duration
    QVERIFY(none.reasons.isEmpty());
    disk.answer();
    releasing.join();
    QVERIFY(!QFile::exists(slow("lease")));
    QVERIFY(other.release());
}

void tst_HungDisks::mayLetAHoldEndDuringItsRelease()
{
    SoftFileLease lease(slow("lease"), {.threadScope = ThreadScope::Shared, .duration = 900ms});
    const Losses losses(lease);
    QVERIFY(lease.tryAcquire());
    HungDisk disk(Call::Unlinkat);
    std::atomic<bool> released{true};
    std::jthread releasing([&] { released = lease.release(); });
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); }));
    QCOMPARE(losses.reasons, QList{LossReason::RefreshFailed});
    QVERIFY(disk.isHanging);
    QVERIFY(!lease.isHeld());
    disk.answer();
    releasing.join();
    QVERIFY(!released); // it was lost before
    QVERIFY(!QFile::exists(slow("lease")));
    QVERIFY(lease.tryAcquire());
    QCOMPARE(losses.reasons.size(), 1);
}

// It waits for the renewal that is under way, but once the lease is lost there is nothing left to wait for.
void tst_HungDisks::holdUpNoReleaseForLongerThanTheLease()
{
    HungDisk disk(Call::Futimens);
    SoftFileLease lease(slow("lease"), {.duration = 900ms});
    const Losses losses(lease);
    QVERIFY(lease.tryAcquire());
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    QVERIFY(!lease.release());
    QVERIFY(disk.isHanging);
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); }));
    QVERIFY(!lease.verifyHeld());
}

// Its event loop goes on, and what it has released is let go by who renews it.
void tst_HungDisks::holdUpNoReleaseOfAThreadWithAPool()
{
    QThreadPool pool;
    HungDisk disk(Call::Futimens);
    SoftFileLease lease(slow("lease"), {.duration = 60s, .heartbeat = 30ms});
    QVERIFY(lease.setThreadPool(&pool));
    int released = 0;
    connect(&lease, &AbstractLock::released, this, [&released] { ++released; });
    const Losses losses(lease);
    QVERIFY(lease.tryAcquire());
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    QVERIFY(lease.release()); // under way
    QVERIFY(!lease.isHeld());
    lease.acquire(); // waits its turn
    QCOMPARE(lease.state(), LockState::Waiting);
    QVERIFY(disk.isHanging && QFile::exists(slow("lease")));
    QCOMPARE(released, 0);
    disk.answer();
    QVERIFY(comesTrue([&] { return lease.isHeld(); }));
    QCOMPARE(released, 1);
    QVERIFY(losses.reasons.isEmpty());
    QVERIFY(lease.release());
    QVERIFY(comesTrue([&] { return released == 2; }));
    QVERIFY(!QFile::exists(slow("lease")));
}

// Errands that wait in line may be the last to know a hold: nothing of that may end in the child.
void tst_HungDisks::holdUpNoChildOfAFork()
{
    HungDisk disk(Call::Futimens);
    SoftFileLease first(slow("first"), {.duration = 60s, .heartbeat = 30ms});
    auto second =
        std::make_unique<SoftFileLease>(slow("second"), SoftFileLeaseOptions{.duration = 60s, .heartbeat = 30ms});
    QVERIFY(first.tryAcquire() && second->tryAcquire());
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    QVERIFY(hasKeptWhatIsDueIn(30ms)); // the renewal of the other one is in line
    second.reset();
    Child child([] { return true; });
    QVERIFY(child.succeeds());
}

// What was due while the pool was at it has come to nothing, and is made up for.
void tst_HungDisks::loseNoAppointmentsByAReleaseThatFails()
{
    QThreadPool pool;
    SoftFileLease lease(slow("lease"), {.duration = 2s, .heartbeat = 50ms});
    const Losses losses(lease);
    QVERIFY(lease.setThreadPool(&pool));
    QVERIFY(lease.tryAcquire());
    {
        HungDisk disk(Call::Unlinkat);
        disk.faults().fail(Call::Unlinkat, EIO);
        QVERIFY(lease.release()); // under way
        QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
        QVERIFY(hasKeptWhatIsDueIn(150ms)); // several heartbeats have come to nothing
        disk.answer();
        QVERIFY(comesTrue([&] { return lease.isHeld(); }));
    }
    QVERIFY(isRenewed(slow("lease"), 5));
    QVERIFY(losses.reasons.isEmpty());
    QVERIFY(lease.release());
    QVERIFY(pool.waitForDone(Patience));
}

QTEST_GUILESS_MAIN(tst_HungDisks)
#include "tst_hungdisks.moc"
