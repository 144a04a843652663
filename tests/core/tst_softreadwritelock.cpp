// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What only the soft read/write lock has: its terms, its shared object, its heartbeat, and what it tells of others.

#include "otherprocess.h"

#include <holdfast/softreadwritelock.h>

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Holdfast;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int Patience = 30000;
constexpr SoftReadWriteLockOptions Brief{.heartbeatInterval = 50ms, .staleThreshold = 400ms}; // as `soft-rw-brief`

class tst_SoftReadWriteLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void hasTermsOfItsOwn();
    void refusesTermsThatMeanNothing_data();
    void refusesTermsThatMeanNothing();
    void refusesToWorkWithTermsThatMeanNothing_data();
    void refusesToWorkWithTermsThatMeanNothing();
    void termsStayWhileInUse();
    void hasANewTokenForEachHold_data() { modes(); }
    void hasANewTokenForEachHold();
    void tellsThatItsTokenChanges();
    void theHeartbeatKeepsTheHold_data();
    void theHeartbeatKeepsTheHold();
    void theHeartbeatGoesOnBesideAChild();
    void aStoppedHolderIsReplacedAndTold_data();
    void aStoppedHolderIsReplacedAndTold();
    void aStoppedWaitingWriterIsReplaced();
    void aRemovedMarkerIsTold_data();
    void aRemovedMarkerIsTold();
    void aWaitingWriterLivesHoweverSeldomItPolls();
    void nobodyWakesHimself();
    void aStuckMutexHoldsUpNobodyForLonger();
    void tellsAllReadersAndTheWriter();
    void staysWithItsFilesWhenTheDirectoryChanges();
    void isSharedByEverySpelling();
    void comparesAllOptions_data();
    void comparesAllOptions();
    void isSharedNoMoreOnceClosed();
    void staysClosedWhateverIsChanged();

private:
    QString path(const QString &name = QStringLiteral("some")) const { return m_directory->filePath(name); }
    std::unique_ptr<OtherProcess> brief() const
    {
        return std::make_unique<OtherProcess>(QStringLiteral("soft-rw-brief"), path());
    }
    static void modes();

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_SoftReadWriteLock::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

void tst_SoftReadWriteLock::modes()
{
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("reading") << LockMode::Shared;
    QTest::newRow("writing") << LockMode::Exclusive;
}

void tst_SoftReadWriteLock::hasTermsOfItsOwn()
{
    SoftReadWriteLock lock(path());
    QCOMPARE(lock.path(), path());
    QCOMPARE(lock.pollInterval(), 250ms);
    QCOMPARE(lock.heartbeatInterval(), 30s);
    QCOMPARE(lock.staleThreshold(), 90s);
    QSignalSpy heartbeat(&lock, &SoftReadWriteLock::heartbeatIntervalChanged);
    QSignalSpy threshold(&lock, &SoftReadWriteLock::staleThresholdChanged);
    QVERIFY(lock.setHeartbeatInterval(10s));
    QCOMPARE(lock.staleThreshold(), 30s); // three, whatever they are
    QCOMPARE(QList({heartbeat.size(), threshold.size()}), QList<qsizetype>({1, 1}));
    QVERIFY(lock.setStaleThreshold(25s));
    QVERIFY(lock.setHeartbeatInterval(20s));
    QCOMPARE(lock.staleThreshold(), 25s);
    QCOMPARE(QList({heartbeat.size(), threshold.size()}), QList<qsizetype>({2, 2}));
    QVERIFY(lock.setStaleThreshold(-1ms));
    QCOMPARE(lock.staleThreshold(), 60s);
    QVERIFY(lock.setProperty("heartbeatInterval", 1000));
    QCOMPARE(lock.property("staleThreshold").toInt(), 3000);
    QVERIFY(QDir(m_directory->path()).isEmpty());
}

void tst_SoftReadWriteLock::refusesTermsThatMeanNothing_data()
{
    QTest::addColumn<milliseconds>("heartbeat");
    QTest::addColumn<milliseconds>("threshold");
    QTest::newRow("no heartbeat") << milliseconds(0) << milliseconds(1000);
    QTest::newRow("a negative one") << milliseconds(-5) << milliseconds(-1);
    QTest::newRow("stale with the heartbeat") << milliseconds(100) << milliseconds(100);
    QTest::newRow("stale before the heartbeat") << milliseconds(100) << milliseconds(99);
    QTest::newRow("stale at once") << milliseconds(100) << milliseconds(0);
    QTest::newRow("a negative threshold") << milliseconds(100) << milliseconds(-2);
    QTest::newRow("never") << milliseconds::max() << milliseconds(-1);
}

