// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What is special about SoftFileLease: the marker that must be kept alive.

#include "otherprocess.h"
#include "pythonmarker.h"

#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qloggingcategory.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qthread.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cstdio>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long

const QByteArray Sentinel("1\nfilelock-strict-v1\0\n0\n", 24);

} // namespace

class tst_SoftFileLease : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("holdfast.warning=false")); }
    void init();
    void knowsItsOptions();
    void tellsOfChanges();
    void refusesWhatMeansNothing();
    void refusesAHeartbeatThatIsTooLong();
    void refusesChangesWhileHeld();
    void writesWhatPythonWrites_data();
    void writesWhatPythonWrites();
    void hasANewTokenForEachHold();
    void tellsThatItsTokenChanges();
    void judgesOwners_data();
    void judgesOwners();
    void agreesOnNumbersAndNotOnTheirText_data();
    void agreesOnNumbersAndNotOnTheirText();
    void refusesAnotherDuration();
    void doesNotCareWhatADeadOwnerHadAgreedTo();
    void leavesOtherFamiliesAlone_data();
    void leavesOtherFamiliesAlone();
    void knowsTheHolder();
    void outlivesItsDuration();
    void isTakenOverWhenItsHolderIsStopped();
    void isTakenOverAtOnceWhenItsHolderIsKilled();
    void anotherHostsIsTakenOverAfterItsDuration();
    void isLostOnce_data();
    void isLostOnce();
    void survivesALoserOfTheSameObject();
    void mayBeReleasedInTheSlotOfLost();

private:
    QString at(const QString &name) const { return m_directory->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_SoftFileLease::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = at(QStringLiteral("some.lease"));
}

void tst_SoftFileLease::knowsItsOptions()
{
    const SoftFileLease plain(m_path);
    QCOMPARE(plain.duration(), 30s);
    QCOMPARE(plain.heartbeat(), -1ms);
    QCOMPARE(plain.malformedGrace(), 2s);
    QCOMPARE(plain.token(), QString());
    const SoftFileLease lease(m_path, {.timeout = 5s,
                                       .lifetime = 1h,
                                       .threadScope = ThreadScope::Shared,
                                       .duration = 9s,
                                       .heartbeat = 2s,
                                       .permissions = QFileDevice::ReadOwner,
                                       .malformedGrace = 0ms});
    QCOMPARE(lease.path(), m_path);
    QCOMPARE(lease.timeout(), 5s);
    QCOMPARE(lease.lifetime(), 1h);
    QCOMPARE(lease.threadScope(), ThreadScope::Shared);
    QCOMPARE(lease.duration(), 9s);
    QCOMPARE(lease.heartbeat(), 2s);
    QCOMPARE(lease.permissions(), QFileDevice::ReadOwner);
    QCOMPARE(lease.malformedGrace(), 0ms);
    QCOMPARE(lease.property("duration").toInt(), 9000);
    QCOMPARE(lease.property("heartbeat").toInt(), 2000);
    QVERIFY(!isThere(m_path));
}

void tst_SoftFileLease::tellsOfChanges()
{
    SoftFileLease lease;
    QSignalSpy path(&lease, &SoftFileLease::pathChanged);
    QSignalSpy duration(&lease, &SoftFileLease::durationChanged);
    QSignalSpy heartbeat(&lease, &SoftFileLease::heartbeatChanged);
    QSignalSpy permissions(&lease, &SoftFileLease::permissionsChanged);
    QSignalSpy grace(&lease, &SoftFileLease::malformedGraceChanged);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(lease.setPath(m_path));
        QVERIFY(lease.setProperty("duration", 4000));
        QVERIFY(lease.setProperty("heartbeat", 1000));
        QVERIFY(lease.setPermissions(QFileDevice::ReadOwner));
        QVERIFY(lease.setMalformedGrace(1s));
    }
    for (const QSignalSpy *spy : {&path, &duration, &heartbeat, &permissions, &grace})
        QCOMPARE(spy->size(), 1);
    QVERIFY(lease.setHeartbeat(-1ms));
    QCOMPARE(heartbeat.size(), 2);
}

