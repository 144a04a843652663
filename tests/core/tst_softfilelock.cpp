// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What is special about SoftFileLock: the marker.

#include "otherprocess.h"
#include "pythonmarker.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qloggingcategory.h>
#include <QtCore/qscopeguard.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cstdio>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

using namespace Holdfast;
using namespace std::chrono_literals;

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long

const QByteArray Sentinel("1\nfilelock-strict-v1\0\n0\n", 24);

} // namespace

class tst_SoftFileLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("holdfast.warning=false")); }
    void init();
    void cleanup() { ::umask(m_umask); }
    void knowsItsOptions();
    void tellsOfChanges();
    void refusesWhatMeansNothing();
    void refusesChangesWhileHeld();
    void writesWhatPythonWrites();
    void removesTheMarker();
    void givesMarkersTheirMode();
    void judgesOwners_data();
    void judgesOwners();
    void judgesWhatIsNoMarkerYet_data();
    void judgesWhatIsNoMarkerYet();
    void refusesWhatIsNoFile_data();
    void refusesWhatIsNoFile();
    void leavesOtherFamiliesAlone_data();
    void leavesOtherFamiliesAlone();
    void isRefusedWhatCanBeNoMarker();
    void isRefusedAReadOnlyFile_data();
    void isRefusedAReadOnlyFile();
    void neverTouchesTheTargetOfALink();
    void neverTouchesAGuessableName();
    void keepsAPreciousFile_data();
    void keepsAPreciousFile();
    void keepsNothingOfATornMarker_data();
    void keepsNothingOfATornMarker();
    void aDeadOwnersLockIsHadAtOnce();
    void leavesASuccessorsMarkerAlone();
    void knowsTheHolder();
    void tellsItselfFromAnotherWithItsNumber();
    void tellsThatItWasBroken();
    void aLifetimeIsAgreedOn();
    void agesWithTheClockOfItsDisk_data();
    void agesWithTheClockOfItsDisk();
    void hearsOfADeathAtOnce();
    void isExpiredAfterAStop();
    void neverBreaksAnotherHostsMarker();
    void survivesItsDirectory_data();
    void survivesItsDirectory();
    void asksAndBreaksWhereItsPathHasLed();

private:
    QString at(const QString &name) const { return m_directory->filePath(name); }
    bool isTaken(std::chrono::milliseconds grace = 2s) const
    {
        SoftFileLock lock(m_path, {.malformedGrace = grace});
        const bool taken = lock.tryAcquire();
        if (lock.error() != LockError::None)
            qWarning() << lock.errorString();
        return taken;
    }
    bool make(const QString &kind) const;
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
    mode_t m_umask = 0;
};

void tst_SoftFileLock::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = at(QStringLiteral("some.lock"));
    m_umask = ::umask(022);
}

void tst_SoftFileLock::knowsItsOptions()
{
    const SoftFileLock plain(m_path);
    QCOMPARE(plain.malformedGrace(), 2s);
    QCOMPARE(plain.permissions(), QFileDevice::Permissions());
    const SoftFileLock lock(m_path, {.timeout = 5s,
                                     .pollInterval = 20ms,
                                     .blocking = false,
                                     .lifetime = 1h,
                                     .threadScope = ThreadScope::Shared,
                                     .permissions = QFileDevice::ReadOwner,
                                     .malformedGrace = -1ms});
    QCOMPARE(lock.path(), m_path);
    QCOMPARE(lock.timeout(), 5s);
    QCOMPARE(lock.pollInterval(), 20ms);
    QVERIFY(!lock.isBlocking());
    QCOMPARE(lock.lifetime(), 1h);
    QCOMPARE(lock.threadScope(), ThreadScope::Shared);
    QCOMPARE(lock.permissions(), QFileDevice::ReadOwner);
    QCOMPARE(lock.malformedGrace(), -1ms);
    QCOMPARE(lock.property("malformedGrace").toInt(), -1);
    QVERIFY(!isThere(m_path));
}