void tst_SoftReadWriteLock::refusesTermsThatMeanNothing()
{
    QFETCH(milliseconds, heartbeat);
    QFETCH(milliseconds, threshold);
    SoftReadWriteLock lock(path(), {.heartbeatInterval = 100ms, .staleThreshold = 1000ms});
    const bool set = heartbeat == 100ms ? lock.setStaleThreshold(threshold) : lock.setHeartbeatInterval(heartbeat);
    QVERIFY(!set);
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QVERIFY2(lock.errorString().contains(path()), qPrintable(lock.errorString()));
    QCOMPARE(lock.heartbeatInterval(), 100ms);
    QCOMPARE(lock.staleThreshold(), 1000ms);
    QVERIFY(lock.tryAcquireRead());
}

void tst_SoftReadWriteLock::refusesToWorkWithTermsThatMeanNothing_data()
{
    refusesTermsThatMeanNothing_data();
}

void tst_SoftReadWriteLock::refusesToWorkWithTermsThatMeanNothing()
{
    QFETCH(milliseconds, heartbeat);
    QFETCH(milliseconds, threshold);
    SoftReadWriteLock lock(path(), {.heartbeatInterval = heartbeat, .staleThreshold = threshold});
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QVERIFY(!lock.tryAcquireRead());
    QCOMPARE(lock.error(), LockError::InvalidArgument);
    QVERIFY(!SoftReadWriteLock::shared(path(), {.heartbeatInterval = heartbeat, .staleThreshold = threshold}));
    QVERIFY(QDir(m_directory->path()).isEmpty());
}

void tst_SoftReadWriteLock::termsStayWhileInUse()
{
    SoftReadWriteLock lock(path());
    QVERIFY(lock.tryAcquireRead());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("heartbeatInterval .* cannot be changed")));
    QVERIFY(!lock.setHeartbeatInterval(1s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("staleThreshold .* cannot be changed")));
    QVERIFY(!lock.setStaleThreshold(100s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("path .* cannot be changed")));
    QVERIFY(!lock.setPath(path(QStringLiteral("other"))));
    QCOMPARE(lock.error(), LockError::Misuse);
}

void tst_SoftReadWriteLock::hasANewTokenForEachHold()
{
    QFETCH(LockMode, mode);
    SoftReadWriteLock lock(path());
    QCOMPARE(lock.token(), QString());
    const QRegularExpression form(QStringLiteral("^[0-9a-f]{32}$"));
    QStringList tokens;
    for (int i = 0; i < 5; ++i) {
        QVERIFY(lock.tryAcquireFor(0ms, {.mode = mode}));
        QVERIFY2(form.match(lock.token()).hasMatch(), qPrintable(lock.token()));
        QCOMPARE(lock.holder().token, lock.token()); // as others see it
        tokens += lock.token();
        QVERIFY(lock.tryAcquireFor(0ms, {.mode = mode}));
        QCOMPARE(lock.token(), tokens.last());
        QVERIFY(lock.forceRelease());
        QCOMPARE(lock.token(), QString());
    }
    QCOMPARE(tokens.removeDuplicates(), 0);
    QVERIFY(lock.tryAcquireFor(0ms, {.mode = mode}));
    SoftReadWriteLock other(path());
    other.acquireWrite(); // waits, perhaps with a marker, but does not hold
    QCOMPARE(other.token(), QString());
}

void tst_SoftReadWriteLock::tellsThatItsTokenChanges()
{
    SoftReadWriteLock lock(path());
    QStringList seen;
    connect(&lock, &AbstractLock::heldChanged, this, [&] { seen += lock.property("token").toString(); });
    QVERIFY(lock.tryAcquireWrite());
    const QString token = lock.token();
    QVERIFY(lock.release());
    QCOMPARE(seen, QStringList({token, QString()}));
}

void tst_SoftReadWriteLock::theHeartbeatKeepsTheHold_data()
{
    modes();
}

void tst_SoftReadWriteLock::theHeartbeatKeepsTheHold()
{
    QFETCH(LockMode, mode);
    SoftReadWriteLock lock(path(), Brief);
    QSignalSpy lost(&lock, &AbstractLock::lost);
    QVERIFY(lock.tryAcquireFor(0ms, {.mode = mode}));
    const auto other = brief();
    QCOMPARE(other->ask(QStringLiteral("blockWrite 1200")),
             QStringLiteral("busy")); // three thresholds, and no event loop here
    QVERIFY(lock.isHeld());
    QVERIFY(lock.release());
    QCOMPARE(other->ask(QStringLiteral("blockWrite 30000")), QStringLiteral("acquired"));
    QCOMPARE(lost.size(), 0);
}