void tst_SoftFileLease::refusesWhatMeansNothing()
{
    SoftFileLease lease(m_path);
    for (const auto duration : {1ms, 0ms, -1ms, -30'000ms}) {
        QVERIFY(!lease.setDuration(duration));
        QCOMPARE(lease.error(), LockError::InvalidArgument);
        QCOMPARE(SoftFileLease(m_path, {.duration = duration}).duration(), 30s);
    }
    for (const auto heartbeat : {0ms, -2ms}) {
        QVERIFY(!lease.setHeartbeat(heartbeat));
        QCOMPARE(lease.error(), LockError::InvalidArgument);
    }
    QVERIFY(!lease.setMalformedGrace(-2ms));
    QCOMPARE(lease.duration(), 30s);
    QCOMPARE(lease.heartbeat(), -1ms);
    SoftFileLease nowhere;
    QVERIFY(!nowhere.tryAcquireFor(5s));
    QCOMPARE(nowhere.error(), LockError::InvalidArgument);
    QVERIFY(!nowhere.forceBreak());
}

void tst_SoftFileLease::refusesAHeartbeatThatIsTooLong()
{
    SoftFileLease lease(m_path, {.duration = 1s, .heartbeat = 1s});
    for (const auto heartbeat : {1000ms, 5000ms}) {
        QVERIFY(lease.setHeartbeat(heartbeat)); // the duration may follow
        QVERIFY(!lease.tryAcquireFor(1h));
        QCOMPARE(lease.error(), LockError::InvalidArgument);
        QVERIFY(!isThere(m_path));
    }
    QVERIFY(lease.setDuration(30s));
    QVERIFY(lease.tryAcquire());
    SoftFileLease shortest(at(QStringLiteral("shortest")), {.duration = 2ms});
    QVERIFY(shortest.tryAcquire());
}

void tst_SoftFileLease::refusesChangesWhileHeld()
{
    SoftFileLease lease(m_path);
    QVERIFY(lease.tryAcquire());
    QVERIFY(!lease.setDuration(9s));
    QCOMPARE(lease.error(), LockError::Misuse);
    QVERIFY(!lease.setHeartbeat(1s));
    QVERIFY(!lease.setPath(at(QStringLiteral("other"))));
    QVERIFY(!lease.setMalformedGrace(0ms));
    QVERIFY(lease.release());
    QVERIFY(lease.setDuration(9s));
}

void tst_SoftFileLease::writesWhatPythonWrites_data()
{
    QTest::addColumn<int>("duration");
    QTest::addColumn<QByteArray>("text"); // str(float) of Python
    QTest::newRow("30 s") << 30000 << QByteArray("30.0");
    QTest::newRow("0.9 s") << 900 << QByteArray("0.9");
    QTest::newRow("2 ms") << 2 << QByteArray("0.002");
    QTest::newRow("1.5 s") << 1500 << QByteArray("1.5");
    QTest::newRow("a day") << 86'400'000 << QByteArray("86400.0");
    QTest::newRow("no round number") << 12345 << QByteArray("12.345");
}

void tst_SoftFileLease::writesWhatPythonWrites()
{
    QFETCH(int, duration);
    QFETCH(QByteArray, text);
    SoftFileLease lease(m_path, {.duration = std::chrono::milliseconds(duration)});
    QVERIFY(lease.tryAcquire());
    const QByteArray marker = contentOf(m_path);
    const QByteArray token =
        lease.token().isEmpty() ? marker.mid(marker.indexOf("token=") + 6, 32) : lease.token().toLatin1();
    QCOMPARE(marker, leaseMarker(getpid(), hostName(), token, text, startToken(getpid())));
}

void tst_SoftFileLease::hasANewTokenForEachHold()
{
    SoftFileLease lease(m_path);
    QStringList tokens;
    const QRegularExpression form(QStringLiteral("^[0-9a-f]{32}$"));
    for (int i = 0; i < 20; ++i) {
        QVERIFY(lease.tryAcquire());
        QVERIFY2(form.match(lease.token()).hasMatch(), qPrintable(lease.token()));
        QCOMPARE(lease.holder().token, lease.token());
        tokens += lease.token();
        QVERIFY(lease.tryAcquire());
        QCOMPARE(lease.token(), tokens.last());
        QVERIFY(lease.forceRelease());
        QCOMPARE(lease.token(), QString());
    }
    tokens.removeDuplicates();
    QCOMPARE(tokens.size(), 20);
}

void tst_SoftFileLease::tellsThatItsTokenChanges()
{
    SoftFileLease lease(m_path);
    QSignalSpy held(&lease, &AbstractLock::heldChanged);
    QStringList seen;
    connect(&lease, &AbstractLock::heldChanged, this, [&] { seen += lease.property("token").toString(); });
    QVERIFY(lease.tryAcquire());
    const QString token = lease.token();
    QVERIFY(lease.release());
    QCOMPARE(seen, QStringList({token, QString()}));
}

void tst_SoftFileLease::judgesOwners_data()
{
    QTest::addColumn<QByteArray>("marker");
    QTest::addColumn<bool>("isFreeNow");
    QTest::addColumn<bool>("isFreeLater");
    const QByteArray host = hostName();
    const auto row = [](const char *claim, const QByteArray &marker, bool now, bool later) {
        QTest::newRow(claim) << marker << now << later;
    };
    const auto lease = [&](qint64 process, const QByteArray &onHost, const QByteArray &start = {}) {
        return leaseMarker(process, onHost, AnyToken, "30.0", start);
    };
    row("dead", lease(deadProcess(), host), true, true);
    row("recycled", lease(1, host, startToken(getpid())), true, true);
    row("alive", lease(1, host, startToken(1)), false, true);
    row("alive, no start", lease(1, host), false, true);
    row("this process", lease(getpid(), host, startToken(getpid())), false, true);
    row("another host's", lease(deadProcess(), "another.machine"), false, true);
    row("an unknown key", lease(1, host) + "colour=blue\n", false, true);
    row("a dead soft lock", softMarker(deadProcess(), host), true, true);
    row("unknown rules", lease(1, "another.machine").replace("mode=lease", "mode=x"), false, false);
    row("unknown rules, no lease data", "filelock/2\npid=1\nhost=another.machine\nmode=future\n", false, false);
    // No owner at all: torn, or never a marker.
    row("empty", "", false, true);
    row("wrong magic", lease(1, host).replace("filelock/2", "filelock/3"), false, false);
    row("no mode", lease(1, host).replace("mode=lease\n", ""), false, true);
    row("no host", lease(1, host).replace("host=" + host + "\n", ""), false, true);
    row("an empty host", lease(1, ""), false, true);
    row("no process", lease(1, host).replace("pid=1\n", ""), false, true);
    row("process 0", lease(0, host), false, true);
    row("a process too large", lease(2147483648, host), false, true);
    row("no number", lease(1, host).replace("pid=1\n", "pid=one\n"), false, true);
    row("a line without =", lease(1, host) + "hello\n", false, true);
    row("no token", lease(1, host).replace("token=" + AnyToken + "\n", ""), false, true);
    row("no duration", lease(1, host).replace("duration=30.0\n", ""), false, true);
    for (const char *duration : {"0", "-1", "nan", "inf", "-inf", "1e400", "thirty", ""})
        row(qPrintable(QStringLiteral("duration ") + QLatin1String(duration)), leaseMarker(1, host, AnyToken, duration),
            false, true);
    row("a start that is no number", lease(1, host, "1.5"), false, true);
    row("too long", lease(1, host) + "x=" + QByteArray(1024, 'x') + "\n", false, false);
}

void tst_SoftFileLease::judgesOwners()
{
    QFETCH(QByteArray, marker);
    QFETCH(bool, isFreeNow);
    QFETCH(bool, isFreeLater);
    const auto isTaken = [this] {
        SoftFileLease lease(m_path);
        const bool taken = lease.tryAcquire();
        if (lease.error() != LockError::None)
            qWarning() << lease.errorString();
        return taken;
    };
    write(m_path, marker);
    QCOMPARE(isTaken(), isFreeNow);
    QCOMPARE(isThere(m_path), !isFreeNow);
    write(m_path, marker);
    age(m_path, -3600);
    QCOMPARE(isTaken(), isFreeNow);
    write(m_path, marker);
    age(m_path, 3600);
    QCOMPARE(isTaken(), isFreeLater);
    if (!isFreeLater)
        QCOMPARE(contentOf(m_path), marker);
}

void tst_SoftFileLease::agreesOnNumbersAndNotOnTheirText_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"30", "30.0", "3e+01", "30.000", "0030", "300e-1"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_SoftFileLease::agreesOnNumbersAndNotOnTheirText()
{
    QFETCH(QByteArray, text);
    write(m_path, leaseMarker(1, "another.machine", AnyToken, text));
    SoftFileLease lease(m_path);
    QVERIFY(!lease.tryAcquire());
    QVERIFY2(lease.error() == LockError::None, qPrintable(lease.errorString()));
    QCOMPARE(lease.holder().leaseDuration, 30s);
}

void tst_SoftFileLease::refusesAnotherDuration()
{
    SoftFileLease holder(m_path, {.duration = 20s});
    QVERIFY(holder.tryAcquire());
    const QByteArray marker = contentOf(m_path);
    SoftFileLease lease(m_path, {.duration = 30s});
    QSignalSpy failed(&lease, &AbstractLock::errorOccurred);
    lease.acquire();
    QVERIFY(failed.wait(Patience));
    QCOMPARE(failed.first().first().value<LockError>(), LockError::SettingsMismatch);
    QVERIFY2(lease.errorString().contains(m_path) && lease.errorString().contains(QStringLiteral("20"))
                 && lease.errorString().contains(QStringLiteral("30")),
             qPrintable(lease.errorString()));
    age(m_path, 86400); // however old: by whose duration?
    QVERIFY(!lease.tryAcquire());
    QCOMPARE(lease.error(), LockError::SettingsMismatch);
    QCOMPARE(contentOf(m_path), marker);
    QVERIFY(lease.setDuration(20s));
    QVERIFY(holder.release());
    QVERIFY(lease.tryAcquire());
}

// filelock would fail for ever, until a person removes the marker. But nobody is left who could disagree.
void tst_SoftFileLease::doesNotCareWhatADeadOwnerHadAgreedTo()
{
    write(m_path, leaseMarker(deadProcess(), hostName(), AnyToken, "20.0"));
    SoftFileLease lease(m_path);
    QVERIFY2(lease.tryAcquire(), qPrintable(lease.errorString()));
}

void tst_SoftFileLease::leavesOtherFamiliesAlone_data()
{
    QTest::addColumn<QByteArray>("marker");
    QTest::newRow("a sentinel") << Sentinel;
    QTest::newRow("a live soft lock") << softMarker(1, hostName(), startToken(1));
    QTest::newRow("another host's soft lock") << softMarker(1, "another.machine");
    QTest::newRow("a database") << QByteArray("SQLite format 3\0", 16) + QByteArray(84, '\0');
}

void tst_SoftFileLease::leavesOtherFamiliesAlone()
{
    QFETCH(QByteArray, marker);
    write(m_path, marker);
    age(m_path, 86400);
    SoftFileLease lease(m_path, {.malformedGrace = 0ms});
    QVERIFY(!lease.tryAcquireFor(1h));
    QCOMPARE(lease.error(), LockError::OtherFamily);
    QVERIFY2(lease.errorString().contains(m_path), qPrintable(lease.errorString()));
    QCOMPARE(contentOf(m_path), marker);
}

void tst_SoftFileLease::knowsTheHolder()
{
    SoftFileLease lease(m_path);
    QVERIFY(!lease.holder().isValid() && !lease.isHeldByThisProcess());
    write(m_path, leaseMarker(4711, "another.machine", AnyToken, "0.9"));
    const LockHolder holder = lease.owner();
    QCOMPARE(holder.processId, 4711);
    QCOMPARE(holder.hostName, QStringLiteral("another.machine"));
    QCOMPARE(holder.token, QString::fromLatin1(AnyToken));
    QCOMPARE(holder.leaseDuration, 900ms);
    QCOMPARE(holder.liveness, Liveness::Unknown);
    QVERIFY(!lease.isHeldByThisProcess());
    QVERIFY(lease.forceBreak());
    QVERIFY(lease.tryAcquire());
    QVERIFY(lease.isHeldByThisProcess());
    QCOMPARE(lease.holder().liveness, Liveness::Alive);
}

void tst_SoftFileLease::outlivesItsDuration()
{
    SoftFileLease holder(m_path, {.duration = 900ms});
    QSignalSpy lost(&holder, &AbstractLock::lost);
    QVERIFY(holder.tryAcquire());
    SoftFileLease lease(m_path, {.duration = 900ms});
    QVERIFY(!lease.tryAcquireFor(1500ms)); // blocks the event loop of the holder, too
    QCOMPARE(lease.error(), LockError::None);
    QTest::qWait(1); // a turn of the event loop, which would bring the news
    QVERIFY2(lost.isEmpty(), qPrintable(holder.errorString()));
    QVERIFY(holder.isHeld());
}

//   P.1 holds, and is stopped        Q.1 takes over when the duration is over        P.2 goes on: is told; gives back
void tst_SoftFileLease::isTakenOverWhenItsHolderIsStopped()
{
    OtherProcess p(QStringLiteral("lease"), m_path);
    QCOMPARE(p.ask(QStringLiteral("try")), QStringLiteral("acquired")); // P.1
    p.freeze();
    SoftFileLease q(m_path);
    QVERIFY(!q.tryAcquire());
    age(m_path, 31);
    QVERIFY(q.tryAcquire()); // Q.1
    const QByteArray marker = contentOf(m_path);
    p.unfreeze(); // P.2
    QCOMPARE(p.hear(), QStringLiteral("lost %1").arg(int(LossReason::OwnerChanged)));
    QVERIFY(p.ask(QStringLiteral("release")).startsWith(QStringLiteral("failed")));
    QCOMPARE(contentOf(m_path), marker);
    QVERIFY(q.isHeld());
}

void tst_SoftFileLease::isTakenOverAtOnceWhenItsHolderIsKilled()
{
    OtherProcess other(QStringLiteral("lease"), m_path);
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    SoftFileLease lease(m_path, {.pollInterval = 10s});
    QSignalSpy contended(&lease, &AbstractLock::contended);
    QSignalSpy acquired(&lease, &AbstractLock::acquired);
    lease.acquire();
    QVERIFY(contended.wait(Patience));
    QElapsedTimer timer;
    timer.start();
    other.kill();
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QStringLiteral("after %1 ms").arg(timer.elapsed())));
}

