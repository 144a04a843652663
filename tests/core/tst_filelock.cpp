// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What is special about FileLock: the file.

#include "otherprocess.h"

#include <holdfast/filelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

using namespace Holdfast;
using namespace std::chrono_literals;

class tst_FileLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void createsTheFileAndItsParents();
    void neverRemovesTheFile();
    void keepsContentsByDefault();
    void clearsContentsWhenTold();
    void sharedHoldersClearNothing();
    void aLoserChangesNothing();
    void followsTheUmask();
    void setsExactPermissionsWhenTold();
    void sharedHoldersExcludeExclusiveOnes();
    void aSharedLockNeedsNoWritePermission();
    void hookSeesTheLockedDescriptor();
    void hookRunsOncePerHold();
    void hookMayRefuse_data();
    void hookMayRefuse();
    void hookMayNotUseItsOwnLock();
    void holderIsReadWithoutSideEffect();
    void holderIsWhoeverKeepsTheDescriptor();
    void tellsWhoIsInTheWayAgainWhenThatIsAnotherOne();
    void aRelativePathIsFixedWhenItIsAcquired();
    void descriptorsAreCloseOnExec();
    void leaksNoDescriptors();
    void optionsAsAnAggregate();
    void refusesToChangeThePathInUse();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("a.lock")); }
    std::unique_ptr<QTemporaryDir> m_directory;
    mode_t m_umask = 0;
};

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

unsigned modeOf(const QString &path)
{
    struct stat facts = {};
    return ::stat(qPrintable(path), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

qsizetype openDescriptors()
{
    return QDir(QStringLiteral("/proc/self/fd"))
        .entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System)
        .size();
}

constexpr auto ReadWriteAll = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup
                              | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther;

} // namespace

void tst_FileLock::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_umask = umask(022);
}

void tst_FileLock::cleanup()
{
    umask(m_umask);
}

void tst_FileLock::createsTheFileAndItsParents()
{
    const QString deep = m_directory->filePath(QStringLiteral("one/two/a b ü.lock"));
    FileLock lock(deep);
    QVERIFY(!QFile::exists(m_directory->filePath(QStringLiteral("one"))));
    QVERIFY2(lock.tryAcquire(), qPrintable(lock.errorString()));
    QVERIFY(QFileInfo(deep).isFile());
}

void tst_FileLock::neverRemovesTheFile()
{
    {
        FileLock lock(path());
        QVERIFY(lock.tryAcquire());
        QVERIFY(lock.release());
        QVERIFY(lock.tryAcquire());
    }
    QVERIFY(QFile::exists(path()));
    QCOMPARE(QFileInfo(path()).size(), 0);
}

void tst_FileLock::keepsContentsByDefault()
{
    write(path(), "somebody's precious document");
    FileLock lock(path());
    QCOMPARE(lock.contents(), FileContents::Keep);
    QVERIFY(lock.tryAcquire());
    QVERIFY(lock.release());
    QCOMPARE(contentOf(path()), QByteArray("somebody's precious document"));
}

void tst_FileLock::clearsContentsWhenTold()
{
    write(path(), "stale");
    FileLock lock(path(), {.contents = FileContents::Clear});
    QVERIFY(lock.tryAcquire());
    QCOMPARE(contentOf(path()), QByteArray());
}

void tst_FileLock::sharedHoldersClearNothing()
{
    write(path(), "being read");
    const FileLockOptions options{.mode = LockMode::Shared, .contents = FileContents::Clear};
    FileLock first(path(), options);
    FileLock second(path(), options);
    QVERIFY(first.tryAcquire() && second.tryAcquire());
    QCOMPARE(contentOf(path()), QByteArray("being read"));
    QVERIFY(first.release() && second.release());
    QVERIFY(second.setMode(LockMode::Exclusive));
    QVERIFY(second.tryAcquire());
    QCOMPARE(contentOf(path()), QByteArray());
}

void tst_FileLock::aLoserChangesNothing()
{
    FileLock holder(path(), {.permissions = QFileDevice::ReadOwner | QFileDevice::WriteOwner});
    QVERIFY(holder.tryAcquire());
    write(path(), "of the holder");
    FileLock loser(path(), {.permissions = ReadWriteAll, .contents = FileContents::Clear});
    QVERIFY(!loser.tryAcquireFor(30ms));
    QCOMPARE(contentOf(path()), QByteArray("of the holder"));
    QCOMPARE(modeOf(path()), 0600U);
}

