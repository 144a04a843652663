// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/filesystems.h"
#include "children.h"
#include "disks.h"
#include "engine/steward.h"
#include "manualclock.h"
#include "markers.h"
#include "watches.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>

#include <QtTest/qtest.h>

#include <ctime>
#include <sys/inotify.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** What keeps a lease alive, and what is told when nothing does. */
class tst_Renewal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void renewsInTime();
    void renewsWhileTheEventLoopIsBlocked();
    void survivesFailuresThatPass();
    void isLostWhenNothingSucceeds();
    void isLostWhileTheMachineSleeps();
    void isNotLostByALongHeartbeat_data();
    void isNotLostByALongHeartbeat();
    void isLostInTimeWhileTheDiskHangs();
    void leavesASuccessorAloneAfterTheDiskHung();
    void gainsAndLosesLevelsWhileTheDiskHangs();
    void isReleasedAfterTheDiskHung();
    void isDestroyedWhileTheDiskHangs();
    void isWatchedThoughARenewalCameInBetween();
    void keepsAThousandAlive();
    void keepsManyAliveWithoutWatches();
    void doesNotOutliveARelease();
    void isLostWhenItIsTaken_data();
    void isLostWhenItIsTaken();
    void isExpiredForItselfBeforeForOthers();
    void asksAServerWhetherALockIsInForce();
    void losesNoLockToAServerThatIsSilent_data();
    void losesNoLockToAServerThatIsSilent();
    void asksNobodyAboutALockOfThisMachine();

private:
    static void turn() { Steward::instance().runDue(); }
    QString at(const QString &name) const { return m_directory->filePath(name); }
    timespec timeOf(const QString &path) const
    {
        struct stat facts = {};
        ::stat(QFile::encodeName(path).constData(), &facts);
        return facts.st_mtim;
    }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
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

bool operator<(const timespec &a, const timespec &b)
{
    return std::pair(a.tv_sec, a.tv_nsec) < std::pair(b.tv_sec, b.tv_nsec);
}

double secondsOfProcessor()
{
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

qsizetype threads()
{
    return QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
}

} // namespace

void tst_Renewal::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = at(QStringLiteral("some.lease"));
}

// The errands' thread must not meet the next test's system calls half-way.
void tst_Renewal::cleanup()
{
    QVERIFY(comesTrue([this] { return timesOpen(m_directory->path()) == 0; }));
}

void tst_Renewal::renewsInTime()
{
    const ManualTime time;
    SoftFileLease lease(m_path, {.duration = 30s});
    const Losses losses(lease);
    QVERIFY(lease.tryAcquire());
    for (int i = 0; i < 5; ++i) {
        age(m_path, 25);
        const timespec before = timeOf(m_path);
        time->pass(10s);
        QVERIFY(comesTrue([&] { return turn(), before < timeOf(m_path); }));
        waitForErrands();
    }
    settle();
    QVERIFY(losses.reasons.isEmpty());
    QVERIFY(lease.isHeld());
}

void tst_Renewal::renewsWhileTheEventLoopIsBlocked()
{
    SoftFileLease lease(m_path, {.duration = 3s, .heartbeat = 50ms});
    const Losses losses(lease);
    QVERIFY(lease.tryAcquire());
    for (int i = 0; i < 5; ++i) {
        const timespec before = timeOf(m_path);
        QVERIFY(comesTrueElsewhere([&] { return before < timeOf(m_path); }));
    }
    settle();
    QVERIFY(losses.reasons.isEmpty());
}

void tst_Renewal::survivesFailuresThatPass()
{
    for (const Call call : {Call::Futimens, Call::Fstatat}) {
        FaultyDisk faults;
        SoftFileLease lease(m_path, {.duration = 20s, .heartbeat = 40ms});
        const Losses losses(lease);
        QVERIFY(lease.tryAcquire());
        faults.fail(call, ESTALE, 1, 3);
        const timespec before = timeOf(m_path);
        QVERIFY(comesTrue([&] { return faults.count(Call::Futimens) > 5 && before < timeOf(m_path); }));
        QVERIFY(losses.reasons.isEmpty());
        QCOMPARE(lease.error(), LockError::None);
        QVERIFY(lease.release());
    }
}

