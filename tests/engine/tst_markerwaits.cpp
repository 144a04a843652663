// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "children.h"
#include "markers.h"
#include "patience.h"

#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>

#include <QtCore/qdatetime.h>
#include <QtCore/qfileinfo.h>
#include <QtTest/qtest.h>

#include <ctime>
#include <grp.h>
#include <sched.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** Waiting for a marker: what it costs, and what happens to the world meanwhile. */
class tst_MarkerWaits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void anIdleWaiterLooksAsOftenAsItPolls_data();
    void anIdleWaiterLooksAsOftenAsItPolls();
    void aHeartbeatCostsAWaiterLittle();
    void fiftyWaitersShareOneLock();
    void findsAMarkerThatGrewOldBetweenSlowPolls();
    void aHostMayGetAnotherName();
    void aNameMayBeNoText();
    void doesNotTouchWhatItMayNotRead();
    void doesNotBreakWhatItMayNotRemove();

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

namespace {

double secondsOfProcessor()
{
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

bool becomeNobody()
{
    constexpr uid_t nobody = 65534;
    return ::setgroups(0, nullptr) == 0 && ::setresgid(nobody, nobody, nobody) == 0
           && ::setresuid(nobody, nobody, nobody) == 0;
}

std::unique_ptr<AbstractLock> make(bool isLease, const QString &path)
{
    if (isLease)
        return std::make_unique<SoftFileLease>(path);
    return std::make_unique<SoftFileLock>(path);
}

} // namespace

void tst_MarkerWaits::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("some.lock"));
}

void tst_MarkerWaits::anIdleWaiterLooksAsOftenAsItPolls_data()
{
    QTest::addColumn<bool>("isLease");
    QTest::addColumn<QByteArray>("marker");
    QTest::newRow("soft") << false << liveMarker();
    QTest::newRow("soft, another host's") << false << foreignMarker();
    QTest::newRow("soft, no marker") << false << QByteArray("torn, and of the future");
    QTest::newRow("lease") << true << leaseMarker(1, currentOwner().host);
    QTest::newRow("lease, another host's") << true << leaseMarker(1, "another.machine");
}

// If its own looks woke it, it would look all the time.
void tst_MarkerWaits::anIdleWaiterLooksAsOftenAsItPolls()
{
    QFETCH(bool, isLease);
    QFETCH(QByteArray, marker);
    write(m_path, marker);
    if (marker.startsWith("torn"))
        age(m_path, -3600);
    const auto lock = make(isLease, m_path);
    Faults faults;
    lock->acquire();
    QTest::qWait(100); // the burst at the beginning is over; what follows is a rate
    const int before = faults.count(Call::Openat);
    const double processor = secondsOfProcessor();
    QElapsedTimer timer;
    timer.start();
    QTest::qWait(1000); // the second in which they are counted
    const int looks = faults.count(Call::Openat) - before;
    qInfo("%d openings in %lld ms, %.1f ms of the processor", looks, timer.elapsed(),
          (secondsOfProcessor() - processor) * 1e3);
    QVERIFY2(looks <= timer.elapsed() / 50 + 15, qPrintable(QString::number(looks)));
    lock->cancel();
    settle();
}

// Each is an event of the file that is waited for.
void tst_MarkerWaits::aHeartbeatCostsAWaiterLittle()
{
    SoftFileLease holder(m_path, {.duration = 30s, .heartbeat = 100ms});
    QVERIFY(holder.tryAcquire());
    SoftFileLease waiter(m_path, {.duration = 30s});
    Faults faults;
    waiter.acquire();
    QTest::qWait(1000); // the second in which they are counted
    const int looks = faults.count(Call::Openat);
    qInfo("%d openings, %d renewals", looks, faults.count(Call::Futimens));
    QVERIFY2(looks <= 200, qPrintable(QString::number(looks)));
    waiter.cancel();
    settle();
    QVERIFY(holder.release());
    QTest::qWait(20); // the background threads have done with the calls
}

void tst_MarkerWaits::fiftyWaitersShareOneLock()
{
    constexpr int Many = 50;
    SoftFileLock holder(m_path);
    QVERIFY(holder.tryAcquire());
    int held = 0;
    int done = 0;
    std::vector<std::unique_ptr<SoftFileLock>> waiters;
    for (int i = 0; i < Many; ++i) {
        waiters.push_back(std::make_unique<SoftFileLock>(m_path));
        SoftFileLock *waiter = waiters.back().get();
        connect(waiter, &AbstractLock::acquired, this, [&held, &done, waiter] {
            QCOMPARE(++held, 1);
            QCOMPARE(--held, 0);
            ++done;
            QVERIFY(waiter->release());
        });
        waiter->acquire();
    }
    QTest::qWait(200); // all have begun to wait
    double processor = secondsOfProcessor();
    QTest::qWait(1000); // the second that is measured
    qInfo("%d idle waiters: %.0f ms of the processor in a second", Many, (secondsOfProcessor() - processor) * 1e3);
    QVERIFY(secondsOfProcessor() - processor < 0.5);
    processor = secondsOfProcessor();
    QElapsedTimer timer;
    timer.start();
    QVERIFY(holder.release());
    QVERIFY(comesTrue([&] { return done == Many; }));
    qInfo("handed on %d times in %lld ms, %.0f ms of the processor", Many, timer.elapsed(),
          (secondsOfProcessor() - processor) * 1e3);
    QVERIFY(!QFile::exists(m_path));
}