void tst_SoftFileLock::tellsOfChanges()
{
    SoftFileLock lock;
    QSignalSpy path(&lock, &SoftFileLock::pathChanged);
    QSignalSpy permissions(&lock, &SoftFileLock::permissionsChanged);
    QSignalSpy grace(&lock, &SoftFileLock::malformedGraceChanged);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(lock.setPath(m_path));
        QVERIFY(lock.setPermissions(QFileDevice::ReadOwner));
        QVERIFY(lock.setProperty("malformedGrace", 100));
    }
    QCOMPARE(path.size(), 1);
    QCOMPARE(permissions.size(), 1);
    QCOMPARE(grace.size(), 1);
    QCOMPARE(lock.malformedGrace(), 100ms);
}

void tst_SoftFileLock::refusesWhatMeansNothing()
{
    SoftFileLock lock(m_path);
    for (const auto grace : {-2ms, -1000ms}) {
        QVERIFY(!lock.setMalformedGrace(grace));
        QCOMPARE(lock.error(), LockError::InvalidArgument);
    }
    QCOMPARE(lock.malformedGrace(), 2s);
    for (const auto lifetime : {0ms, -2ms}) {
        QVERIFY(!lock.setLifetime(lifetime));
        QCOMPARE(lock.error(), LockError::InvalidArgument);
        QCOMPARE(SoftFileLock(m_path, {.lifetime = lifetime}).lifetime(), -1ms);
    }
    for (const QString &path : {QString(), QStringLiteral("a\0b").append(QChar(u'\0'))}) {
        SoftFileLock nowhere(path);
        QVERIFY(!nowhere.tryAcquireFor(5s));
        QCOMPARE(nowhere.error(), LockError::InvalidArgument);
        QVERIFY(!nowhere.breakLock());
        QCOMPARE(nowhere.error(), LockError::InvalidArgument);
        QVERIFY(!nowhere.holder().isValid());
    }
}

void tst_SoftFileLock::refusesChangesWhileHeld()
{
    SoftFileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(!lock.setPath(at(QStringLiteral("other"))));
    QCOMPARE(lock.error(), LockError::Misuse);
    QVERIFY(!lock.setMalformedGrace(0ms));
    QVERIFY(!lock.setPermissions(QFileDevice::ReadOwner));
    QCOMPARE(lock.error(), LockError::Misuse);
    QCOMPARE(lock.path(), m_path);
    QVERIFY(lock.release());
    QVERIFY(lock.setMalformedGrace(0ms));
}

void tst_SoftFileLock::writesWhatPythonWrites()
{
    SoftFileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    const QByteArray token = startToken(getpid());
    QVERIFY2(token.size() > 40, token.constData());
    QCOMPARE(contentOf(m_path), softMarker(getpid(), hostName(), token));
    OtherProcess other(QStringLiteral("soft"), at(QStringLiteral("others.lock")));
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QCOMPARE(contentOf(at(QStringLiteral("others.lock"))),
             softMarker(other.processId(), hostName(), startToken(other.processId())));
}

void tst_SoftFileLock::removesTheMarker()
{
    const QString deep = at(QStringLiteral("one/two/a b ü.lock"));
    SoftFileLock lock(deep);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.release());
    QVERIFY(isThere(deep));
    QVERIFY(lock.release());
    QVERIFY(!isThere(deep));
    {
        SoftFileLock scoped(deep);
        QVERIFY(scoped.tryAcquire());
    }
    QVERIFY(!isThere(deep));
}

