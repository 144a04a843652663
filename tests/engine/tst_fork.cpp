// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/files.h"
#include "children.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

#include <spawn.h>
#include <string>
#include <system_error>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** What a forked child inherits is inert, and what it makes itself is its own. */
class tst_Fork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void inheritsNothingHeld();
    void leavesTheParentsLockAlone_data();
    void leavesTheParentsLockAlone();
    void keepsNoneOfTheParentsDescriptors();
    void contendsWithTheParent();
    void doesNotKeepALockThatTheParentGivesBack();
    void isNotPassedOnByASpawn();
    void makesItsOwnSingleton();
    void worksInAGrandchild();

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_Fork::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
}

void tst_Fork::inheritsNothingHeld()
{
    auto *lock = new FileLock(m_path);
    QVERIFY(lock->tryAcquire() && lock->tryAcquire());
    Child child([&] {
        EXPECT_IN_CHILD(!lock->isHeld());
        EXPECT_IN_CHILD(lock->depth() == 0);
        EXPECT_IN_CHILD(lock->state() == LockState::Idle);
        EXPECT_IN_CHILD(!lock->tryAcquire());
        EXPECT_IN_CHILD(lock->error() == LockError::Inherited);
        EXPECT_IN_CHILD(lock->errorString().contains(m_path));
        EXPECT_IN_CHILD(!lock->tryAcquireFor(-1ms));
        EXPECT_IN_CHILD(!lock->tryAcquireFor(0ms));
        lock->release();
        lock->forceRelease();
        lock->cancel();
        try {
            lock->lock();
            EXPECT_IN_CHILD(!"lock() throws");
        } catch (const std::system_error &) {
        }
        EXPECT_IN_CHILD(!lock->setPath(m_path + QStringLiteral(".other")));
        EXPECT_IN_CHILD(!isFree(m_path));
        delete lock;
        EXPECT_IN_CHILD(!isFree(m_path));
        return true;
    });
    QVERIFY(child.succeeds());
    QCOMPARE(lock->depth(), 2);
    QVERIFY(!isFree(m_path));
    QVERIFY(lock->forceRelease());
    QVERIFY(isFree(m_path));
    delete lock;
}

void tst_Fork::leavesTheParentsLockAlone_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("when it ends") << QStringLiteral("_exit");
    QTest::newRow("when it ends with all its destructors") << QStringLiteral("destroy");
    QTest::newRow("when it becomes another program") << QStringLiteral("exec");
    QTest::newRow("when it is killed") << QStringLiteral("kill");
}

void tst_Fork::leavesTheParentsLockAlone()
{
    QFETCH(QString, how);
    auto lock = std::make_unique<FileLock>(m_path);
    QVERIFY(lock->tryAcquire());
    int losses = 0;
    connect(lock.get(), &FileLock::lost, this, [&] { ++losses; });
    Child child([&] {
        if (how == QLatin1String("destroy"))
            lock.reset();
        else if (how == QLatin1String("exec"))
            ::execl("/bin/true", "true", nullptr);
        else if (how == QLatin1String("kill"))
            ::raise(SIGKILL);
        return true;
    });
    QCOMPARE(child.succeeds(), how != QLatin1String("kill"));
    settle();
    QVERIFY(lock->isHeld());
    QVERIFY(!isFree(m_path));
    QCOMPARE(losses, 0);
    QVERIFY(lock->release());
    QVERIFY(isFree(m_path));
}

void tst_Fork::keepsNoneOfTheParentsDescriptors()
{
    FileLock held(m_path);
    QVERIFY(held.tryAcquire());
    ForeignLock other(m_directory->filePath(QStringLiteral("busy.lock")));
    FileLock waiting(m_directory->filePath(QStringLiteral("busy.lock")));
    waiting.acquire({.pollInterval = 1h});
    QVERIFY(comesTrue([&] { return timesOpen(waiting.path()) == 2; }));
    settle();
    QVERIFY(openFiles().filter(QStringLiteral("inotify")).size() >= 1);
    Child child([&] {
        EXPECT_IN_CHILD(timesOpen(m_path) == 0);
        EXPECT_IN_CHILD(timesOpen(waiting.path()) == 1); // the test's own
        EXPECT_IN_CHILD(openFiles().filter(QStringLiteral("inotify")).isEmpty());
        return true;
    });
    QVERIFY(child.succeeds());
}

