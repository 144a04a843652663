// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "../os/files.h"
#include "engine/wakehub.h"
#include "patience.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** Every poll here comes in an hour: only an event, or the care taken around it, lets a waiter in. */
class tst_Wakeups : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void comeWithTheRelease_data();
    void comeWithTheRelease();
    void areNotMissedBeforeItListens_data();
    void areNotMissedBeforeItListens();
    void areFollowedByASecondLook_data();
    void areFollowedByASecondLook();
    void comeToManyLocksInTurn();

private:
    void blockingColumn()
    {
        QTest::addColumn<bool>("blocking");
        QTest::newRow("through the event loop") << false;
        QTest::newRow("in a blocked thread") << true;
    }
    bool waitFor(FileLock &lock, bool blocking);

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void tst_Wakeups::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
    WakeHub::instance().drain(); // an old event would wake whoever waits first
}

bool tst_Wakeups::waitFor(FileLock &lock, bool blocking)
{
    if (blocking) {
        std::atomic<bool> held{false};
        std::jthread blocked([&] { held = lock.tryAcquireFor(-1ms) && lock.release(); });
        const bool inTime = comesTrueElsewhere([&] { return held.load(); });
        lock.cancel();
        return inTime;
    }
    lock.acquire();
    return comesTrue([&] { return lock.isHeld(); });
}

void tst_Wakeups::comeWithTheRelease_data()
{
    QTest::addColumn<int>("how");
    QTest::newRow("by a program that opened it for writing") << int(O_RDWR);
    QTest::newRow("by one that opened it for reading only") << int(O_RDONLY);
}

void tst_Wakeups::comeWithTheRelease()
{
    QFETCH(int, how);
    write(m_path, {});
    const int other = ::open(QFile::encodeName(m_path).constData(), how | O_CLOEXEC);
    QCOMPARE(::flock(other, LOCK_EX | LOCK_NB), 0);
    FileLock lock(m_path, {.pollInterval = 1h});
    lock.acquire();
    QVERIFY(comesTrue([&] { return timesOpen(m_path) == 2; }));
    settle();
    QVERIFY(!lock.isHeld());
    ::close(other);
    QVERIFY(comesTrue([&] { return lock.isHeld(); }));
}

void tst_Wakeups::areNotMissedBeforeItListens_data()
{
    blockingColumn();
}

//   P.1 tries: busy
//   Q.1 lets go: the event finds no listener
//   P.2 listens, and would wait for a whole poll
void tst_Wakeups::areNotMissedBeforeItListens()
{
    QFETCH(bool, blocking);
    ForeignLock q(m_path);
    FileLock lock(m_path, {.pollInterval = 1h});
    Faults faults;
    faults.after(Call::Flock, 1, [&] { q.release(); });
    QVERIFY(waitFor(lock, blocking));
}

void tst_Wakeups::areFollowedByASecondLook_data()
{
    blockingColumn();
}

// The close event of a dying holder comes before the kernel drops its lock: the next looks find it busy still.
void tst_Wakeups::areFollowedByASecondLook()
{
    QFETCH(bool, blocking);
    ForeignLock q(m_path);
    FileLock lock(m_path, {.pollInterval = 1h});
    Faults faults;
    // Looks 1 and 2 begin the wait; Q lets go during the second, and 3 and 4, which the event brings, are too early.
    faults.after(Call::Flock, 2, [&] { q.release(); });
    faults.fail(Call::Flock, EWOULDBLOCK, 3, 2);
    QVERIFY(waitFor(lock, blocking));
    QVERIFY(faults.count(Call::Flock) >= 5);
}

void tst_Wakeups::comeToManyLocksInTurn()
{
    constexpr int count = 20;
    std::vector<std::unique_ptr<FileLock>> locks;
    ForeignLock other(m_path);
    int served = 0;
    for (int i = 0; i < count; ++i) {
        locks.push_back(std::make_unique<FileLock>(m_path, FileLockOptions{.pollInterval = 1h}));
        FileLock *lock = locks.back().get();
        connect(lock, &FileLock::acquired, this, [&served, lock] {
            ++served;
            lock->release();
        });
        lock->acquire();
    }
    QVERIFY(comesTrue([&] { return timesOpen(m_path) == count + 1; }));
    settle();
    other.release();
    QVERIFY(comesTrue([&] { return served == count; }));
    QVERIFY(isFree(m_path));
}

QTEST_GUILESS_MAIN(tst_Wakeups)
#include "tst_wakeups.moc"