void tst_SoftFileLock::givesMarkersTheirMode()
{
    const auto modeWith = [this](QFileDevice::Permissions permissions) {
        SoftFileLock lock(m_path, {.permissions = permissions});
        return lock.tryAcquire() ? modeOf(m_path) : 0U;
    };
    QCOMPARE(modeWith({}), 0644U);
    const auto everybody = QFileDevice::Permissions(0x6666);
    QCOMPARE(modeWith(everybody), 0644U); // less the umask, as in filelock
    QCOMPARE(modeWith(QFileDevice::ReadOwner), 0400U);
    ::umask(0);
    QCOMPARE(modeWith(everybody), 0666U);
    SoftFileLock unwritable(m_path, {.permissions = QFileDevice::ReadOwner | QFileDevice::ReadOther});
    QVERIFY(unwritable.tryAcquire());
    QVERIFY(!isTaken()); // and is no error, for it is a marker
}

void tst_SoftFileLock::judgesOwners_data()
{
    QTest::addColumn<QByteArray>("marker");
    QTest::addColumn<bool>("isFree");
    const QByteArray host = hostName();
    const QByteArray init = startToken(1);
    const auto row = [](const char *claim, const QByteArray &marker, bool isFree) {
        QTest::newRow(claim) << marker << isFree;
    };
    row("dead, no token", softMarker(deadProcess(), host), true);
    row("dead, with a token", softMarker(deadProcess(), host, "123"), true);
    row("dead, CRLF", QByteArray::number(deadProcess()) + "\r\n" + host + "\r\n", true);
    row("dead, blanks around", "\n  " + softMarker(deadProcess(), host) + "\n\n", true);
    row("alive, no token", softMarker(1, host), false);
    row("alive, its token", softMarker(1, host, init), false);
    row("alive, its token, written otherwise", "01\n" + host + "\n0" + init + "\n", false);
    row("this process", softMarker(getpid(), host, startToken(getpid())), false);
    row("recycled number", softMarker(1, host, startToken(getpid())), true);
    row("recycled number, this process's", softMarker(getpid(), host, startToken(1)), true);
    row("last digit of 58 differs", softMarker(1, host, init.chopped(1) + (init.endsWith('1') ? '2' : '1')), true);
    row("the same start after another boot", softMarker(1, host, "1" + init), true);
    row("another boot's 58 nines", softMarker(1, host, QByteArray(58, '9')), true);
    row("a token of 900 digits", softMarker(1, host, QByteArray(900, '7')), true);
    row("another host's number that is dead here", softMarker(deadProcess(), "another.machine"), false);
    row("no host", softMarker(deadProcess(), "", "5"), false);
    row("our host in capitals", softMarker(deadProcess(), host.toUpper() + 'X'), false);
    row("the largest number", softMarker(2147483647, host), true);
}

void tst_SoftFileLock::judgesOwners()
{
    QFETCH(QByteArray, marker);
    QFETCH(bool, isFree);
    for (const int seconds : {0, 86400 * 365}) { // whatever its age
        write(m_path, marker);
        age(m_path, seconds);
        QCOMPARE(isTaken(), isFree);
        QCOMPARE(isThere(m_path), !isFree);
    }
    if (!isFree)
        QCOMPARE(contentOf(m_path), marker);
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files | QDir::Hidden).size(), isFree ? 0 : 1);
}