void tst_SoftReadWriteLock::theHeartbeatGoesOnBesideAChild()
{
    SoftReadWriteLock lock(path(), Brief);
    QVERIFY(lock.tryAcquireWrite());
    int gate[2];
    QCOMPARE(::pipe2(gate, O_CLOEXEC), 0);
    const pid_t child = fork();
    if (child == 0) { // alive until we close the gate, and with everything it inherited
        ::close(gate[1]);
        char byte = 0;
        _exit(::read(gate[0], &byte, 1) != 0 || lock.isHeld() || lock.release() ? 1 : 0);
    }
    ::close(gate[0]);
    SoftReadWriteLock rival(path(), Brief);
    QVERIFY(!rival.tryAcquireReadFor(1200ms));
    ::close(gate[1]);
    int status = -1;
    ::waitpid(child, &status, 0);
    QCOMPARE(status, 0);
    QVERIFY(lock.isHeld());
    QVERIFY(!rival.tryAcquireRead());
}

void tst_SoftReadWriteLock::aStoppedHolderIsReplacedAndTold_data()
{
    modes();
}

//   P holds, and is stopped for longer than the threshold
//   Q takes P's marker for stale, and writes
//   P goes on: hears that it has lost, and its release leaves Q alone
void tst_SoftReadWriteLock::aStoppedHolderIsReplacedAndTold()
{
    QFETCH(LockMode, mode);
    const auto holder = brief();
    const bool reads = mode == LockMode::Shared;
    QCOMPARE(holder->ask(reads ? QStringLiteral("tryRead") : QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    SoftReadWriteLock lock(path(), Brief);
    holder->freeze();
    QElapsedTimer timer;
    timer.start();
    QVERIFY(lock.tryAcquireWriteFor(30s));
    QVERIFY2(timer.elapsed() >= 340, qPrintable(QString::number(timer.elapsed()))); // not while a heartbeat may come
    QSignalSpy lost(&lock, &AbstractLock::lost);
    holder->unfreeze();
    const QString told = holder->hear();
    QVERIFY2(told.startsWith(QLatin1String("lost ")), qPrintable(told));
    QVERIFY(holder->ask(QStringLiteral("release")).startsWith(QLatin1String("failed")));
    QVERIFY(!lost.wait(300));
    QVERIFY(lock.isHeld());
    QVERIFY(lock.writer().isValid());
    QCOMPARE(lock.writer().processId, qint64(getpid()));
}

void tst_SoftReadWriteLock::aStoppedWaitingWriterIsReplaced()
{
    SoftReadWriteLock reader(path(), Brief);
    SoftReadWriteLock lock(path(), Brief);
    QVERIFY(reader.tryAcquireRead());
    const auto writer = brief();
    writer->tell(QStringLiteral("acquireWrite -1"));
    QTRY_VERIFY_WITH_TIMEOUT(lock.writer().isValid(), Patience);
    writer->freeze();
    QVERIFY(lock.tryAcquireReadFor(30s)); // its announcement has gone stale
    writer->unfreeze();
    QTRY_VERIFY_WITH_TIMEOUT(lock.writer().isValid(), Patience);
    QVERIFY(writer->isSilent());
    QVERIFY(lock.release());
    QVERIFY(reader.release());
    QCOMPARE(writer->hear(), QStringLiteral("acquired"));
}

void tst_SoftReadWriteLock::aRemovedMarkerIsTold_data()
{
    modes();
}

void tst_SoftReadWriteLock::aRemovedMarkerIsTold()
{
    QFETCH(LockMode, mode);
    SoftReadWriteLock lock(path()); // heartbeats are far away: it is the event that tells
    QSignalSpy lost(&lock, &AbstractLock::lost);
    QVERIFY(lock.tryAcquireFor(0ms, {.mode = mode}));
    QDir readers(path(QStringLiteral("some.readers")));
    QVERIFY(mode == LockMode::Shared ? readers.removeRecursively() : QFile::remove(path(QStringLiteral("some.write"))));
    QVERIFY(lost.wait(Patience));
    QCOMPARE(lost.first().first().value<LossReason>(), LossReason::MarkerMissing);
    QVERIFY(!lock.isHeld());
    QVERIFY(!lock.release());
    QVERIFY(lock.tryAcquireFor(0ms, {.mode = mode}));
}

void tst_SoftReadWriteLock::aWaitingWriterLivesHoweverSeldomItPolls()
{
    SoftReadWriteLock reader(path(), Brief);
    QVERIFY(reader.tryAcquireRead());
    SoftReadWriteLock writer(path(), Brief);
    QVERIFY(writer.setPollInterval(1h));
    writer.acquireWrite();
    QTRY_VERIFY_WITH_TIMEOUT(reader.writer().isValid(), Patience);
    const QString token = reader.writer().token;
    const auto late = brief();
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < 1500;) { // several thresholds
        late->tell(QStringLiteral("blockRead 200"));
        QTest::qWait(210); // he blocks for 200 ms, while the event loop here renews
        QCOMPARE(late->hear(), QStringLiteral("busy"));
    }
    QCOMPARE(reader.writer().token, token);
}

void tst_SoftReadWriteLock::nobodyWakesHimself()
{
    for (const bool holderReads : {true, false}) {
        const SoftReadWriteLockOptions calm{.pollInterval = 1h, .heartbeatInterval = 1h};
        SoftReadWriteLock holder(path(), calm);
        QVERIFY(holder.tryAcquireFor(0ms, {.mode = holderReads ? LockMode::Shared : LockMode::Exclusive}));
        SoftReadWriteLock waiter(path(), calm);
        SoftReadWriteLock another(path(), calm);
        int looks = 0;
        const auto count = [&looks] { return ++looks < 0; };
        waiter.acquireWrite({.cancelCheck = count});
        another.acquireRead({.cancelCheck = count});
        if (!holderReads)
            another.acquireWrite({.cancelCheck = count});
        QTest::qWait(100); // the burst at the beginning
        const int first = looks;
        QTest::qWait(400); // in which next to nobody may look: the passing of time is what is tested
        QVERIFY2(looks - first <= 2, qPrintable(QStringLiteral("%1, then %2 looks").arg(first).arg(looks - first)));
        waiter.cancel();
        another.cancel();
        QTest::qWait(20); // the endings come, and find the locks
    }
}

void tst_SoftReadWriteLock::aStuckMutexHoldsUpNobodyForLonger()
{
    QFile state(path(QStringLiteral("some.state")));
    QVERIFY(state.open(QIODevice::WriteOnly) && state.write("4711\nelsewhere\n") > 0);
    state.close();
    SoftReadWriteLock lock(path());
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!lock.tryAcquireRead());
    QVERIFY(!lock.tryAcquireFor(-1ms, {.blocking = false}));
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(!lock.tryAcquireWriteFor(100ms));
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(lock.error(), LockError::None);
    QSignalSpy cancelled(&lock, &AbstractLock::cancelled);
    lock.acquireRead();
    QTest::qWait(20); // it has begun to wait; if not, the cancel comes first, which is right as well
    lock.cancel();
    QVERIFY(cancelled.wait(Patience));
}

