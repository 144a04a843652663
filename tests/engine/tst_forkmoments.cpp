// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/files.h"
#include "children.h"
#include "scriptedlock.h"

#include <holdfast/filelock.h>

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qthreadpool.h>
#include <QtTest/qtest.h>

#include <optional>
#include <sys/stat.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** A fork in the middle of something: the child never meets a lock that a thread of the parent's has left locked. */
class tst_ForkMoments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void happensInTheHook();
    void happensDuringAnAttempt_data();
    void happensDuringAnAttempt();
    void happensDuringAWait();
    void happensInAHandler();
    void happensAgainAndAgainUnderLoad();
    void happensWhileTheStewardLooksAround();
    void leavesNoStrayDescriptorBehind();
};

void tst_ForkMoments::happensInTheHook()
{
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("file.lock"));
    auto lock = std::make_unique<FileLock>(path);
    std::optional<Child> child;
    QVERIFY(lock->setHeldHook([&](qintptr) -> std::optional<QString> {
        child.emplace([&] {
            EXPECT_IN_CHILD(!lock->isHeld());
            EXPECT_IN_CHILD(!lock->tryAcquire());
            EXPECT_IN_CHILD(lock->error() == LockError::Inherited);
            EXPECT_IN_CHILD(!lock->tryAcquireFor(-1ms));
            lock->release();
            lock.reset();
            EXPECT_IN_CHILD(timesOpen(path) == 0);
            EXPECT_IN_CHILD(!isFree(path));
            FileLock own(path);
            EXPECT_IN_CHILD(!own.tryAcquire());
            return true;
        });
        return std::nullopt;
    }));
    QVERIFY(lock->tryAcquire());
    QVERIFY(child && child->succeeds());
    QVERIFY(lock->isHeld());
    QVERIFY(!isFree(path));
    QVERIFY(lock->release());
}

void tst_ForkMoments::happensDuringAnAttempt_data()
{
    QTest::addColumn<bool>("pooled");
    QTest::newRow("of another thread") << false;
    QTest::newRow("of a pool") << true;
}

void tst_ForkMoments::happensDuringAnAttempt()
{
    QFETCH(bool, pooled);
    QThreadPool pool;
    auto lock = std::make_unique<ScriptedLock>();
    const auto script = lock->sharedScript();
    script->stalled = true;
    QVERIFY(lock->setThreadScope(ThreadScope::Shared));
    if (pooled)
        QVERIFY(lock->setThreadPool(&pool));
    std::jthread other([&] { static_cast<void>(lock->tryAcquireFor(1h)); });
    QVERIFY(comesTrueElsewhere([&] { return script->waitingForGo == 1; }));
    Child child([&] {
        EXPECT_IN_CHILD(!lock->tryAcquire());
        EXPECT_IN_CHILD(lock->state() == LockState::Idle);
        EXPECT_IN_CHILD(lock->error() == LockError::Inherited);
        lock->release();
        lock->cancel();
        static_cast<void>(lock.release()); // the pool, and its threads, are not here: to destroy it would be for ever
        ScriptedLock own;
        EXPECT_IN_CHILD(own.tryAcquire());
        return true;
    });
    const bool fine = child.succeeds();
    Child second([&] {
        lock.reset(); // must not wait for an attempt that nobody makes
        return true;
    });
    const bool destroyed = pooled || second.succeeds();
    script->stalled = false;
    script->go.release(100);
    other.join();
    QVERIFY(fine);
    QVERIFY(destroyed);
    QVERIFY(lock->isHeld());
    QVERIFY(lock->release());
    QVERIFY(pool.waitForDone(Patience));
}

void tst_ForkMoments::happensDuringAWait()
{
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("file.lock"));
    ForeignLock other(path);
    auto lock = std::make_unique<FileLock>(path, FileLockOptions{.pollInterval = 1ms});
    int endings = 0;
    connect(lock.get(), &FileLock::acquired, this, [&] { ++endings; });
    lock->acquire();
    QVERIFY(comesTrue([&] { return timesOpen(path) == 2; }));
    Child child([&] {
        EXPECT_IN_CHILD(lock->state() == LockState::Idle);
        other.release(); // its copy of the descriptor, which does not free the parent's
        settle();
        EXPECT_IN_CHILD(endings == 0);
        lock.reset();
        return true;
    });
    QVERIFY(child.succeeds());
    QCOMPARE(lock->state(), LockState::Waiting);
    other.release();
    QVERIFY(comesTrue([&] { return lock->isHeld(); }));
    QCOMPARE(endings, 1);
}