bool tst_SoftFileLock::make(const QString &kind) const
{
    const QByteArray path = QFile::encodeName(m_path);
    ::unlink(path.constData());
    if (kind == QLatin1String("pipe"))
        return ::mkfifo(path.constData(), 0666) == 0;
    if (kind == QLatin1String("dangling link"))
        return ::symlink("nowhere", path.constData()) == 0;
    if (kind == QLatin1String("link to a directory"))
        return ::symlink("/", path.constData()) == 0;
    if (kind == QLatin1String("link to itself"))
        return ::symlink("some.lock", path.constData()) == 0;
    if (kind == QLatin1String("socket")) {
        sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
        std::snprintf(address.sun_path, sizeof address.sun_path, "%s", path.constData());
        const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
        const bool bound = ::bind(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
        ::close(descriptor);
        return bound;
    }
    return kind == QLatin1String("device") && ::mknod(path.constData(), S_IFCHR | 0666, makedev(1, 3)) == 0;
}

void tst_SoftFileLock::judgesWhatIsNoMarkerYet_data()
{
    QTest::addColumn<QByteArray>("marker");
    for (const char *text : {"1\n", "1\nh", "filelock/2\n", "filelock/2\nhost=h\nnonsense"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("nothing") << QByteArray("");
    QTest::newRow("zeros") << QByteArray(40, '\0');
}

// Somebody may just be writing it; so it must be old, or the grace none.
void tst_SoftFileLock::judgesWhatIsNoMarkerYet()
{
    QFETCH(QByteArray, marker);
    write(m_path, marker);
    QVERIFY(!isTaken());
    QVERIFY(isThere(m_path));
    age(m_path, -3600); // from the future
    QVERIFY(!isTaken(0ms));
    age(m_path, 3600);
    QVERIFY(!isTaken(-1ms));
    QVERIFY(!isTaken(2h));
    QVERIFY(isThere(m_path));
    QVERIFY(isTaken());
    QVERIFY(!isThere(m_path));
    write(m_path, marker);
    QVERIFY(isTaken(0ms));
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files | QDir::Hidden).size(), 0);
}

void tst_SoftFileLock::refusesWhatIsNoFile_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"pipe", "socket", "device", "dangling link", "link to a directory", "link to itself"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

// Whatever its age; and no pipe hangs anybody.
void tst_SoftFileLock::refusesWhatIsNoFile()
{
    QFETCH(QString, kind);
    if (!make(kind))
        QSKIP("cannot make devices here");
    for (const int seconds : {0, 3600}) {
        age(m_path, seconds);
        SoftFileLock lock(m_path, {.malformedGrace = 0ms});
        QVERIFY(!lock.tryAcquireFor(1h));
        QCOMPARE(lock.error(), LockError::NotAFile);
        QVERIFY(isThere(m_path));
    }
}

void tst_SoftFileLock::leavesOtherFamiliesAlone_data()
{
    QTest::addColumn<QByteArray>("marker");
    QTest::newRow("a sentinel") << Sentinel;
    QTest::newRow("a lease of this machine") << leaseMarker(1, hostName(), AnyToken, "30.0", startToken(1));
    QTest::newRow("a lease of another") << leaseMarker(1, "another.machine", AnyToken, "30.0");
    QTest::newRow("rules to come")
        << leaseMarker(1, "another.machine", AnyToken, "30.0").replace("mode=lease", "mode=x");
    QTest::newRow("rules to come, of an owner who is dead")
        << leaseMarker(2147483646, hostName(), AnyToken, "30.0", "1").replace("mode=lease", "mode=x");
    QTest::newRow("a database") << QByteArray("SQLite format 3\0", 16) + QByteArray(84, '\0');
}

void tst_SoftFileLock::leavesOtherFamiliesAlone()
{
    QFETCH(QByteArray, marker);
    write(m_path, marker);
    age(m_path, 86400);
    SoftFileLock lock(m_path, {.lifetime = 1s, .malformedGrace = 0ms});
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::OtherFamily);
    QVERIFY2(lock.errorString().contains(m_path), qPrintable(lock.errorString()));
    QVERIFY(!lock.tryAcquireFor(1h)); // ends at once
    QCOMPARE(contentOf(m_path), marker);
}

void tst_SoftFileLock::isRefusedWhatCanBeNoMarker()
{
    QVERIFY(QDir().mkdir(m_path));
    age(m_path, 3600);
    SoftFileLock lock(m_path, {.lifetime = 1s});
    QVERIFY(!lock.tryAcquireFor(1h));
    QCOMPARE(lock.error(), LockError::NotAFile);
    SoftFileLock below(m_path + QStringLiteral("/below"));
    QVERIFY(below.tryAcquire()); // the directory is as good as any
    write(at(QStringLiteral("file")), "x");
    SoftFileLock belowAFile(at(QStringLiteral("file/lock")));
    QVERIFY(!belowAFile.tryAcquireFor(1h));
    QCOMPARE(belowAFile.error(), LockError::NotAFile);
    SoftFileLock tooLong(at(QString(300, u'x')));
    QVERIFY(!tooLong.tryAcquireFor(1h));
    QCOMPARE(tooLong.error(), LockError::NameTooLong);
}