void tst_Renewal::isLostWhenNothingSucceeds()
{
    FaultyDisk faults;
    faults.fail(Call::Futimens, EIO, 1, ForEver);
    SoftFileLease lease(m_path, {.duration = 900ms});
    const Losses losses(lease);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(lease.tryAcquire());
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); }));
    QVERIFY2(timer.elapsed() >= 599, "the duration less one heartbeat");
    QCOMPARE(losses.reasons, QList{LossReason::RefreshFailed});
    QVERIFY(faults.count(Call::Futimens) >= 2);
    QVERIFY2(lease.errorString().contains(QString::fromLocal8Bit(std::strerror(EIO))), qPrintable(lease.errorString()));
    QVERIFY(!QFile::exists(m_path));
    QVERIFY(lease.token().isEmpty());
    QVERIFY(!lease.release());
}

void tst_Renewal::isLostWhileTheMachineSleeps()
{
    const ManualTime time;
    SoftFileLease lease(m_path, {.duration = 30s});
    const Losses losses(lease);
    QVERIFY(lease.tryAcquire());
    time->sleep(19s);
    turn();
    settle();
    QVERIFY(losses.reasons.isEmpty());
    time->sleep(24h);
    QVERIFY(comesTrue([&] { return turn(), !losses.reasons.isEmpty(); }));
    QCOMPARE(losses.reasons, QList{LossReason::RefreshFailed});
    QVERIFY(!lease.isHeld());
}

void tst_Renewal::isNotLostByALongHeartbeat_data()
{
    QTest::addColumn<int>("heartbeat");
    QTest::newRow("half the duration") << 500;
    QTest::newRow("two thirds") << 666;
    QTest::newRow("nine tenths") << 900;
}

// With a third of the duration as a margin, a lease that is renewed less often than that would be given up before its
// first renewal.
void tst_Renewal::isNotLostByALongHeartbeat()
{
    QFETCH(int, heartbeat);
    const ManualTime time;
    SoftFileLease lease(m_path, {.duration = 1s, .heartbeat = std::chrono::milliseconds(heartbeat)});
    const Losses losses(lease);
    QVERIFY(lease.tryAcquire());
    for (int i = 0; i < 3; ++i) {
        const timespec before = timeOf(m_path);
        time->pass(std::chrono::milliseconds(heartbeat));
        QVERIFY(comesTrue([&] { return turn(), !losses.reasons.isEmpty() || before < timeOf(m_path); }));
        waitForErrands();
        settle();
        QVERIFY(losses.reasons.isEmpty());
    }
    time->pass(999ms);
    QVERIFY(comesTrue([&] { return turn(), !losses.reasons.isEmpty(); })); // before others may take it
}

void tst_Renewal::isLostInTimeWhileTheDiskHangs()
{
    HungDisk disk(Call::Futimens);
    SoftFileLease lease(m_path, {.duration = 900ms});
    const Losses losses(lease);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(lease.tryAcquire());
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); }));
    QVERIFY(disk.isHanging);
    QVERIFY2(timer.elapsed() >= 599 && timer.elapsed() < 5000, "on time, though nobody could say why");
    QCOMPARE(losses.reasons, QList{LossReason::RefreshFailed});
    QVERIFY(!lease.isHeld());
    QVERIFY(QFile::exists(m_path)); // nobody could remove it yet
    QVERIFY(!lease.tryAcquire());   // and does not hang either
    QCOMPARE(lease.error(), LockError::None);
    disk.answer();
    QVERIFY(comesTrue([this] { return !QFile::exists(m_path); }));
    QVERIFY(comesTrue([&] { return lease.tryAcquire(); }));
    QCOMPARE(losses.reasons.size(), 1);
}

//   P.1 renews: the disk hangs        P.2 is told that it has lost
//   Q.1 takes the lease over
//   P.3 the disk answers: what is there is Q's
void tst_Renewal::leavesASuccessorAloneAfterTheDiskHung()
{
    HungDisk disk(Call::Futimens); // P.1
    SoftFileLease p(m_path, {.duration = 600ms});
    const Losses losses(p);
    QVERIFY(p.tryAcquire());
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); })); // P.2
    age(m_path, 10);
    SoftFileLease q(m_path, {.duration = 600ms, .heartbeat = 500ms});
    QVERIFY(q.tryAcquireFor(20s)); // Q.1
    const ino_t inode = inodeOf(m_path);
    disk.answer();                                                 // P.3
    QVERIFY(comesTrue([this] { return timesOpen(m_path) == 1; })); // P's has been closed
    QVERIFY(q.isHeld());
    QCOMPARE(inodeOf(m_path), inode);
    QVERIFY(q.release());
}

