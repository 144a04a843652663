// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What the markers of soft locks, leases and strict locks mean to us and to version 4 of Python's filelock.

#include "newpython.h"

#include <holdfast/lockinspection.h>
#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>
#include <holdfast/softreadwritelock.h>
#include <holdfast/strictsoftfilelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qloggingcategory.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

const SoftFileLeaseOptions Brief{.duration = 2s};
const QStringList BriefToo{QStringLiteral("lease_duration=2")};

} // namespace

class tst_NewMarkers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("holdfast.warning=false")); }
    void init();
    void itsRenewedLeaseStands();
    void ourRenewedLeaseStands();
    void itsExpiredLeaseIsOurs();
    void ourExpiredLeaseIsIts();
    void itIsToldOfALoss();
    void weAreToldOfALoss();
    void durationsMustBeTheSame();
    void eachReadsTheOthersLease();
    void deadStrictOwnersStay_data();
    void deadStrictOwnersStay();
    void anExclusiveMarkerIsHeldUntilItsOwnerDies_data();
    void anExclusiveMarkerIsHeldUntilItsOwnerDies();
    void bothReadTheSameMarkers_data();
    void bothReadTheSameMarkers();
    void itsReadWriteLockKeepsUsOut();
    void ourReadWriteLockKeepsItOut();

private:
    std::unique_ptr<OtherProcess> python(const QString &kind, const QStringList &options = {}) const
    {
        return newPython(kind, m_path, options);
    }
    void write(const QByteArray &marker) const
    {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(marker), marker.size());
    }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_NewMarkers::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("work.lock"));
}

void tst_NewMarkers::itsRenewedLeaseStands()
{
    const auto other = python(QStringLiteral("lease"), BriefToo);
    QCOMPARE(other->ask(QStringLiteral("acquire 0")), QStringLiteral("acquired"));
    SoftFileLease lock(m_path, Brief);
    QVERIFY(!lock.tryAcquireFor(Brief.duration * 3 / 2));
    QCOMPARE(lock.errorString(), QString());
    QVERIFY(other->isSilent()); // no loss
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock.tryAcquire());
}

void tst_NewMarkers::ourRenewedLeaseStands()
{
    SoftFileLease lock(m_path, Brief);
    QVERIFY(lock.tryAcquire());
    const auto other = python(QStringLiteral("lease"), BriefToo);
    QCOMPARE(other->ask(QStringLiteral("acquire 3")), QStringLiteral("timedOut"));
    QVERIFY(lock.isHeld());
    QVERIFY(lock.release());
    QCOMPARE(other->ask(QStringLiteral("acquire 20")), QStringLiteral("acquired"));
}

void tst_NewMarkers::itsExpiredLeaseIsOurs()
{
    const auto other = python(QStringLiteral("lease"), BriefToo);
    QCOMPARE(other->ask(QStringLiteral("acquire 0")), QStringLiteral("acquired"));
    other->freeze();
    SoftFileLease lock(m_path, Brief);
    QVERIFY(!lock.tryAcquire());
    QVERIFY(lock.tryAcquireFor(20s));
    other->unfreeze();
    QCOMPARE(other->hear(), QStringLiteral("lost owner-changed"));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock.verifyHeld());
}

void tst_NewMarkers::ourExpiredLeaseIsIts()
{
    OtherProcess ours(QStringLiteral("lease-brief"), m_path);
    QCOMPARE(ours.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    ours.freeze();
    const auto other = python(QStringLiteral("lease"), BriefToo);
    QCOMPARE(other->ask(QStringLiteral("acquire 0")), QStringLiteral("timedOut"));
    QCOMPARE(other->ask(QStringLiteral("acquire 20")), QStringLiteral("acquired"));
    ours.unfreeze();
    QVERIFY(ours.hear().startsWith(QLatin1String("lost ")));
    QCOMPARE(other->ask(QStringLiteral("is_lock_held_by_us")), QStringLiteral("True"));
    QCOMPARE(ours.ask(QStringLiteral("try")), QStringLiteral("busy"));
}

void tst_NewMarkers::itIsToldOfALoss()
{
    const auto other = python(QStringLiteral("lease"), BriefToo);
    QCOMPARE(other->ask(QStringLiteral("acquire 0")), QStringLiteral("acquired"));
    QVERIFY(SoftFileLease(m_path, Brief).forceBreak());
    QCOMPARE(other->hear(), QStringLiteral("lost marker-missing"));
}

void tst_NewMarkers::weAreToldOfALoss()
{
    SoftFileLease lock(m_path, Brief);
    QSignalSpy lost(&lock, &SoftFileLease::lost);
    QVERIFY(lock.tryAcquire());
    const auto other = python(QStringLiteral("lease"), BriefToo);
    QCOMPARE(other->ask(QStringLiteral("break")), QStringLiteral("broken"));
    QVERIFY(!lost.isEmpty() || lost.wait(Patience));
    QCOMPARE(lock.lossReason(), LossReason::MarkerMissing);
}

void tst_NewMarkers::durationsMustBeTheSame()
{
    const auto other = python(QStringLiteral("lease"), BriefToo);
    QCOMPARE(other->ask(QStringLiteral("acquire 0")), QStringLiteral("acquired"));
    SoftFileLease lock(m_path);
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::SettingsMismatch);
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock.tryAcquire());
    QVERIFY(other->ask(QStringLiteral("acquire 0")).startsWith(QLatin1String("failed LeaseSettingsMismatch ")));
}