void tst_SoftFileLock::isRefusedAReadOnlyFile_data()
{
    QTest::addColumn<int>("seconds");
    QTest::newRow("of now") << 0;
    QTest::newRow("of 1970") << int(::time(nullptr));
    QTest::newRow("of next year") << -365 * 86400;
}

void tst_SoftFileLock::isRefusedAReadOnlyFile()
{
    QFETCH(int, seconds);
    write(m_path, "theirs");
    QCOMPARE(::chmod(qPrintable(m_path), 0444), 0);
    age(m_path, seconds);
    SoftFileLock lock(m_path);
    QVERIFY(!lock.tryAcquireFor(1h));
    QCOMPARE(lock.error(), LockError::PermissionDenied);
    QCOMPARE(contentOf(m_path), QByteArray("theirs"));
}

void tst_SoftFileLock::neverTouchesTheTargetOfALink()
{
    const QString target = at(QStringLiteral("target"));
    write(target, softMarker(deadProcess(), hostName()));
    age(target, 3600);
    const QByteArray content = contentOf(target);
    QVERIFY(QFile::link(target, m_path));
    QVERIFY(!SoftFileLock(m_path).holder().isValid());
    QVERIFY(!isTaken());
    age(m_path, 3600);
    QVERIFY(!isTaken());
    QCOMPARE(QFile::symLinkTarget(m_path), target);
    QCOMPARE(contentOf(target), content);
}

void tst_SoftFileLock::neverTouchesAGuessableName()
{
    const QString guess = m_path + QStringLiteral(".break.%1").arg(getpid());
    write(guess, "precious");
    write(m_path, softMarker(deadProcess(), hostName()));
    QVERIFY(isTaken());
    QCOMPARE(contentOf(guess), QByteArray("precious"));
}

void tst_SoftFileLock::keepsAPreciousFile_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::newRow("a long one") << QByteArray(5000, 'd');
    QTest::newRow("a name") << QByteArray("vm\n");
    QTest::newRow("a single letter") << QByteArray("x");
    QTest::newRow("lines of numbers") << QByteArray("1\n2\n3\n4\n");
    QTest::newRow("an empty line") << QByteArray("\n");
    QTest::newRow("a megabyte") << QByteArray(1 << 20, 'x');
    QTest::newRow("about leases") << QByteArray("filelock/2\nis the first line of a lease.\n");
    QTest::newRow("too long for a lease") << "filelock/2\npid=1\n" + QByteArray(2000, 'x');
    for (const char *text : {"not at all", "1\nh\n3\n4\n", "1\nh\nabc\n", "0\nh\n", "-5\nh\n", "2147483648\nh\n",
                             "\xff\n", "1.0\nh\n", "0x1\nh\n"})
        QTest::newRow(text) << QByteArray(text);
}

// Whoever mistypes the path of his lock, or gives that of his document, loses nothing.
void tst_SoftFileLock::keepsAPreciousFile()
{
    QFETCH(QByteArray, document);
    write(m_path, document);
    QVERIFY(!isTaken());
    age(m_path, 3600);
    QVERIFY(!isTaken(-1ms));
    SoftFileLock lock(m_path);
    QVERIFY(!lock.tryAcquireFor(1h));
    QCOMPARE(lock.error(), LockError::NotALockFile);
    QVERIFY(lock.errorString().contains(m_path));
    QCOMPARE(contentOf(m_path), document);
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void tst_SoftFileLock::keepsNothingOfATornMarker_data()
{
    QTest::addColumn<QByteArray>("marker");
    QTest::newRow("nothing of it") << QByteArray("");
    QTest::newRow("a part of its process") << QByteArray("47");
    QTest::newRow("its process") << QByteArray("4711\n");
    QTest::newRow("half its start") << softMarker(1, hostName(), startToken(1)).chopped(20);
    QTest::newRow("the beginning of a lease") << leaseMarker(4711, "another.machine", AnyToken, "30.0").left(40);
}

void tst_SoftFileLock::keepsNothingOfATornMarker()
{
    QFETCH(QByteArray, marker);
    write(m_path, marker);
    QVERIFY(!isTaken()); // it may be being written, by somebody who lives
    age(m_path, 3600);
    QVERIFY(isTaken());
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files | QDir::Hidden), QStringList());
}