void tst_ForkMoments::happensInAHandler()
{
    auto lock = std::make_unique<ScriptedLock>();
    std::optional<Child> child;
    connect(lock.get(), &AbstractLock::acquired, this, [&] {
        if (child)
            return;
        child.emplace([&] {
            EXPECT_IN_CHILD(!lock->isHeld());
            lock.reset();
            return true;
        });
    });
    lock->acquire();
    lock->acquire();
    QVERIFY(comesTrue([&] { return lock->depth() == 2; }));
    QVERIFY(child && child->succeeds());
    QCOMPARE(lock->endings().size(), 2);
}

namespace {

/** Threads that take and give back a lock all the time, so that a fork meets every state there is. */
class Load
{
public:
    explicit Load(FileLock &lock)
    {
        for (int i = 0; i < 3; ++i) {
            m_threads.emplace_back([&lock](const std::stop_token &enough) {
                while (!enough.stop_requested()) {
                    if (lock.tryAcquireFor(1h, {.pollInterval = 1ms}))
                        lock.release();
                }
            });
        }
    }

private:
    std::vector<std::jthread> m_threads;
};

} // namespace

void tst_ForkMoments::happensAgainAndAgainUnderLoad()
{
    QTemporaryDir directory;
    FileLock common(directory.filePath(QStringLiteral("common.lock")), {.lifetime = 1h});
    {
        const Load load(common);
        for (int i = 0; i < 60; ++i) {
            Child child([&] {
                EXPECT_IN_CHILD(!common.isHeld());
                EXPECT_IN_CHILD(!common.tryAcquire());
                FileLock own(directory.filePath(QStringLiteral("own.lock")), {.lifetime = 1h});
                EXPECT_IN_CHILD(own.tryAcquireFor(20s));
                EXPECT_IN_CHILD(own.release());
                return true;
            });
            QVERIFY(child.succeeds());
        }
    }
    QVERIFY(isFree(common.path()));
}

//   P's steward notes the young holds of this tick, and destroys its notes of the last one
//   P forks; the child finds them half destroyed
void tst_ForkMoments::happensWhileTheStewardLooksAround()
{
    constexpr int Many = 2000; // so that it has much to note
    std::jthread young([](const std::stop_token &enough) {
        std::vector<ScriptedLock> locks(Many);
        while (!enough.stop_requested()) {
            for (ScriptedLock &lock : locks) {
                if (lock.isHeld())
                    lock.release();
                static_cast<void>(lock.tryAcquire());
            }
        }
    });
    // Qt's handler forks, too, and hangs in a child that crashed within a fork.
    const auto qtsHandler = ::signal(SIGSEGV, SIG_DFL);
    const QDeadlineTimer end(4s); // some forty looks
    int whole = 0;
    int forks = 0;
    for (; !end.hasExpired(); ++forks) {
        const pid_t child = fork();
        if (child == 0)
            _exit(0);
        int status = -1;
        QCOMPARE(::waitpid(child, &status, 0), child);
        whole += status == 0 ? 1 : 0;
    }
    ::signal(SIGSEGV, qtsHandler);
    QVERIFY(forks > 0);
    QCOMPARE(whole, forks);
}

namespace {

/** Whether this process has @p file open. Without any memory: the allocator of the address sanitizer (GCC 12) is not made for forks
    while other threads are in it, and a child that asks it for some hangs now and then. */
bool isOpenHere(const struct stat &file)
{
    constexpr int MostDescriptors = 256;
    struct stat facts = {};
    for (int number = 0; number < MostDescriptors; ++number) {
        if (::fstat(number, &facts) == 0 && facts.st_dev == file.st_dev && facts.st_ino == file.st_ino)
            return true;
    }
    return false;
}

} // namespace

//   P.1 a thread opens the file          P.2 another one forks
//   P.3 the thread locks what it opened: the child has it, too, and would keep the lock when P is killed
void tst_ForkMoments::leavesNoStrayDescriptorBehind()
{
    QTemporaryDir directory;
    FileLock common(directory.filePath(QStringLiteral("common.lock")));
    QVERIFY(common.tryAcquire() && common.release());
    struct stat file = {};
    QVERIFY(::stat(QFile::encodeName(common.path()).constData(), &file) == 0);
    const Load load(common);
    int strays = 0;
    for (int i = 0; i < 200; ++i) {
        Child child([&] { return !isOpenHere(file); });
        strays += child.succeeds() ? 0 : 1;
    }
    QCOMPARE(strays, 0);
}

QTEST_GUILESS_MAIN(tst_ForkMoments)
#include "tst_forkmoments.moc"