void tst_NewMarkers::eachReadsTheOthersLease()
{
    const auto other = python(QStringLiteral("lease"), BriefToo);
    SoftFileLease lock(m_path, Brief);
    QVERIFY(lock.tryAcquire());
    const QString who = QStringLiteral("%1@%2 lease 2.0").arg(qApp->applicationPid()).arg(QSysInfo::machineHostName());
    QCOMPARE(other->ask(QStringLiteral("owner")), who);
    QVERIFY(lock.release());
    QCOMPARE(other->ask(QStringLiteral("acquire 0")), QStringLiteral("acquired"));
    QCOMPARE(lock.owner().leaseDuration, Brief.duration);
    QCOMPARE(lock.owner().token, other->ask(QStringLiteral("token")));
    QVERIFY(!lock.isHeldByThisProcess());
    QCOMPARE(other->ask(QStringLiteral("is_lock_held_by_us")), QStringLiteral("True"));
}

void tst_NewMarkers::deadStrictOwnersStay_data()
{
    QTest::addColumn<bool>("isOurs");
    QTest::newRow("ours") << true;
    QTest::newRow("theirs") << false;
}

// Until a person breaks each claim by its name, on whichever side.
void tst_NewMarkers::deadStrictOwnersStay()
{
    QFETCH(bool, isOurs);
    const auto other = python(QStringLiteral("strict"));
    const auto dead =
        isOurs ? std::make_unique<OtherProcess>(QStringLiteral("strict"), m_path) : python(QStringLiteral("strict"));
    const QString acquire = isOurs ? QStringLiteral("try") : QStringLiteral("acquire 0");
    QCOMPARE(dead->ask(acquire), QStringLiteral("acquired"));
    const qint64 process = dead->processId();
    dead->kill();
    StrictSoftFileLock lock(m_path);
    QVERIFY(!lock.tryAcquireFor(50ms));
    QCOMPARE(other->ask(QStringLiteral("acquire 0.1")), QStringLiteral("timedOut"));
    const QList<LockClaim> claims = lock.claims();
    QCOMPARE(claims.size(), 2);
    QCOMPARE(claims.first().owner.processId, process);
    QCOMPARE(claims.first().owner.liveness, Liveness::Dead);
    QCOMPARE(other->ask(QStringLiteral("break ") + claims.first().name), QStringLiteral("broken"));
    QVERIFY(!lock.tryAcquire());
    QVERIFY(lock.forceBreak(claims.last().name));
    QCOMPARE(other->ask(QStringLiteral("acquire 0")), QStringLiteral("acquired"));
}

void tst_NewMarkers::anExclusiveMarkerIsHeldUntilItsOwnerDies_data()
{
    QTest::addColumn<bool>("isLease");
    QTest::addColumn<LockError>("error");
    QTest::newRow("for a soft lock") << false << LockError::OtherFamily;
    QTest::newRow("for a lease") << true << LockError::None;
}

void tst_NewMarkers::anExclusiveMarkerIsHeldUntilItsOwnerDies()
{
    QFETCH(bool, isLease);
    QFETCH(LockError, error);
    const auto other = python(QStringLiteral("marker"));
    QCOMPARE(other->ask(QStringLiteral("acquire 0")), QStringLiteral("acquired"));
    std::unique_ptr<AbstractLock> lock = std::make_unique<SoftFileLock>(m_path);
    if (isLease)
        lock = std::make_unique<SoftFileLease>(m_path);
    QVERIFY(!lock->tryAcquire());
    QCOMPARE(lock->error(), error);
    QCOMPARE(lock->holder().processId, other->processId());
    other->kill();
    QVERIFY(lock->tryAcquireFor(20s));
}