void tst_SoftFileLock::aDeadOwnersLockIsHadAtOnce()
{
    OtherProcess other(QStringLiteral("soft"), m_path);
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    SoftFileLock lock(m_path, {.blocking = false});
    QVERIFY(!lock.tryAcquire());
    other.kill();
    QVERIFY(isThere(m_path));
    QVERIFY(lock.tryAcquire());
    QCOMPARE(lock.holder().processId, qint64(getpid()));
}

void tst_SoftFileLock::leavesASuccessorsMarkerAlone()
{
    const QByteArray successor = softMarker(1, hostName());
    SoftFileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    write(at(QStringLiteral("new")), successor);
    QCOMPARE(std::rename(qPrintable(at(QStringLiteral("new"))), qPrintable(m_path)), 0);
    lock.release(); // perhaps it has noticed already
    QVERIFY(!lock.isHeld());
    QCOMPARE(contentOf(m_path), successor);
}

void tst_SoftFileLock::knowsTheHolder()
{
    SoftFileLock lock(m_path);
    QVERIFY(!lock.holder().isValid() && !lock.isHeldByThisProcess());
    for (const QByteArray &junk :
         {QByteArray("junk"), QByteArray("\xff\n"), QByteArray(2000, '1'), QByteArray("1\n"), QByteArray("0\nh\n")}) {
        write(m_path, junk);
        QVERIFY(!lock.holder().isValid() && !lock.isHeldByThisProcess());
    }
    write(m_path, softMarker(getpid(), "another.machine"));
    QCOMPARE(lock.holder().liveness, Liveness::Unknown);
    QCOMPARE(lock.holder().hostName, QStringLiteral("another.machine"));
    QVERIFY(!lock.isHeldByThisProcess());
    write(m_path, softMarker(1, hostName()));
    QCOMPARE(lock.holder().liveness, Liveness::Alive);
    QVERIFY(!lock.isHeldByThisProcess());
    write(m_path, softMarker(deadProcess(), hostName()));
    QCOMPARE(lock.holder().liveness, Liveness::Dead);
    QVERIFY(isThere(m_path)); // a question changes nothing
    QVERIFY(lock.tryAcquire());
    QCOMPARE(lock.holder().processId, qint64(getpid()));
    QCOMPARE(lock.holder().liveness, Liveness::Alive);
    QVERIFY(qAbs(lock.holder().since.secsTo(QDateTime::currentDateTime())) < 60);
    QVERIFY(SoftFileLock(m_path).isHeldByThisProcess());
}

void tst_SoftFileLock::tellsItselfFromAnotherWithItsNumber()
{
    const SoftFileLock lock(m_path);
    write(m_path, softMarker(getpid(), hostName())); // an older filelock's, which notes no start
    QVERIFY(lock.isHeldByThisProcess());
    write(m_path, softMarker(getpid(), hostName(), startToken(getpid())));
    QVERIFY(lock.isHeldByThisProcess());
    write(m_path, softMarker(getpid(), hostName(), startToken(1)));
    QVERIFY(!lock.isHeldByThisProcess());
    QVERIFY(!SoftFileLock().isHeldByThisProcess());
}