void tst_Fork::contendsWithTheParent()
{
    FileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    Child child([&] {
        FileLock own(m_path);
        EXPECT_IN_CHILD(!own.tryAcquire());
        EXPECT_IN_CHILD(own.error() == LockError::None);
        EXPECT_IN_CHILD(!own.tryAcquireFor(5ms));
        // The parent's thread has the same number here, but it is the parent that holds it: no deadlock.
        std::stop_source source;
        EXPECT_IN_CHILD(!own.tryAcquireFor(-1ms, {.pollInterval = 1ms, .cancelCheck = [] { return true; }}));
        EXPECT_IN_CHILD(own.error() == LockError::None);
        FileLock free(m_path + QStringLiteral(".free"));
        EXPECT_IN_CHILD(free.tryAcquire());
        EXPECT_IN_CHILD(free.release());
        return true;
    });
    QVERIFY(child.succeeds());
    QVERIFY(lock.isHeld());
}

void tst_Fork::doesNotKeepALockThatTheParentGivesBack()
{
    for (const bool exec : {false, true}) {
        FileLock lock(m_path);
        QVERIFY(lock.tryAcquire());
        Child child([&] {
            if (exec)
                ::execl("/bin/sleep", "sleep", "60", nullptr);
            ::pause();
            return true;
        });
        QVERIFY(lock.release());
        QVERIFY(isFree(m_path)); // although the child lives
        QVERIFY(lock.tryAcquire());
    }
}

// posix_spawn(3) tells nobody of its fork: only the flag on the descriptor keeps it back.
void tst_Fork::isNotPassedOnByASpawn()
{
    FileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    std::string name = "sleep";
    std::string time = "60";
    char *arguments[] = {name.data(), time.data(), nullptr};
    pid_t program = -1;
    QCOMPARE(::posix_spawn(&program, "/bin/sleep", nullptr, nullptr, arguments, environ), 0);
    int kept = 0;
    const QDir directory(QStringLiteral("/proc/%1/fd").arg(program));
    for (const QString &number : directory.entryList(QDir::Files | QDir::System))
        kept += QFile::symLinkTarget(directory.filePath(number)) == m_path ? 1 : 0;
    ::kill(program, SIGKILL);
    ::waitpid(program, nullptr, 0);
    QCOMPARE(kept, 0);
}

void tst_Fork::makesItsOwnSingleton()
{
    const SharedFileLock shared = FileLock::shared(m_path);
    QVERIFY(shared);
    QVERIFY(shared->tryAcquire());
    Child child([&] {
        const SharedFileLock own = FileLock::shared(m_path);
        EXPECT_IN_CHILD(own);
        EXPECT_IN_CHILD(own.lock != shared.lock);
        EXPECT_IN_CHILD(!own->tryAcquire());
        EXPECT_IN_CHILD(own->error() == LockError::None);
        return true;
    });
    QVERIFY(child.succeeds());
    QVERIFY(shared->isHeld());
}

void tst_Fork::worksInAGrandchild()
{
    FileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    Child child([&] {
        FileLock own(m_path + QStringLiteral(".own"));
        EXPECT_IN_CHILD(own.tryAcquire());
        Child grandchild([&] {
            EXPECT_IN_CHILD(!lock.isHeld() && !own.isHeld());
            EXPECT_IN_CHILD(own.error() == LockError::Inherited);
            FileLock third(m_path + QStringLiteral(".third"));
            EXPECT_IN_CHILD(third.tryAcquire());
            EXPECT_IN_CHILD(!isFree(own.path()) && !isFree(m_path));
            return true;
        });
        int status = -1;
        EXPECT_IN_CHILD(::waitpid(grandchild.process(), &status, 0) > 0 && status == 0);
        EXPECT_IN_CHILD(own.isHeld());
        EXPECT_IN_CHILD(!isFree(own.path()));
        return true;
    });
    QVERIFY(child.succeeds());
    QVERIFY(lock.isHeld());
}

QTEST_GUILESS_MAIN(tst_Fork)
#include "tst_fork.moc"
