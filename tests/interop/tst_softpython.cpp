// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The same marker shared with the SoftFileLock of Python's filelock as Debian has it (3.9.0), whose markers are empty, and with
// flock(1).

#include "counters.h"
#include "otherprocess.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qloggingcategory.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long
constexpr int Rounds = 200;

void age(const QString &path, int seconds)
{
    const timespec times[2] = {{::time(nullptr) - seconds, 0}, {::time(nullptr) - seconds, 0}};
    QCOMPARE(::utimensat(AT_FDCWD, qPrintable(path), times, 0), 0);
}

/** As a process of its own: adds to a number in a file, so many times, each under the lock. */
int count(const QString &path, const QString &counter)
{
    SoftFileLock lock(path, {.pollInterval = 5ms, .malformedGrace = -1ms});
    QFile file(counter);
    for (int i = 0; i < Rounds; ++i) {
        if (!lock.tryAcquireFor(120s) || !file.open(QIODevice::ReadWrite))
            return 1;
        const int value = file.readAll().toInt();
        file.seek(0);
        file.write(QByteArray::number(value + 1));
        file.close();
        if (!lock.release())
            return 2;
    }
    return 0;
}

} // namespace

class tst_SoftPython : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("holdfast.warning=false")); }
    void init();
    void excludesUs();
    void isExcludedByUs_data();
    void isExcludedByUs();
    void wakesUs();
    void itsMarkerLooksTornAfterTheGrace();
    void itsMarkerStaysWhereTheGraceIsOff();
    void leavesAMarkerWhenItIsKilled();
    void doesNotReclaimOurs();
    void losesNoUpdate();
    void flockOnOurMarkerChangesNothing();
    void flockOnAFileIsAnotherFamily();
    void aFileLockIsToldOfAMarker_data();
    void aFileLockIsToldOfAMarker();

private:
    std::unique_ptr<OtherProcess> python() const
    {
        const QStringList arguments{QStringLiteral(SOURCE_FOLDER "/lockprocess.py"), m_path, QStringLiteral("soft")};
        return std::make_unique<OtherProcess>(QStringLiteral(PYTHON), arguments, QStringLiteral("ready"));
    }
    std::unique_ptr<OtherProcess> flock() const
    {
        return std::make_unique<OtherProcess>(QStringLiteral(FLOCK),
                                              QStringList{QStringLiteral("-n"), m_path, QStringLiteral("sh"),
                                                          QStringLiteral("-c"),
                                                          QStringLiteral("echo ready; read end || true")},
                                              QStringLiteral("ready"));
    }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_SoftPython::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("work.lock"));
}

void tst_SoftPython::excludesUs()
{
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    QCOMPARE(QFileInfo(m_path).size(), 0);
    SoftFileLock lock(m_path);
    QVERIFY(!lock.tryAcquire());
    QVERIFY(!lock.tryAcquireFor(80ms));
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(!lock.holder().isValid());
    QVERIFY(!SoftFileLease(m_path).tryAcquire());
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock.tryAcquire());
}

void tst_SoftPython::isExcludedByUs_data()
{
    QTest::addColumn<bool>("isLease");
    QTest::newRow("with a soft lock") << false;
    QTest::newRow("with a lease") << true;
}

void tst_SoftPython::isExcludedByUs()
{
    QFETCH(bool, isLease);
    const auto other = python();
    std::unique_ptr<AbstractLock> lock = std::make_unique<SoftFileLock>(m_path);
    if (isLease)
        lock = std::make_unique<SoftFileLease>(m_path);
    QVERIFY(lock->tryAcquire());
    QCOMPARE(other->ask(QStringLiteral("acquire 0.1")), QStringLiteral("timedOut"));
    QVERIFY(lock->release());
    QCOMPARE(other->ask(QStringLiteral("acquire 20")), QStringLiteral("acquired"));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(!QFile::exists(m_path));
}

void tst_SoftPython::wakesUs()
{
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    SoftFileLock lock(m_path);
    QSignalSpy contended(&lock, &AbstractLock::contended);
    QSignalSpy acquired(&lock, &AbstractLock::acquired);
    lock.acquire({.pollInterval = 1h});
    QVERIFY(contended.wait(Patience));
    QVERIFY(!acquired.wait(50));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
}

// An empty file that is older than the grace is no sign of life: this is why the grace can be switched off.
void tst_SoftPython::itsMarkerLooksTornAfterTheGrace()
{
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    SoftFileLock lock(m_path);
    QVERIFY(!lock.tryAcquire());
    age(m_path, 3);
    QVERIFY(lock.tryAcquire()); // although it lives
}

void tst_SoftPython::itsMarkerStaysWhereTheGraceIsOff()
{
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    age(m_path, 86400);
    SoftFileLock lock(m_path, {.malformedGrace = -1ms});
    SoftFileLease lease(m_path, {.malformedGrace = -1ms});
    QVERIFY(!lock.tryAcquireFor(100ms) && !lease.tryAcquireFor(100ms));
    QCOMPARE(lock.error(), LockError::None);
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY(lock.tryAcquire());
}