void tst_SoftFileLock::tellsThatItWasBroken()
{
    OtherProcess other(QStringLiteral("soft"), m_path);
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    SoftFileLock lock(m_path);
    QVERIFY(lock.breakLock());
    QCOMPARE(other.hear(), QStringLiteral("lost %1").arg(int(LossReason::MarkerMissing)));
    QVERIFY(lock.breakLock()); // a missing one is fine
    write(at(QStringLiteral("file")), "x");
    QVERIFY(SoftFileLock(at(QStringLiteral("file/some.lock"))).breakLock()); // nor can there be one
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(QDir().mkdir(m_path));
    QVERIFY(!lock.breakLock());
    QVERIFY(lock.error() != LockError::None && isThere(m_path));
}

void tst_SoftFileLock::aLifetimeIsAgreedOn()
{
    write(m_path, softMarker(1, hostName()));
    age(m_path, 10);
    QVERIFY(!SoftFileLock(m_path).tryAcquire());
    QVERIFY(!SoftFileLock(m_path, {.lifetime = 20s}).tryAcquire());
    SoftFileLock taker(m_path, {.lifetime = 5s});
    QVERIFY(taker.tryAcquire());
    QVERIFY(taker.release());
    write(m_path, softMarker(1, "another.machine"));
    age(m_path, 10);
    QVERIFY(taker.tryAcquire());
}

void tst_SoftFileLock::agesWithTheClockOfItsDisk_data()
{
    QTest::addColumn<QByteArray>("marker");
    QTest::newRow("a lifetime") << softMarker(1, hostName());
    QTest::newRow("a torn marker") << QByteArray("1\n");
}

// As if that clock had been set since the marker was written: its stamp is what the clock said then.
void tst_SoftFileLock::agesWithTheClockOfItsDisk()
{
    QFETCH(QByteArray, marker);
    SoftFileLock lock(m_path, {.lifetime = 500s, .malformedGrace = 500s});
    write(m_path, marker);
    QVERIFY(!lock.tryAcquire());
    for (const int seconds : {-86400, -1, 0, 400}) { // set back; or forward, not far enough
        age(m_path, seconds);
        QVERIFY(!lock.tryAcquire());
        QCOMPARE(contentOf(m_path), marker);
    }
    age(m_path, 600);
    QVERIFY(lock.tryAcquire());
}

// The poll of a waiter is 10 s; what tells him is the system.
void tst_SoftFileLock::hearsOfADeathAtOnce()
{
    for (int i = 0; i < 5; ++i) {
        OtherProcess other(QStringLiteral("soft"), m_path);
        QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
        SoftFileLock lock(m_path, {.pollInterval = 10s});
        QSignalSpy contended(&lock, &AbstractLock::contended);
        QSignalSpy acquired(&lock, &AbstractLock::acquired);
        lock.acquire();
        QVERIFY(contended.wait(Patience));
        QTest::qWait(20); // it waits for the poll now
        QElapsedTimer timer;
        timer.start();
        other.kill();
        QVERIFY(!acquired.isEmpty() || acquired.wait(Patience));
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QStringLiteral("after %1 ms").arg(timer.elapsed())));
    }
}

//   P.1 holds for a lifetime, and is stopped        Q.1 takes over when that is over        P.2 goes on: is told; gives back
void tst_SoftFileLock::isExpiredAfterAStop()
{
    OtherProcess p(QStringLiteral("soft"), m_path);
    QCOMPARE(p.ask(QStringLiteral("try")), QStringLiteral("acquired")); // P.1
    p.freeze();
    age(m_path, 10);
    SoftFileLock q(m_path, {.lifetime = 5s});
    QVERIFY(q.tryAcquire()); // Q.1
    const QByteArray marker = contentOf(m_path);
    p.unfreeze(); // P.2
    QCOMPARE(p.hear(), QStringLiteral("lost %1").arg(int(LossReason::OwnerChanged)));
    QVERIFY(p.ask(QStringLiteral("release")).startsWith(QStringLiteral("failed")));
    QCOMPARE(contentOf(m_path), marker);
    QVERIFY(q.release());
}