void tst_NewMarkers::bothReadTheSameMarkers_data()
{
    QTest::addColumn<QByteArray>("marker");
    QTest::addColumn<int>("process");
    const QByteArray lease = "filelock/2\npid=7\nhost=h\nmode=lease\ntoken=t\nduration=1.5\n";
    QTest::newRow("process and host") << QByteArray("7\nh\n") << 7;
    QTest::newRow("with a start") << QByteArray("7\nh\n9\n") << 7;
    QTest::newRow("with the ends of lines of Windows") << QByteArray("7\r\nh\r\n") << 7;
    QTest::newRow("cut within the process") << QByteArray("7") << 0;
    QTest::newRow("cut within the host") << QByteArray("7\nh") << 0;
    QTest::newRow("cut within the start") << QByteArray("7\nh\n9") << 0;
    QTest::newRow("an impossible process") << QByteArray("2147483648\nh\n") << 0;
    QTest::newRow("no decimal process") << QByteArray("1_0\nh\n") << 0;
    QTest::newRow("a process with a sign") << QByteArray("+7\nh\n") << 0;
    QTest::newRow("a start with a sign") << QByteArray("7\nh\n-9\n") << 0;
    QTest::newRow("a start in digits of another script") << QByteArray("7\nh\n\xd9\xa3\n") << 0;
    QTest::newRow("a lease") << lease << 7;
    QTest::newRow("a lease of whole seconds") << QByteArray(lease).replace("1.5", "30") << 7;
    QTest::newRow("a lease cut short") << lease.chopped(1) << 0;
    QTest::newRow("a lease with an empty token") << QByteArray(lease).replace("token=t", "token=") << 0;
    QTest::newRow("a lease for ever") << QByteArray(lease).replace("1.5", "inf") << 0;
    QTest::newRow("a lease of too many seconds") << QByteArray(lease).replace("1.5", "1e+400") << 0;
    QTest::newRow("a lease of 1_0 seconds") << QByteArray(lease).replace("1.5", "1_0") << 0;
    QTest::newRow("a rule cut short") << QByteArray("filelock/2\npid=7\nhost=h\nmode=exclu") << 0;
    QTest::newRow("an exclusive marker") << QByteArray("filelock/2\npid=7\nhost=h\nmode=exclusive\n") << 7;
    QTest::newRow("a rule that nobody knows") << QByteArray("filelock/2\npid=7\nhost=h\nmode=new\n") << 7;
}

void tst_NewMarkers::bothReadTheSameMarkers()
{
    QFETCH(QByteArray, marker);
    QFETCH(int, process);
    write(marker);
    const bool hasKeys = marker.startsWith("filelock/2");
    const auto other = python(hasKeys ? QStringLiteral("marker") : QStringLiteral("soft"));
    QCOMPARE(other->ask(QStringLiteral("pid")), process != 0 ? QString::number(process) : QStringLiteral("None"));
    QCOMPARE(SoftFileLock(m_path).holder().processId, process);
}

// That of version 4 is another one, with other files. So whoever was first keeps the other out.
void tst_NewMarkers::itsReadWriteLockKeepsUsOut()
{
    const auto other = python(QStringLiteral("soft-rw"));
    QCOMPARE(other->ask(QStringLiteral("acquire_read 0")), QStringLiteral("acquired"));
    SoftReadWriteLock lock(m_path);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(!lock.tryAcquireRead());
        QCOMPARE(lock.error(), LockError::OtherFamily);
        QVERIFY(!lock.tryAcquireWriteFor(1h));
        QCOMPARE(lock.error(), LockError::OtherFamily);
        QVERIFY2(lock.errorString().contains(m_path + QStringLiteral(".rw\"")), qPrintable(lock.errorString()));
        QVERIFY(i == 1 || other->ask(QStringLiteral("release")) == QLatin1String("released")); // the directory stays
    }
    const QStringList remarks = inspectLock(m_path).remarks;
    QVERIFY2(remarks.value(0).contains(m_path + QStringLiteral(".rw\" is a soft read/write lock of version 4")),
             qPrintable(remarks.join(u'|')));
    QVERIFY(QDir(m_path + QStringLiteral(".rw")).removeRecursively());
    QVERIFY(inspectLock(m_path).remarks.isEmpty());
    QVERIFY(lock.tryAcquireWrite());
}

void tst_NewMarkers::ourReadWriteLockKeepsItOut()
{
    const auto other = python(QStringLiteral("soft-rw"));
    SoftReadWriteLock lock(m_path);
    QVERIFY(lock.tryAcquireRead());
    for (int i = 0; i < 2; ++i) {
        for (const QString &mode : {QStringLiteral("read"), QStringLiteral("write")}) {
            const QString answer = other->ask(QStringLiteral("acquire_%1 5").arg(mode));
            QVERIFY2(answer.startsWith(QLatin1String("failed ")), qPrintable(answer));
            QVERIFY2(answer.contains(m_path + QStringLiteral(".rw")), qPrintable(answer));
        }
        QVERIFY(i == 1 || lock.release()); // for good
    }
    QVERIFY(QFile::remove(m_path + QStringLiteral(".rw")));
    QCOMPARE(other->ask(QStringLiteral("acquire_write 5")), QStringLiteral("acquired"));
    QVERIFY(!lock.tryAcquireWrite());
    QCOMPARE(lock.error(), LockError::OtherFamily);
}

QTEST_GUILESS_MAIN(tst_NewMarkers)
#include "tst_newmarkers.moc"
