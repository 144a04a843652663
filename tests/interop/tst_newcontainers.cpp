// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Markers of and for containers: namespaces in which a process has another number, on a host of the same name. Version 4 of
// Python's filelock notes the namespace in the marker, behind the host's name.

#include "lockkinds.h"
#include "newpython.h"

#include <holdfast/lockinspection.h>
#include <holdfast/strictsoftfilelock.h>

#include <QtCore/qfile.h>
#include <QtCore/qsysinfo.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <unistd.h>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

// $1: our program, $2: the folder of their module, $3: the kind of lock, $4: its path, $5: their program.
const QString Ours = QStringLiteral("\"$1\" \"$3\" \"$4\"");
const QString Theirs = QStringLiteral(PYTHON " \"$5\" \"$2\" \"$3\" \"$4\"");

} // namespace

class tst_NewContainers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void itsDeadAreReclaimedByUsInside_data() { addKinds(); }
    void itsDeadAreReclaimedByUsInside();
    void ourDeadAreReclaimedByItInside_data() { addKinds(); }
    void ourDeadAreReclaimedByItInside();
    void itKeepsUsOutOutside_data() { addKinds(); }
    void itKeepsUsOutOutside();
    void weKeepItOutOutside_data() { addKinds(); }
    void weKeepItOutOutside();
    void siblingsKeepEachOtherOut_data() { addKinds(); }
    void siblingsKeepEachOtherOut();
    void eachNamesTheOthersStrictClaims();

private:
    void addKinds() const
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("soft locks") << QStringLiteral("soft");
        QTest::newRow("leases") << QStringLiteral("lease");
    }
    std::unique_ptr<OtherProcess> inside(const QString &script, const QString &kind) const
    {
        const QStringList arguments{QStringLiteral("--pid"),
                                    QStringLiteral("--fork"),
                                    QStringLiteral("--kill-child"),
                                    QStringLiteral("--mount-proc"),
                                    QStringLiteral("sh"),
                                    QStringLiteral("-c"),
                                    script,
                                    QStringLiteral("sh"),
                                    QStringLiteral(HOLDFAST_LOCKPROCESS),
                                    QStringLiteral(FILELOCK),
                                    kind,
                                    m_path,
                                    QStringLiteral(SOURCE_FOLDER "/newlockprocess.py")};
        return std::make_unique<OtherProcess>(QStringLiteral("unshare"), arguments, QStringLiteral("ready"));
    }
    /** A process with a lock of @p kind in a namespace of its own, in which it is not the first. */
    std::unique_ptr<OtherProcess> container(const QString &command, const QString &kind) const
    {
        return inside(QStringLiteral("true; %1; exit").arg(command), kind);
    }
    /** The same after @p dead has got the lock there, and died. */
    std::unique_ptr<OtherProcess> afterDeath(const QString &dead, const QString &verbs, const QString &command,
                                             const QString &kind) const
    {
        const QString script = QStringLiteral("printf '%1\\ndie\\n' | %2 | grep -q acquired || exit; %3; exit");
        return inside(script.arg(verbs, dead, command), kind);
    }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_NewContainers::initTestCase()
{
    if (geteuid() != 0)
        QSKIP("SKIPPED: a namespace of its own needs root");
    if (QProcess::execute(QStringLiteral("unshare"), {QStringLiteral("--mount"), QStringLiteral("true")}) != 0)
        QSKIP("SKIPPED: nothing can be mounted here, as in a chroot whose root is no mount of its own");
}

void tst_NewContainers::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("work.lock"));
}

void tst_NewContainers::itsDeadAreReclaimedByUsInside()
{
    QFETCH(QString, kind);
    const auto ours = afterDeath(Theirs, QStringLiteral("acquire 0"), Ours, kind);
    QVERIFY(QFile::exists(m_path));
    QCOMPARE(ours->ask(QStringLiteral("try")), QStringLiteral("acquired"));
}