void tst_FileLock::followsTheUmask()
{
    umask(027);
    FileLock lock(path());
    QVERIFY(lock.tryAcquire());
    QCOMPARE(modeOf(path()), 0640U);
    QVERIFY(::chmod(qPrintable(path()), 0600) == 0);
    QVERIFY(lock.release() && lock.tryAcquire());
    QCOMPARE(modeOf(path()), 0600U); // left alone
}

void tst_FileLock::setsExactPermissionsWhenTold()
{
    umask(077);
    FileLock lock(path(), {.permissions = ReadWriteAll});
    QVERIFY(lock.tryAcquire());
    QCOMPARE(modeOf(path()), 0666U);
    QCOMPARE(umask(077), 077U);
}

void tst_FileLock::sharedHoldersExcludeExclusiveOnes()
{
    FileLock a(path(), {.mode = LockMode::Shared});
    FileLock b(path(), {.mode = LockMode::Shared});
    FileLock writer(path());
    QVERIFY(a.tryAcquire());
    QVERIFY(b.tryAcquire());
    QVERIFY(!writer.tryAcquire());
    QCOMPARE(writer.holder().mode, LockMode::Shared);
    QSignalSpy acquired(&writer, &FileLock::acquired);
    writer.acquire({.pollInterval = 1h});
    QVERIFY(a.release());
    QVERIFY(!acquired.wait(60));
    QVERIFY(b.release());
    QVERIFY(acquired.wait(30000));
    QVERIFY(!a.tryAcquire());
}

void tst_FileLock::aSharedLockNeedsNoWritePermission()
{
    write(path(), "for all to read");
    QVERIFY(::chmod(qPrintable(path()), 0444) == 0);
    const auto check = [this] {
        FileLock reader(path(), {.mode = LockMode::Shared});
        FileLock writer(path());
        return reader.tryAcquire() && reader.release() && !writer.tryAcquire()
               && writer.error() == LockError::PermissionDenied && writer.errorString().contains(path());
    };
    if (geteuid() != 0) {
        QVERIFY(check());
        return;
    }
    QVERIFY(::chmod(qPrintable(m_directory->path()), 0777) == 0);
    QVERIFY(seteuid(65534) == 0); // nobody: root may write anything
    const bool right = check();
    QVERIFY(seteuid(0) == 0);
    QVERIFY(right);
}

void tst_FileLock::hookSeesTheLockedDescriptor()
{
    FileLock lock(path());
    FileLock rival(path());
    bool busyMeanwhile = false;
    lock.setHeldHook([&](qintptr descriptor) -> std::optional<QString> {
        busyMeanwhile = !rival.tryAcquire();
        const auto written = ::write(static_cast<int>(descriptor), "me", 2);
        return written == 2 ? std::optional<QString>() : QStringLiteral("cannot write");
    });
    QVERIFY(lock.tryAcquire());
    QVERIFY(busyMeanwhile);
    QCOMPARE(contentOf(path()), QByteArray("me"));
}

void tst_FileLock::hookRunsOncePerHold()
{
    int calls = 0;
    FileLock lock(path());
    lock.setHeldHook([&](qintptr) -> std::optional<QString> { return ++calls, std::nullopt; });
    FileLock rival(path());
    QVERIFY(lock.tryAcquire() && lock.tryAcquire());
    QVERIFY(lock.forceRelease());
    QVERIFY(lock.tryAcquire());
    QCOMPARE(calls, 2);
    QVERIFY(lock.release());
    QVERIFY(rival.tryAcquire());
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(calls, 2);
}

void tst_FileLock::hookMayRefuse_data()
{
    QTest::addColumn<bool>("byThrowing");
    QTest::newRow("with a text") << false;
    QTest::newRow("by throwing") << true;
}

