// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "children.h"
#include "watches.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

#include <fcntl.h>
#include <poll.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** Events and moments: the child has its own, and takes none of the parent's. */
class tst_ForkEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isWokenByTheParentsRelease();
    void doesNotReadTheParentsEvents();
    void endsItsOwnLifetimes();
    void doesNotEndTheParentsLifetime();
    void noticesItsOwnLosses();

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_ForkEvents::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
}

void tst_ForkEvents::isWokenByTheParentsRelease()
{
    FileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    Child child([&] {
        FileLock own(m_path, {.pollInterval = 1h});
        EXPECT_IN_CHILD(own.tryAcquireFor(20s));
        EXPECT_IN_CHILD(own.release());
        return true;
    });
    const QString directory = QStringLiteral("/proc/%1/fd/").arg(child.process());
    QVERIFY(comesTrue([&] {
        for (const QString &name : QDir(directory).entryList(QDir::Files | QDir::System)) {
            if (QFile::symLinkTarget(directory + name) == m_path)
                return true;
        }
        return false;
    }));
    QVERIFY(lock.release());
    QVERIFY(child.succeeds());
}

// Whoever reads an event takes it away from the others: the child must have a queue of its own.
void tst_ForkEvents::doesNotReadTheParentsEvents()
{
    ForeignLock other(m_path);
    FileLock waiting(m_path, {.pollInterval = 1h});
    waiting.acquire();
    QVERIFY(comesTrue([&] { return timesOpen(m_path) == 2; }));
    settle();
    int toChild[2];
    int toParent[2];
    QVERIFY(::pipe2(toChild, O_CLOEXEC) == 0 && ::pipe2(toParent, O_CLOEXEC) == 0);
    Child child([&] {
        other.release(); // its copy of the descriptor: the parent's goes on holding
        const ForeignLock busy(m_path + QStringLiteral(".child"));
        FileLock own(m_path + QStringLiteral(".child"), {.pollInterval = 1ms});
        bool ready = false;
        int rounds = 0; // since it heard of the release; in each it takes the events that are there
        EXPECT_IN_CHILD(!own.tryAcquireFor(20s, {.cancelCheck = [&] {
                                               if (!std::exchange(ready, true))
                                                   EXPECT_IN_CHILD(::write(toParent[1], "x", 1) == 1);
                                               pollfd source{toChild[0], POLLIN, 0};
                                               return ::poll(&source, 1, 0) == 1 && ++rounds == 3;
                                           }}));
        EXPECT_IN_CHILD(::write(toParent[1], "x", 1) == 1);
        return true;
    });
    char byte = 0;
    QCOMPARE(::read(toParent[0], &byte, 1), 1);
    other.release();
    QCOMPARE(::write(toChild[1], "x", 1), 1);
    QCOMPARE(::read(toParent[0], &byte, 1), 1); // the child was faster than this event loop
    QVERIFY(comesTrue([&] { return waiting.isHeld(); }));
    QVERIFY(child.succeeds());
    for (const int end : {toChild[0], toChild[1], toParent[0], toParent[1]})
        ::close(end);
}

void tst_ForkEvents::endsItsOwnLifetimes()
{
    FileLock lock(m_path, {.lifetime = 10s}); // so that the parent's thread for it runs
    QVERIFY(lock.tryAcquire());
    Child child([&] {
        FileLock own(m_path + QStringLiteral(".own"), {.lifetime = 20ms});
        EXPECT_IN_CHILD(own.tryAcquire());
        EXPECT_IN_CHILD(comesTrueElsewhere([&] { return !own.isHeld(); }));
        EXPECT_IN_CHILD(comesTrueElsewhere([&] { return isFree(own.path()); }));
        return true;
    });
    QVERIFY(child.succeeds());
    QVERIFY(lock.isHeld());
}

void tst_ForkEvents::doesNotEndTheParentsLifetime()
{
    FileLock lock(m_path, {.lifetime = 200ms});
    QVERIFY(lock.tryAcquire());
    Child child([&] {
        FileLock own(m_path, {.pollInterval = 1h});
        return own.tryAcquireFor(20s); // when the parent's hold is over, on the parent's clock
    });
    QVERIFY(comesTrue([&] { return !lock.isHeld(); }));
    QVERIFY(child.succeeds());
}

void tst_ForkEvents::noticesItsOwnLosses()
{
    FileLock lock(m_path);
    QVERIFY(lock.tryAcquire());
    QVERIFY(isWatched(m_path)); // and so the thread for that runs
    Child child([&] {
        FileLock own(m_path + QStringLiteral(".own"));
        EXPECT_IN_CHILD(own.tryAcquire());
        EXPECT_IN_CHILD(QFile::remove(own.path()));
        EXPECT_IN_CHILD(comesTrueElsewhere([&] { return !own.isHeld(); }));
        return true;
    });
    QVERIFY(child.succeeds());
    QVERIFY(lock.isHeld());
    int losses = 0;
    connect(&lock, &FileLock::lost, this, [&] { ++losses; });
    QVERIFY(QFile::remove(m_path)); // and the parent notices its own
    QVERIFY(comesTrue([&] { return losses == 1; }));
}

QTEST_GUILESS_MAIN(tst_ForkEvents)
#include "tst_forkevents.moc"