void tst_Renewal::gainsAndLosesLevelsWhileTheDiskHangs()
{
    HungDisk disk(Call::Futimens);
    SoftFileLease lease(m_path, {.duration = 60s, .heartbeat = 30ms});
    QVERIFY(lease.tryAcquire());
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    QVERIFY(lease.tryAcquire());
    QCOMPARE(lease.depth(), 2);
    QVERIFY(lease.release());
    QCOMPARE(lease.depth(), 1);
    QCOMPARE(lease.token().size(), 32);
    disk.answer();
    QVERIFY(lease.release());
    QVERIFY(!QFile::exists(m_path));
}

void tst_Renewal::isReleasedAfterTheDiskHung()
{
    HungDisk disk(Call::Futimens);
    SoftFileLease lease(m_path, {.duration = 60s, .heartbeat = 30ms});
    QVERIFY(lease.tryAcquire());
    QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    std::thread later([&, us = gettid()] {
        static_cast<void>(comesTrueElsewhere([us] { return isAsleep(us); })); // in release()
        disk.answer();
    });
    QVERIFY(lease.release());
    later.join();
    QVERIFY(!QFile::exists(m_path));
    QCOMPARE(lease.lossReason(), LossReason::None);
}

void tst_Renewal::isDestroyedWhileTheDiskHangs()
{
    HungDisk disk(Call::Futimens);
    {
        SoftFileLease lease(m_path, {.duration = 60s, .heartbeat = 30ms});
        QVERIFY(lease.tryAcquire());
        QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
    }
    QVERIFY(QFile::exists(m_path));
    disk.answer();
    QVERIFY(comesTrue([this] { return !QFile::exists(m_path); }));
}

/** Until the background thread watches a hold that begins now, on another disk: for that it has to outlive a tick. */
bool hasTickedTwice()
{
    const QTemporaryDir elsewhere(QStringLiteral("/dev/shm/holdfast-XXXXXX"));
    FileLock lock(elsewhere.filePath(QStringLiteral("lock")));
    return lock.tryAcquire() && isWatched(lock.path());
}

// The steward wants to watch a hold that has outlived a tick just while the errands' thread has it.
void tst_Renewal::isWatchedThoughARenewalCameInBetween()
{
    {
        HungDisk disk(Call::Futimens);
        SoftFileLease lease(m_path, {.duration = 60s, .heartbeat = 10ms});
        const Losses losses(lease);
        QVERIFY(lease.tryAcquire());
        QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
        QVERIFY(hasTickedTwice());
        QVERIFY(!isWatchedNow(m_path));
        disk.answer();
        QVERIFY(isWatched(m_path));
        QVERIFY(QFile::remove(m_path));
        QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); }));
    }
    // And nothing stays behind of a hold that has gone: the steward rests.
    {
        HungDisk disk(Call::Futimens);
        SoftFileLease lease(m_path, {.duration = 60s, .heartbeat = 10ms});
        QVERIFY(lease.tryAcquire());
        QVERIFY(comesTrue([&] { return disk.isHanging.load(); }));
        QVERIFY(hasTickedTwice());
    }
    SoftFileLock next(m_path);
    QVERIFY(comesTrue([&] { return next.tryAcquire(); }));
    QVERIFY(isWatched(m_path)); // whatever address it has got
}