void tst_SoftReadWriteLock::tellsAllReadersAndTheWriter()
{
    SoftReadWriteLock lock(path());
    const auto a = brief();
    const auto b = brief();
    QVERIFY(lock.readers().isEmpty());
    QVERIFY(!lock.writer().isValid());
    QCOMPARE(a->ask(QStringLiteral("tryRead")), QStringLiteral("acquired"));
    QCOMPARE(b->ask(QStringLiteral("tryRead")), QStringLiteral("acquired"));
    QList<qint64> processes;
    for (const LockHolder &reader : lock.readers()) {
        QCOMPARE(reader.mode, LockMode::Shared);
        QCOMPARE(reader.application, QStringLiteral("lockprocess"));
        QCOMPARE(reader.liveness, Liveness::Alive);
        QCOMPARE(reader.token.size(), 32);
        QVERIFY(!reader.since.isValid()); // the file's time is the last heartbeat's
        processes += reader.processId;
    }
    std::sort(processes.begin(), processes.end());
    QList<qint64> expected{a->processId(), b->processId()};
    std::sort(expected.begin(), expected.end());
    QCOMPARE(processes, expected);
    QVERIFY(!lock.writer().isValid());
    lock.acquireWrite();
    QTRY_COMPARE_WITH_TIMEOUT(lock.writer().processId, qint64(getpid()), Patience); // who only waits
    QCOMPARE(lock.holder(), lock.readers().first());
    QCOMPARE(a->ask(QStringLiteral("release")), QStringLiteral("released"));
    QCOMPARE(b->ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_VERIFY_WITH_TIMEOUT(lock.isHeld(), Patience);
    QCOMPARE(lock.holder(), lock.writer());
}

void tst_SoftReadWriteLock::staysWithItsFilesWhenTheDirectoryChanges()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    SoftReadWriteLock lock(QStringLiteral("some"), Brief);
    const bool held = lock.tryAcquireWrite();
    QVERIFY(QDir::setCurrent(QStringLiteral("/")));
    QVERIFY(held);
    QTest::qWait(600); // renewals
    QVERIFY(lock.isHeld());
    QVERIFY(QFile::exists(path(QStringLiteral("some.write"))));
    QVERIFY(lock.release());
    QVERIFY(!QFile::exists(path(QStringLiteral("some.write"))));
    QVERIFY(QDir::setCurrent(before));
}