void tst_SoftFileLease::anotherHostsIsTakenOverAfterItsDuration()
{
    const QString unshare = QStandardPaths::findExecutable(QStringLiteral("unshare"));
    if (geteuid() != 0 || unshare.isEmpty())
        QSKIP("SKIPPED: a host name of its own needs root and unshare(1)");
    const QString command =
        QStringLiteral("hostname elsewhere; exec '%1' lease '%2'").arg(QStringLiteral(HOLDFAST_LOCKPROCESS), m_path);
    OtherProcess other(unshare, {QStringLiteral("--uts"), QStringLiteral("sh"), QStringLiteral("-c"), command},
                       QStringLiteral("ready"));
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    SoftFileLease lease(m_path, {.pollInterval = 20ms});
    QVERIFY(!lease.tryAcquire());
    other.kill();
    QVERIFY(!lease.tryAcquireFor(200ms)); // who knows
    QSignalSpy acquired(&lease, &AbstractLock::acquired);
    lease.acquire();
    age(m_path, 28);
    QVERIFY(!acquired.wait(300));
    QVERIFY(acquired.wait(Patience)); // 30 s after its last sign of life, as the filesystem counts
}

void tst_SoftFileLease::isLostOnce_data()
{
    QTest::addColumn<bool>("isReplaced");
    QTest::addColumn<LossReason>("reason");
    QTest::newRow("removed") << false << LossReason::MarkerMissing;
    QTest::newRow("replaced") << true << LossReason::OwnerChanged;
}