void tst_FileLock::hookMayRefuse()
{
    QFETCH(bool, byThrowing);
    FileLock lock(path());
    FileLock rival(path());
    lock.setHeldHook([byThrowing](qintptr) -> std::optional<QString> {
        if (byThrowing)
            throw std::runtime_error("I do not like it");
        return QStringLiteral("I do not like it");
    });
    QVERIFY(!lock.tryAcquire());
    QCOMPARE(lock.error(), LockError::CallbackFailed);
    QVERIFY(lock.errorString().contains(QStringLiteral("I do not like it")) && lock.errorString().contains(path()));
    QCOMPARE(lock.depth(), 0);
    QVERIFY(rival.tryAcquire() && rival.release());
    QSignalSpy failed(&lock, &FileLock::errorOccurred);
    lock.acquire();
    QVERIFY(failed.wait(30000));
    QVERIFY(rival.tryAcquire() && rival.release());
    QVERIFY(lock.setHeldHook({}));
    QVERIFY(lock.tryAcquire());
}

void tst_FileLock::hookMayNotUseItsOwnLock()
{
    FileLock lock(path());
    QStringList answers; // each of these would wait for itself
    lock.setHeldHook([&](qintptr) -> std::optional<QString> {
        answers += lock.tryAcquire() ? QStringLiteral("acquired") : QStringLiteral("refused");
        answers += lock.error() == LockError::Misuse ? QStringLiteral("misuse") : QStringLiteral("no error");
        answers += lock.tryAcquireFor(1h) ? QStringLiteral("acquired") : QStringLiteral("refused");
        answers += lock.forceRelease() && !lock.isHeld() ? QStringLiteral("nothing") : QStringLiteral("released");
        return std::nullopt;
    });
    QVERIFY(lock.tryAcquire());
    QCOMPARE(answers, QStringList({QStringLiteral("refused"), QStringLiteral("misuse"), QStringLiteral("refused"),
                                   QStringLiteral("nothing")}));
    QCOMPARE(lock.depth(), 1);
    FileLock rival(path());
    QVERIFY(!rival.tryAcquire());
}