void tst_SoftFileLock::neverBreaksAnotherHostsMarker()
{
    const QString unshare = QStandardPaths::findExecutable(QStringLiteral("unshare"));
    if (geteuid() != 0 || unshare.isEmpty())
        QSKIP("SKIPPED: a host name of its own needs root and unshare(1)");
    const QString command =
        QStringLiteral("hostname elsewhere; exec '%1' soft '%2'").arg(QStringLiteral(HOLDFAST_LOCKPROCESS), m_path);
    OtherProcess other(unshare, {QStringLiteral("--uts"), QStringLiteral("sh"), QStringLiteral("-c"), command},
                       QStringLiteral("ready"));
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QCOMPARE(contentOf(m_path), softMarker(other.processId(), "elsewhere", startToken(other.processId())));
    SoftFileLock lock(m_path);
    QVERIFY(!lock.tryAcquire());
    other.kill();
    QVERIFY(!lock.tryAcquire()); // who knows
    age(m_path, 86400);
    QVERIFY(!lock.tryAcquireFor(100ms));
    QCOMPARE(lock.error(), LockError::None);
    QVERIFY(lock.breakLock());
    QVERIFY(lock.tryAcquire());
    OtherProcess again(unshare, {QStringLiteral("--uts"), QStringLiteral("sh"), QStringLiteral("-c"), command},
                       QStringLiteral("ready"));
    QCOMPARE(again.ask(QStringLiteral("try")), QStringLiteral("busy"));
}

void tst_SoftFileLock::survivesItsDirectory_data()
{
    QTest::addColumn<bool>("isRelative");
    QTest::newRow("by an absolute path") << false;
    QTest::newRow("by a relative path") << true;
}

void tst_SoftFileLock::survivesItsDirectory()
{
    QFETCH(bool, isRelative);
    const QString before = QDir::currentPath();
    const QString folder = at(QStringLiteral("folder"));
    QVERIFY(QDir().mkdir(folder));
    QVERIFY(QDir::setCurrent(m_directory->path()));
    SoftFileLock lock(isRelative ? QStringLiteral("folder/some.lock") : folder + QStringLiteral("/some.lock"));
    QSignalSpy lost(&lock, &AbstractLock::lost);
    QVERIFY(lock.tryAcquire());
    QVERIFY(QDir(folder).removeRecursively());
    QVERIFY(!lost.isEmpty() || lost.wait(Patience));
    QCOMPARE(lock.lossReason(), LossReason::MarkerMissing);
    QVERIFY(lock.tryAcquire()); // makes it again
    QVERIFY(isThere(folder + QStringLiteral("/some.lock")));
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(lock.release());
    QVERIFY(!isThere(folder + QStringLiteral("/some.lock")));
}

// A relative path leads elsewhere once the program has changed its directory; the hold stays where it began.
void tst_SoftFileLock::asksAndBreaksWhereItsPathHasLed()
{
    const QTemporaryDir elsewhere;
    const auto restore = qScopeGuard([before = QDir::currentPath()] { QDir::setCurrent(before); });
    QVERIFY(QDir::setCurrent(m_directory->path()));
    SoftFileLock lock(QFileInfo(m_path).fileName());
    QVERIFY(lock.tryAcquire());
    QVERIFY(QDir::setCurrent(elsewhere.path()));
    QVERIFY(lock.isHeldByThisProcess());
    QVERIFY(lock.breakLock());
    QVERIFY(!QFile::exists(m_path));
    QVERIFY(!lock.isHeldByThisProcess());
    static_cast<void>(lock.forceRelease());
    SoftFileLock other(m_path);
    QVERIFY(other.tryAcquire());
    QVERIFY(!lock.isHeldByThisProcess()); // the next hold will begin here
}

QTEST_GUILESS_MAIN(tst_SoftFileLock)
#include "tst_softfilelock.moc"