void tst_Renewal::keepsAThousandAlive()
{
    constexpr int Many = 1000;
    {
        SoftFileLease first(at(QStringLiteral("first")), {.duration = 20s, .heartbeat = 200ms});
        QVERIFY(first.tryAcquire());
        QVERIFY(isWatched(first.path()));
    }
    const qsizetype threadsBefore = threads();
    std::vector<std::unique_ptr<SoftFileLease>> leases;
    int lost = 0;
    for (int i = 0; i < Many; ++i) {
        const SoftFileLeaseOptions options{.duration = 20s, .heartbeat = 200ms};
        leases.push_back(std::make_unique<SoftFileLease>(at(QString::number(i)), options));
        connect(leases.back().get(), &AbstractLock::lost, this, [&lost] { ++lost; });
        QVERIFY(leases.back()->tryAcquire());
    }
    QVERIFY(isWatched(leases.back()->path()));
    const double before = secondsOfProcessor();
    QElapsedTimer timer;
    timer.start();
    int renewed = 0;
    for (int round = 0; round < 3; ++round) {
        timespec marked{};
        ::clock_gettime(CLOCK_REALTIME_COARSE, &marked);
        const auto isRenewed = [&](const auto &lease) { return marked < timeOf(lease->path()); };
        QVERIFY(comesTrue([&] { return std::all_of(leases.begin(), leases.end(), isRenewed); }));
        ++renewed;
    }
    qInfo("%d leases renewed %d times each in %lld ms, %.0f %% of a processor", Many, renewed, timer.elapsed(),
          (secondsOfProcessor() - before) * 1e5 / double(timer.elapsed()));
    QCOMPARE(threads(), threadsBefore);
    QCOMPARE(lost, 0);
    leases.clear();
    QVERIFY(comesTrue([this] { return timesOpen(m_directory->path()) == 0; }));
}

// Where no watches are left, each hold is looked at once a second; not whenever the steward is up for something else.
void tst_Renewal::keepsManyAliveWithoutWatches()
{
    if (geteuid() != 0)
        QSKIP("SKIPPED: needs a user of its own, whose watches may run out, so needs root");
    QVERIFY(QFile::setPermissions(m_directory->path(), QFileDevice::Permissions(0x7777)));
    Child child([this] {
        constexpr uid_t somebody = 54321;
        constexpr int many = 100;
        EXPECT_IN_CHILD(::setresuid(somebody, somebody, somebody) == 0);
        while (::inotify_init1(IN_CLOEXEC) >= 0) {
        }
        EXPECT_IN_CHILD(errno == EMFILE);
        Faults faults;
        std::vector<std::unique_ptr<SoftFileLease>> leases;
        for (int i = 0; i < many; ++i) {
            const SoftFileLeaseOptions options{.duration = 20s, .heartbeat = 50ms};
            leases.push_back(std::make_unique<SoftFileLease>(at(QString::number(i)), options));
            EXPECT_IN_CHILD(leases.back()->tryAcquire());
        }
        EXPECT_IN_CHILD(comesTrueElsewhere([&] { return faults.count(Call::Futimens) > 3 * many; }));
        const int looksBefore = faults.count(Call::Fstatat);
        const int renewalsBefore = faults.count(Call::Futimens);
        QElapsedTimer timer;
        timer.start();
        EXPECT_IN_CHILD(comesTrueElsewhere([&] { return faults.count(Call::Futimens) > renewalsBefore + 20 * many; }));
        const int renewals = faults.count(Call::Futimens) - renewalsBefore;
        const int looks = faults.count(Call::Fstatat) - looksBefore;
        qInfo("%d renewals, %d looks in %lld ms", renewals, looks, timer.elapsed());
        EXPECT_IN_CHILD(looks <= renewals + many * (2 + timer.elapsed() / 1000));
        return true;
    });
    QVERIFY(child.succeeds());
}

void tst_Renewal::doesNotOutliveARelease()
{
    const ManualTime time;
    FaultyDisk faults;
    SoftFileLease lease(m_path);
    QVERIFY(lease.tryAcquire());
    QVERIFY(lease.release());
    const int before = faults.count(Call::Futimens);
    write(m_path, foreignMarker());
    time->pass(1h);
    turn();
    settle();
    QCOMPARE(faults.count(Call::Futimens), before);
    QCOMPARE(read(m_path), foreignMarker());
}

void tst_Renewal::isLostWhenItIsTaken_data()
{
    QTest::addColumn<bool>("isReplaced");
    QTest::newRow("removed") << false;
    QTest::newRow("replaced") << true;
}