void tst_FileLock::holderIsReadWithoutSideEffect()
{
    FileLock lock(path());
    QVERIFY(!lock.holder().isValid());
    QVERIFY(!QFile::exists(path()));
    OtherProcess other(QStringLiteral("file"), path());
    QCOMPARE(other.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    const LockHolder holder = lock.holder();
    QCOMPARE(holder.processId, other.processId());
    QCOMPARE(holder.application, QStringLiteral("lockprocess"));
    QVERIFY(!holder.userName.isEmpty());
    QCOMPARE(holder.mode, LockMode::Exclusive);
    QCOMPARE(lock.state(), LockState::Idle);
    other.kill();
    QTRY_VERIFY_WITH_TIMEOUT(!lock.holder().isValid(), 30000);
    QCOMPARE(LockHolder().toString(), QStringLiteral("nobody"));
}

void tst_FileLock::holderIsWhoeverKeepsTheDescriptor()
{
    OtherProcess taker(
        QStringLiteral("sh"),
        {QStringLiteral("-c"),
         QStringLiteral("exec 9>'%1'; flock 9; sleep 600 <&- >&- 2>&- & echo ready; echo $!").arg(path())},
        QStringLiteral("ready"));
    const qint64 heir = taker.hear().toLongLong();
    QVERIFY(heir > 1);
    static_cast<void>(taker.end());
    const auto application = [this] { return FileLock(path()).holder().application; };
    QTRY_COMPARE_WITH_TIMEOUT(application(), QStringLiteral("sleep"), 30000); // a shell, until it is
    const LockHolder holder = FileLock(path()).holder();
    ::kill(static_cast<pid_t>(heir), SIGKILL);
    QCOMPARE(holder.processId, heir);
    QCOMPARE(holder.liveness, Liveness::Alive);
    QTRY_VERIFY_WITH_TIMEOUT(!FileLock(path()).holder().isValid(), 30000);
}

void tst_FileLock::tellsWhoIsInTheWayAgainWhenThatIsAnotherOne()
{
    OtherProcess first(QStringLiteral("file"), path());
    OtherProcess second(QStringLiteral("file"), path());
    QCOMPARE(first.ask(QStringLiteral("tryRead")), QStringLiteral("acquired"));
    FileLock lock(path());
    QList<qint64> owners;
    connect(&lock, &FileLock::contended, this, [&owners](const LockHolder &owner) { owners += owner.processId; });
    lock.acquire();
    QTRY_COMPARE_WITH_TIMEOUT(owners, QList{first.processId()}, 30000);
    QCOMPARE(second.ask(QStringLiteral("tryRead")), QStringLiteral("acquired"));
    QCOMPARE(first.ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_COMPARE_WITH_TIMEOUT(owners, QList({first.processId(), second.processId()}), 30000);
    QCOMPARE(lock.state(), LockState::Waiting);
    QCOMPARE(second.ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_VERIFY_WITH_TIMEOUT(lock.isHeld(), 30000);
    QCOMPARE(owners.size(), 2);
}

void tst_FileLock::aRelativePathIsFixedWhenItIsAcquired()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    FileLock lock(QStringLiteral("relative.lock"));
    QVERIFY(lock.tryAcquire());
    QVERIFY(QDir::setCurrent(QStringLiteral("/")));
    QSignalSpy lost(&lock, &FileLock::lost);
    QVERIFY(!lost.wait(350)); // the file is looked after where it is
    QVERIFY(lock.isHeld());
    QVERIFY(lock.release());
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(QFile::exists(m_directory->filePath(QStringLiteral("relative.lock"))));
    QVERIFY(!QFile::exists(QStringLiteral("/relative.lock")));
}

void tst_FileLock::descriptorsAreCloseOnExec()
{
    FileLock lock(path());
    int flags = 0;
    lock.setHeldHook([&](qintptr descriptor) -> std::optional<QString> {
        flags = fcntl(static_cast<int>(descriptor), F_GETFD);
        return std::nullopt;
    });
    QVERIFY(lock.tryAcquire());
    QVERIFY(flags & FD_CLOEXEC);
}

void tst_FileLock::leaksNoDescriptors()
{
    FileLock holder(path());
    FileLock lock(path());
    const auto cycle = [&] {
        QVERIFY(holder.tryAcquire());
        QVERIFY(!lock.tryAcquire());
        QVERIFY(!lock.tryAcquireFor(1ms));
        QSignalSpy timedOut(&lock, &FileLock::timedOut);
        lock.acquire({.timeout = 1ms});
        QVERIFY(timedOut.wait(30000));
        QVERIFY(holder.release());
        QVERIFY(lock.tryAcquire() && lock.release());
    };
    cycle(); // what is opened once and kept
    const qsizetype before = openDescriptors();
    for (int i = 0; i < 100; ++i)
        cycle();
    QCOMPARE(openDescriptors(), before);
}

void tst_FileLock::optionsAsAnAggregate()
{
    const FileLock lock(path(), {.timeout = 5s,
                                 .pollInterval = 10ms,
                                 .blocking = false,
                                 .lifetime = 1h,
                                 .threadScope = ThreadScope::Shared,
                                 .mode = LockMode::Shared,
                                 .softFallback = SoftFallback::Refused,
                                 .preserveFile = true});
    QCOMPARE(lock.timeout(), 5s);
    QCOMPARE(lock.pollInterval(), 10ms);
    QCOMPARE(lock.isBlocking(), false);
    QCOMPARE(lock.lifetime(), 1h);
    QCOMPARE(lock.threadScope(), ThreadScope::Shared);
    QCOMPARE(lock.mode(), LockMode::Shared);
    QCOMPARE(lock.softFallback(), SoftFallback::Refused);
    QCOMPARE(lock.preservesFile(), true);
    QCOMPARE(lock.path(), path());
    QCOMPARE(lock.property("timeout").toInt(), 5000); // as QML sees it
}

void tst_FileLock::refusesToChangeThePathInUse()
{
    FileLock lock(path());
    const QString second = m_directory->filePath(QStringLiteral("b.lock"));
    QVERIFY(lock.tryAcquire());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("path .* cannot be changed")));
    QVERIFY(!lock.setPath(second));
    QCOMPARE(lock.error(), LockError::Misuse);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("mode .* cannot be changed")));
    QVERIFY(!lock.setMode(LockMode::Shared));
    QVERIFY(lock.release());
    QSignalSpy changed(&lock, &FileLock::pathChanged);
    QVERIFY(lock.setPath(second) && lock.setPath(second));
    QCOMPARE(changed.size(), 1);
    QVERIFY(lock.tryAcquire());
    QVERIFY(QFile::exists(second));
}

QTEST_GUILESS_MAIN(tst_FileLock)
#include "tst_filelock.moc"