void tst_SoftReadWriteLock::isSharedByEverySpelling()
{
    QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("sub")));
    QVERIFY(QFile::link(path(QStringLiteral("sub")), path(QStringLiteral("alias"))));
    const SharedSoftReadWriteLock lock = SoftReadWriteLock::shared(path(QStringLiteral("sub/some")));
    QVERIFY(lock);
    QCOMPARE(lock->path(), path(QStringLiteral("sub/some")));
    for (const char *spelling : {"alias/some", "sub/../sub/some"}) {
        const SharedSoftReadWriteLock other = SoftReadWriteLock::shared(path(QString::fromLatin1(spelling)));
        QVERIFY2(other && other.lock == lock.lock, spelling);
    }
    QVERIFY(SoftReadWriteLock::shared(path()).lock != lock.lock);
    // A link is a name of its own, for the shared object as for everybody else.
    QVERIFY(QFile::link(QStringLiteral("sub/some"), path(QStringLiteral("link"))));
    const SharedSoftReadWriteLock link = SoftReadWriteLock::shared(path(QStringLiteral("link")));
    QVERIFY(link && link.lock != lock.lock);
    QVERIFY(link->tryAcquireWrite());
    QVERIFY(!SoftReadWriteLock(path(QStringLiteral("link"))).tryAcquireWrite());
    QCOMPARE(SoftReadWriteLock::shared(QString()).error, LockError::InvalidArgument);
}

void tst_SoftReadWriteLock::comparesAllOptions_data()
{
    QTest::addColumn<SoftReadWriteLockOptions>("options");
    using Options = SoftReadWriteLockOptions;
    QTest::newRow("timeout") << Options{.timeout = 5s};
    QTest::newRow("pollInterval") << Options{.pollInterval = 5ms};
    QTest::newRow("blocking") << Options{.blocking = false};
    QTest::newRow("lifetime") << Options{.lifetime = 5s};
    QTest::newRow("threadScope") << Options{.threadScope = ThreadScope::Shared};
    QTest::newRow("mode") << Options{.mode = LockMode::Shared};
    QTest::newRow("heartbeatInterval") << Options{.heartbeatInterval = 5s};
    QTest::newRow("staleThreshold") << Options{.staleThreshold = 95s};
    // An option more does not compile until it is counted here, and so has its row above.
    [[maybe_unused]] const auto &[timeout, poll, blocking, lifetime, scope, mode, heartbeat, threshold] = Options();
}

void tst_SoftReadWriteLock::comparesAllOptions()
{
    QFETCH(SoftReadWriteLockOptions, options);
    const SharedSoftReadWriteLock first = SoftReadWriteLock::shared(path());
    const SharedSoftReadWriteLock second = SoftReadWriteLock::shared(path(), options);
    QVERIFY(first && !second);
    QCOMPARE(second.error, LockError::InvalidArgument);
    QVERIFY2(second.errorString.contains(QLatin1String(QTest::currentDataTag())), qPrintable(second.errorString));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("shared")));
    QVERIFY(!first->setHeartbeatInterval(1s));
}

void tst_SoftReadWriteLock::isSharedNoMoreOnceClosed()
{
    const SharedSoftReadWriteLock first = SoftReadWriteLock::shared(path());
    QVERIFY(first->tryAcquireWrite());
    first->close();
    const SharedSoftReadWriteLock second =
        SoftReadWriteLock::shared(path(), Brief); // a new one, so with its own options
    QVERIFY(second && second.lock != first.lock);
    QVERIFY(second->tryAcquireWrite());
    QVERIFY(!first->tryAcquireRead());
    QCOMPARE(SoftReadWriteLock::shared(path(), Brief).lock, second.lock);
}

void tst_SoftReadWriteLock::staysClosedWhateverIsChanged()
{
    SoftReadWriteLock lock(path());
    lock.close();
    QVERIFY(lock.setPath(path(QStringLiteral("other"))));
    QVERIFY(lock.setHeartbeatInterval(1s));
    QVERIFY(!lock.tryAcquireRead());
    QCOMPARE(lock.error(), LockError::Misuse);
}

QTEST_GUILESS_MAIN(tst_SoftReadWriteLock)
#include "tst_softreadwritelock.moc"