void tst_NewContainers::ourDeadAreReclaimedByItInside()
{
    QFETCH(QString, kind);
    const auto theirs = afterDeath(Ours, QStringLiteral("try"), Theirs, kind);
    QVERIFY(QFile::exists(m_path));
    QCOMPARE(theirs->ask(QStringLiteral("acquire 10")), QStringLiteral("acquired"));
}

// Seen from the machine's first namespace, the owner can be found, and so can his end.
void tst_NewContainers::itKeepsUsOutOutside()
{
    QFETCH(QString, kind);
    const auto theirs = container(Theirs, kind);
    QCOMPARE(theirs->ask(QStringLiteral("acquire 0")), QStringLiteral("acquired"));
    const auto lock = makeLock(kind, m_path);
    QVERIFY(!lock->tryAcquireFor(100ms));
    QCOMPARE(lock->errorString(), QString());
    QCOMPARE(lock->holder().hostName, QSysInfo::machineHostName());
    QVERIFY(lock->holder().liveness != Liveness::Dead);
    const LockHolder inspected = inspectLock(m_path).holder();
    QCOMPARE(inspected.hostName, QSysInfo::machineHostName());
    QCOMPARE(inspected.liveness, lock->holder().liveness);
    const auto system = makeLock(QStringLiteral("file"), m_path);
    QVERIFY(!system->tryAcquire());
    QCOMPARE(system->error(), LockError::OtherFamily);
    theirs->kill();
    QVERIFY(lock->tryAcquireFor(20s));
}

void tst_NewContainers::weKeepItOutOutside()
{
    QFETCH(QString, kind);
    const auto ours = container(Ours, kind);
    QCOMPARE(ours->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const auto theirs = newPython(kind, m_path);
    QCOMPARE(theirs->ask(QStringLiteral("acquire 0.3")), QStringLiteral("timedOut"));
    QCOMPARE(ours->ask(QStringLiteral("release")), QStringLiteral("released"));
    QCOMPARE(theirs->ask(QStringLiteral("acquire 20")), QStringLiteral("acquired"));
}

void tst_NewContainers::siblingsKeepEachOtherOut()
{
    QFETCH(QString, kind);
    const auto ours = container(Ours, kind);
    const auto theirs = container(Theirs, kind);
    QCOMPARE(ours->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QCOMPARE(theirs->ask(QStringLiteral("acquire 0.3")), QStringLiteral("timedOut"));
    QCOMPARE(ours->ask(QStringLiteral("release")), QStringLiteral("released"));
    QCOMPARE(theirs->ask(QStringLiteral("acquire 20")), QStringLiteral("acquired"));
    QCOMPARE(ours->ask(QStringLiteral("block 300")), QStringLiteral("busy"));
    QCOMPARE(theirs->ask(QStringLiteral("release")), QStringLiteral("released"));
    QCOMPARE(ours->ask(QStringLiteral("block 20000")), QStringLiteral("acquired"));
}

void tst_NewContainers::eachNamesTheOthersStrictClaims()
{
    const auto theirs = container(Theirs, QStringLiteral("strict"));
    const auto ours = container(Ours, QStringLiteral("strict"));
    QCOMPARE(theirs->ask(QStringLiteral("acquire 0")), QStringLiteral("acquired"));
    StrictSoftFileLock lock(m_path);
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.errorString(), QString());
    QCOMPARE(lock.claims().size(), 2);
    QCOMPARE(lock.holder().hostName, QSysInfo::machineHostName());
    QVERIFY(lock.holder().liveness != Liveness::Dead);
    QCOMPARE(theirs->ask(QStringLiteral("release")), QStringLiteral("released"));
    QCOMPARE(ours->ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const QString claims = theirs->ask(QStringLiteral("claims"));
    QVERIFY2(claims.contains(u'@' + QSysInfo::machineHostName() + QStringLiteral("?pidns-")), qPrintable(claims));
    QCOMPARE(theirs->ask(QStringLiteral("acquire 0")), QStringLiteral("timedOut"));
}

QTEST_GUILESS_MAIN(tst_NewContainers)
#include "tst_newcontainers.moc"