void tst_SoftFileLease::isLostOnce()
{
    QFETCH(bool, isReplaced);
    QFETCH(LossReason, reason);
    SoftFileLease lease(m_path);
    QSignalSpy lost(&lease, &AbstractLock::lost);
    QSignalSpy held(&lease, &AbstractLock::heldChanged);
    QVERIFY(lease.tryAcquire() && lease.tryAcquire());
    if (isReplaced) {
        write(at(QStringLiteral("new")), leaseMarker(1, "another.machine", AnyToken, "30.0"));
        QCOMPARE(std::rename(qPrintable(at(QStringLiteral("new"))), qPrintable(m_path)), 0);
    } else {
        QVERIFY(QFile::remove(m_path));
    }
    QVERIFY(!lost.isEmpty() || lost.wait(Patience));
    QTest::qWait(20); // a second one would follow at once
    QCOMPARE(lost.size(), 1);
    QCOMPARE(lost.first().first().value<LossReason>(), reason);
    QCOMPARE(lease.lossReason(), reason);
    QCOMPARE(held.size(), 2);
    QCOMPARE(lease.depth(), 0);
    QCOMPARE(lease.token(), QString());
    QCOMPARE(isThere(m_path), isReplaced);
}

// Two threads, one object: the loser's attempts must not disturb the heartbeat of the holder.
void tst_SoftFileLease::survivesALoserOfTheSameObject()
{
    SoftFileLease lease(m_path, {.duration = 900ms});
    QSignalSpy lost(&lease, &AbstractLock::lost);
    QVERIFY(lease.tryAcquire());
    const QString token = lease.token();
    bool taken = true;
    QString tokenThere = QStringLiteral("none");
    const std::unique_ptr<QThread> loser(QThread::create([&] {
        taken = lease.tryAcquireFor(1500ms);
        tokenThere = lease.token();
    }));
    loser->start();
    QVERIFY(loser->wait(Patience));
    QVERIFY(!taken);
    QCOMPARE(tokenThere, QString());
    QCOMPARE(lease.token(), token);
    QTest::qWait(1); // a turn of the event loop, which would bring the news
    QVERIFY(lost.isEmpty());
    QVERIFY(lease.release());
}

void tst_SoftFileLease::mayBeReleasedInTheSlotOfLost()
{
    for (const ThreadScope scope : {ThreadScope::PerThread, ThreadScope::Shared}) {
        SoftFileLease lease(m_path, {.threadScope = scope});
        bool again = false;
        connect(&lease, &AbstractLock::lost, this, [&] {
            QVERIFY(!lease.release());
            again = lease.tryAcquire();
        });
        QVERIFY(lease.tryAcquire());
        QVERIFY(QFile::remove(m_path));
        QVERIFY(QTest::qWaitFor([&] { return again; }, Patience));
        QVERIFY(lease.isHeld());
        QVERIFY(lease.release());
    }
}

QTEST_GUILESS_MAIN(tst_SoftFileLease)
#include "tst_softfilelease.moc"