// Nothing tells of it: neither an event nor a brief look.
void tst_MarkerWaits::findsAMarkerThatGrewOldBetweenSlowPolls()
{
    write(m_path, leaseMarker(1, "another.machine"));
    SoftFileLease lease(m_path, {.pollInterval = 1100ms});
    int acquired = 0;
    connect(&lease, &AbstractLock::acquired, this, [&] { ++acquired; });
    lease.acquire();
    QTest::qWait(300); // it waits and has looked; the poll that it may not need comes after 1.1 s
    age(m_path, 29);   // an event, but too early
    QElapsedTimer timer;
    timer.start();
    QVERIFY(comesTrue([&] { return acquired == 1; }));
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
}

void tst_MarkerWaits::aHostMayGetAnotherName()
{
    if (geteuid() != 0)
        QSKIP("SKIPPED: a host name of its own needs root");
    Child child([this] {
        EXPECT_IN_CHILD(::unshare(CLONE_NEWUTS) == 0);
        SoftFileLock lock(m_path);
        SoftFileLease lease(m_path + QStringLiteral(".lease"), {.duration = 30s, .heartbeat = 20ms});
        EXPECT_IN_CHILD(lock.tryAcquire() && lease.tryAcquire());
        const QByteArray marker = read(m_path);
        EXPECT_IN_CHILD(::sethostname("renamed", 7) == 0);
        EXPECT_IN_CHILD(!lock.isHeldByThisProcess()); // as the marker says
        EXPECT_IN_CHILD(lock.isHeld() && read(m_path) == marker);
        SoftFileLock other(m_path);
        EXPECT_IN_CHILD(!other.tryAcquire() && other.error() == LockError::None);
        EXPECT_IN_CHILD(other.holder().liveness == Liveness::Unknown);
        for (int i = 0; i < 3; ++i) { // it goes on being renewed
            const QDateTime before = QFileInfo(lease.path()).lastModified();
            EXPECT_IN_CHILD(comesTrueElsewhere([&] { return QFileInfo(lease.path()).lastModified() > before; }));
        }
        EXPECT_IN_CHILD(lease.isHeld());
        EXPECT_IN_CHILD(lock.release() && lease.release());
        EXPECT_IN_CHILD(!QFile::exists(m_path) && !QFile::exists(lease.path()));
        EXPECT_IN_CHILD(lock.tryAcquire() && read(m_path).contains("\nrenamed\n"));
        return lock.release();
    });
    QVERIFY(child.succeeds());
}

void tst_MarkerWaits::aNameMayBeNoText()
{
    if (geteuid() != 0)
        QSKIP("SKIPPED: a host name of its own needs root");
    Child child([this] {
        EXPECT_IN_CHILD(::unshare(CLONE_NEWUTS) == 0);
        for (const std::string name : {"two\nlines", "\xff\xfe", "line\rend", "filelock-strict-v1"}) {
            EXPECT_IN_CHILD(::sethostname(name.data(), name.size()) == 0);
            for (const bool isLease : {false, true}) {
                const auto lock = make(isLease, m_path);
                EXPECT_IN_CHILD(lock->tryAcquire() && lock->holder().liveness == Liveness::Alive);
                EXPECT_IN_CHILD(lock->holder().hostName == QString::fromUtf8(name.data(), qsizetype(name.size())));
            }
        }
        const QByteArray sentinel("1\nfilelock-strict-v1\0\n0\n", 24);
        writeOld(m_path, sentinel);
        for (const bool isLease : {false, true}) {
            const auto lock = make(isLease, m_path);
            EXPECT_IN_CHILD(!lock->tryAcquire() && lock->error() == LockError::OtherFamily);
        }
        return read(m_path) == sentinel;
    });
    QVERIFY(child.succeeds());
}

void tst_MarkerWaits::doesNotTouchWhatItMayNotRead()
{
    if (geteuid() != 0)
        QSKIP("SKIPPED: needs two users, so needs root");
    QCOMPARE(::chmod(QFile::encodeName(m_directory->path()).constData(), 0777), 0);
    for (const QByteArray &marker : {liveMarker(), deadMarker(), QByteArray("torn")}) {
        writeOld(m_path, marker);
        QCOMPARE(::chmod(QFile::encodeName(m_path).constData(), 0600), 0);
        Child child([this] {
            EXPECT_IN_CHILD(becomeNobody());
            for (const bool isLease : {false, true}) {
                const auto lock = make(isLease, m_path);
                EXPECT_IN_CHILD(!lock->tryAcquireFor(100ms) && lock->error() == LockError::None);
                EXPECT_IN_CHILD(!lock->holder().isValid());
            }
            return true;
        });
        QVERIFY(child.succeeds());
        QCOMPARE(read(m_path), marker);
    }
}

// As in /tmp. Being told so would help nobody: its owner, or root, reclaims it.
void tst_MarkerWaits::doesNotBreakWhatItMayNotRemove()
{
    if (geteuid() != 0)
        QSKIP("SKIPPED: needs two users, so needs root");
    QCOMPARE(::chmod(QFile::encodeName(m_directory->path()).constData(), 01777), 0);
    writeOld(m_path, deadMarker());
    Child child([this] {
        EXPECT_IN_CHILD(becomeNobody());
        SoftFileLock lock(m_path);
        EXPECT_IN_CHILD(!lock.tryAcquireFor(100ms) && lock.error() == LockError::None);
        EXPECT_IN_CHILD(lock.holder().liveness == Liveness::Dead);
        EXPECT_IN_CHILD(!lock.breakLock() && lock.error() == LockError::PermissionDenied);
        return true;
    });
    QVERIFY(child.succeeds());
    QVERIFY(SoftFileLock(m_path).tryAcquire());
}

QTEST_GUILESS_MAIN(tst_MarkerWaits)
#include "tst_markerwaits.moc"