// By the renewal, where no event tells of it.
void tst_Renewal::isLostWhenItIsTaken()
{
    QFETCH(bool, isReplaced);
    SoftFileLease lease(m_path, {.duration = 20s, .heartbeat = 30ms});
    const Losses losses(lease);
    QVERIFY(lease.tryAcquire());
    const QString token = lease.token();
    if (isReplaced) {
        write(at(QStringLiteral("new")), foreignMarker());
        QCOMPARE(std::rename(QFile::encodeName(at(QStringLiteral("new"))).constData(),
                             QFile::encodeName(m_path).constData()),
                 0);
    } else {
        QVERIFY(QFile::remove(m_path));
    }
    QVERIFY(comesTrue([&] { return !losses.reasons.isEmpty(); }));
    QCOMPARE(losses.reasons, QList{isReplaced ? LossReason::OwnerChanged : LossReason::MarkerMissing});
    QCOMPARE(lease.lossReason(), losses.reasons.first());
    settle();
    QCOMPARE(losses.reasons.size(), 1);
    QCOMPARE(QFile::exists(m_path), isReplaced);
    if (isReplaced)
        return;
    QVERIFY(lease.tryAcquire());
    QVERIFY(lease.token() != token);
    QCOMPARE(lease.lossReason(), LossReason::None);
}

// The lifetime of a marker begins when it is made, for its owner, too, and not when he takes notice of it.
void tst_Renewal::isExpiredForItselfBeforeForOthers()
{
    const ManualTime time;
    SoftFileLock lock(m_path, {.lifetime = 10s});
    const Losses losses(lock);
    {
        FaultyDisk faults;
        faults.after(Call::Write, 1, [&] { time->pass(9s); }); // the attempt takes its time
        QVERIFY(lock.tryAcquire());
    }
    time->pass(1s);
    QVERIFY(comesTrue([&] { return turn(), !losses.reasons.isEmpty(); }));
    QCOMPARE(losses.reasons, QList{LossReason::Expired});
    QVERIFY(!QFile::exists(m_path));
}

// NFS 4: after a while without this machine the server has given the lock to others, and from then on the client refuses to read
// through that file, but not through another.
void tst_Renewal::asksAServerWhetherALockIsInForce()
{
    const FakedFilesystem faked(Nfs);
    const ManualTime time;
    for (const auto fallback : {SoftFallback::Refused, SoftFallback::Allowed}) {
        FileLock lock(m_path, {.softFallback = fallback});
        const Losses losses(lock);
        QVERIFY(lock.tryAcquire());
        Faults faults;
        time->pass(5s);
        QVERIFY(comesTrue([&] { return turn(), faults.count(Call::Pread) == 1; }));
        QVERIFY(lock.verifyHeld());
        QCOMPARE(faults.count(Call::Pread), 2);
        faults.fail(Call::Pread, EIO, 1);
        faults.fail(Call::Pread, EIO, 3);
        time->pass(5s);
        QVERIFY(comesTrue([&] { return turn(), !losses.reasons.isEmpty(); }));
        QCOMPARE(losses.reasons, QList{LossReason::Dropped});
        QVERIFY(!lock.isHeld());
    }
    FileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    Faults faults;
    faults.fail(Call::Pread, EIO, 1);
    faults.fail(Call::Pread, EIO, 3);
    QVERIFY(!lock.verifyHeld());
}

void tst_Renewal::losesNoLockToAServerThatIsSilent_data()
{
    QTest::addColumn<QList<int>>("failing"); // so many questions of these
    QTest::addColumn<int>("code");
    QTest::newRow("no answer in time") << QList{1} << ETIMEDOUT;
    QTest::newRow("no answer in time, on a soft mount") << QList{1, 2} << EIO;
    QTest::newRow("and then there is one") << QList{1} << EIO;
}

void tst_Renewal::losesNoLockToAServerThatIsSilent()
{
    QFETCH(QList<int>, failing);
    QFETCH(int, code);
    const FakedFilesystem faked(Nfs);
    const ManualTime time;
    FileLock lock(m_path);
    const Losses losses(lock);
    QVERIFY(lock.tryAcquire());
    Faults faults;
    for (const int number : failing)
        faults.fail(Call::Pread, code, number);
    time->pass(5s);
    QVERIFY(comesTrue([&] { return turn(), faults.count(Call::Pread) >= failing.size(); }));
    waitForErrands();
    settle();
    QVERIFY(lock.isHeld() && losses.reasons.isEmpty());
    QVERIFY(lock.verifyHeld());
}

void tst_Renewal::asksNobodyAboutALockOfThisMachine()
{
    const ManualTime time;
    FileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    Faults faults;
    time->pass(1h);
    turn();
    waitForErrands();
    QVERIFY(lock.verifyHeld());
    QCOMPARE(faults.count(Call::Pread), 0);
}

QTEST_GUILESS_MAIN(tst_Renewal)
#include "tst_renewal.moc"