void tst_SoftPython::leavesAMarkerWhenItIsKilled()
{
    const auto other = python();
    QCOMPARE(other->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    other->kill();
    SoftFileLock careful(m_path, {.malformedGrace = -1ms});
    SoftFileLock usual(m_path);
    QVERIFY(!usual.tryAcquire()); // it could just be being written
    age(m_path, 3);
    QVERIFY(!careful.tryAcquire()); // nobody can know
    QVERIFY(usual.tryAcquireFor(20s));
    QVERIFY(usual.release());
    const auto again = python();
    QCOMPARE(again->ask(QStringLiteral("acquire -1")), QStringLiteral("acquired"));
    again->kill();
    QVERIFY(careful.breakLock());
    QVERIFY(careful.tryAcquire());
}

// That version never does; ours is reclaimed by the next of us.
void tst_SoftPython::doesNotReclaimOurs()
{
    const auto other = python();
    OtherProcess ours(QStringLiteral("soft"), m_path);
    QCOMPARE(ours.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    ours.kill();
    QCOMPARE(other->ask(QStringLiteral("acquire 0.2")), QStringLiteral("timedOut"));
    SoftFileLock lock(m_path);
    QVERIFY(lock.tryAcquire() && lock.release());
    QCOMPARE(other->ask(QStringLiteral("acquire 20")), QStringLiteral("acquired"));
}

void tst_SoftPython::losesNoUpdate()
{
    const QString counter = m_directory->filePath(QStringLiteral("counter"));
    QFile file(counter);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    constexpr int Each = 4;
    Counters counters;
    auto &theirs = counters.theirs;
    auto &ours = counters.ours;
    for (int i = 0; i < Each; ++i) {
        theirs.push_back(python());
        theirs.back()->tell(QStringLiteral("count %1 %2").arg(counter).arg(Rounds));
        ours.push_back(std::make_unique<QProcess>());
        ours.back()->start(QCoreApplication::applicationFilePath(), {QStringLiteral("count"), m_path, counter});
    }
    counters.haveReached(2 * Each * Rounds, file);
    QVERIFY(!QFile::exists(m_path));
}

// It does not know of markers; but neither does it keep ours from going.
void tst_SoftPython::flockOnOurMarkerChangesNothing()
{
    SoftFileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    const auto other = flock();
    SoftFileLock contender(m_path);
    QVERIFY(!contender.tryAcquire());
    QCOMPARE(contender.error(), LockError::None);
    QVERIFY(lock.release());
    QVERIFY(!QFile::exists(m_path));
    QVERIFY(contender.tryAcquire());
}

void tst_SoftPython::flockOnAFileIsAnotherFamily()
{
    const auto other = flock(); // creates it
    SoftFileLock lock(m_path);
    QVERIFY(!lock.tryAcquire());
    age(m_path, 3600);
    QVERIFY(!lock.tryAcquireFor(1h));
    QCOMPARE(lock.error(), LockError::OtherFamily);
    QVERIFY(QFile::exists(m_path));
    QVERIFY(other->end());
    QVERIFY(lock.tryAcquire());
}

void tst_SoftPython::aFileLockIsToldOfAMarker_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("inside"); // of what, in which the holder runs
    const QString host =
        QStringLiteral("exec unshare --uts sh -c 'hostname elsewhere; exec \"$0\" \"$@\"' \"$0\" \"$@\"");
    const QString pids = QStringLiteral("exec unshare --pid --fork --kill-child --mount-proc \"$0\" \"$@\"");
    const QString here = QStringLiteral("exec \"$0\" \"$@\"");
    QTest::newRow("a soft lock") << QStringLiteral("soft") << here;
    QTest::newRow("a lease") << QStringLiteral("lease") << here;
    QTest::newRow("a strict lock") << QStringLiteral("strict") << here;
    QTest::newRow("another host's soft lock") << QStringLiteral("soft") << host;
    QTest::newRow("another host's lease") << QStringLiteral("lease") << host;
    QTest::newRow("a container's soft lock") << QStringLiteral("soft") << pids;
}

void tst_SoftPython::aFileLockIsToldOfAMarker()
{
    QFETCH(QString, kind);
    QFETCH(QString, inside);
    if (inside.contains(QStringLiteral("unshare")) && geteuid() != 0)
        QSKIP("SKIPPED: a namespace of its own needs root");
    if (inside.contains(QStringLiteral("--mount-proc"))
        && QProcess::execute(QStringLiteral("unshare"), {QStringLiteral("--mount"), QStringLiteral("true")}) != 0)
        QSKIP("SKIPPED: nothing can be mounted here, as in a chroot whose root is no mount of its own");
    OtherProcess other(QStringLiteral("sh"),
                       {QStringLiteral("-c"), inside, QStringLiteral(HOLDFAST_LOCKPROCESS), kind, m_path},
                       QStringLiteral("ready"));
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    FileLock lock(m_path, {.contents = FileContents::Clear});
    const qint64 size = QFileInfo(m_path).size();
    QVERIFY(!lock.tryAcquireFor(1h));
    QCOMPARE(lock.error(), LockError::OtherFamily);
    QCOMPARE(QFileInfo(m_path).size(), size);
    QCOMPARE(other.ask(QStringLiteral("release")), QStringLiteral("released"));
    QCOMPARE(QFile::exists(m_path), kind == QLatin1String("strict")); // that one leaves its sentinel for ever
    QCOMPARE(lock.tryAcquire(), kind != QLatin1String("strict"));
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 4 && std::strcmp(argv[1], "count") == 0)
        return count(QFile::decodeName(argv[2]), QFile::decodeName(argv[3]));
    tst_SoftPython test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_softpython.moc"
