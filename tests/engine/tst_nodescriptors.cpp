// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "children.h"
#include "engine/errands.h"
#include "watches.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelease.h>

#include <QtTest/qtest.h>

#include <sys/resource.h>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

/** The process has used up its descriptors: what waits and watches loses its comforts, and nothing else. */
class tst_NoDescriptors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void endsALifetime_data();
    void endsALifetime();
    void blocksUntilTheRelease();
    void worksAgainAfterwards_data();
    void worksAgainAfterwards();
    void triesAgainToStartItsThreads();

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

namespace {

/** Leaves room for @p count more descriptors. What the process has open stays so. */
bool leave(unsigned count)
{
    rlimit limit{};
    const int lowest = ::dup(STDERR_FILENO); // the one that comes next
    if (lowest < 0 || ::close(lowest) != 0 || ::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    limit.rlim_cur = static_cast<rlim_t>(lowest) + count;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    std::vector<int> gaps; // above the lowest, below the limit
    for (int fill = ::dup(STDERR_FILENO); fill >= 0; fill = ::dup(STDERR_FILENO))
        gaps.push_back(fill);
    for (std::size_t i = 0; i < gaps.size() && i < count; ++i)
        ::close(gaps[i]);
    return gaps.size() >= count;
}

bool leaveMany()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 1024);
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

} // namespace

void tst_NoDescriptors::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("file.lock"));
}

void tst_NoDescriptors::endsALifetime_data()
{
    QTest::addColumn<bool>("watches");
    QTest::newRow("when its thread has opened nothing yet") << false;
    QTest::newRow("when its thread watches already, and sleeps for long") << true;
}

// In a child, whose thread for it is not there yet. The one descriptor that is left is for the lock file.
void tst_NoDescriptors::endsALifetime()
{
    QFETCH(bool, watches);
    Child child([&] {
        FileLock other(m_path + QStringLiteral(".other"));
        if (watches) {
            EXPECT_IN_CHILD(other.tryAcquire());
            EXPECT_IN_CHILD(comesTrueElsewhere([&] { return isWatchedNow(other.path()); }));
        }
        FileLock lock(m_path, {.lifetime = 700ms}); // it outlives the time in which the thread looks often
        EXPECT_IN_CHILD(leave(1));
        EXPECT_IN_CHILD(lock.tryAcquire());
        EXPECT_IN_CHILD(::dup(STDERR_FILENO) < 0);
        EXPECT_IN_CHILD(comesTrueElsewhere([&] { return !lock.isHeld(); }));
        EXPECT_IN_CHILD(leaveMany());
        EXPECT_IN_CHILD(comesTrueElsewhere([&] { return isFree(m_path); }));
        return true;
    });
    QVERIFY(child.succeeds());
}

// Without a bell and without events only the poll is left, and it is enough.
void tst_NoDescriptors::blocksUntilTheRelease()
{
    ForeignLock holder(m_path);
    int gate[2];
    QVERIFY(::pipe2(gate, O_CLOEXEC) == 0);
    Child child([&] {
        holder.release(); // its copy
        FileLock lock(m_path);
        EXPECT_IN_CHILD(leave(1));
        bool waits = false;
        EXPECT_IN_CHILD(lock.tryAcquireFor(20s, {.pollInterval = 5ms, .cancelCheck = [&] {
                                                     if (!std::exchange(waits, true))
                                                         EXPECT_IN_CHILD(::write(gate[1], "x", 1) == 1);
                                                     return false;
                                                 }}));
        EXPECT_IN_CHILD(waits);
        return true;
    });
    ::close(gate[1]); // so that a child that fails is noticed
    char byte = 0;
    QCOMPARE(::read(gate[0], &byte, 1), 1);
    holder.release();
    QVERIFY(child.succeeds());
    ::close(gate[0]);
}

void tst_NoDescriptors::worksAgainAfterwards_data()
{
    QTest::addColumn<unsigned>("left");
    QTest::addColumn<bool>("lasts");
    QTest::newRow("a short hold, in which no background thread gets a descriptor") << 1U << false;
    QTest::newRow("a hold that lasts") << 1U << true;
    QTest::newRow("one more") << 2U << true;
    QTest::newRow("two more") << 3U << true;
}

/** Whether lifetimes end, leases are renewed and losses are told. */
bool isAllWell(const QTemporaryDir &directory)
{
    FileLock brief(directory.filePath(QStringLiteral("brief")), {.lifetime = 300ms});
    FileLock replaced(directory.filePath(QStringLiteral("replaced")));
    SoftFileLease lease(directory.filePath(QStringLiteral("lease")), {.duration = 1500ms});
    EXPECT_IN_CHILD(brief.tryAcquire() && replaced.tryAcquire() && lease.tryAcquire());
    EXPECT_IN_CHILD(comesTrueElsewhere([&] { return !brief.isHeld(); }));
    EXPECT_IN_CHILD(comesTrueElsewhere([&] { return isWatchedNow(replaced.path()); }));
    EXPECT_IN_CHILD(QFile::remove(replaced.path()));
    EXPECT_IN_CHILD(comesTrueElsewhere([&] { return !replaced.isHeld(); }));
    QElapsedTimer timer;
    timer.start();
    EXPECT_IN_CHILD(comesTrueElsewhere([&] { return timer.elapsed() > 2000 || !lease.isHeld(); }));
    EXPECT_IN_CHILD(lease.isHeld());
    return true;
}

void tst_NoDescriptors::worksAgainAfterwards()
{
    QFETCH(unsigned, left);
    QFETCH(bool, lasts);
    Child child([&] {
        {
            FileLock lock(m_path);
            EXPECT_IN_CHILD(leave(left));
            EXPECT_IN_CHILD(lock.tryAcquire());
            if (!lasts)
                EXPECT_IN_CHILD(lock.release());
            // The background threads tick, find nothing to wait with, and go to sleep. That they have is nothing one could see:
            // to look into /proc takes a descriptor. If they are late, this proves less, and fails no more than otherwise.
            QThread::msleep(500);
        }
        EXPECT_IN_CHILD(leaveMany());
        return isAllWell(*m_directory);
    });
    QVERIFY(child.succeeds());
}

FileLock *s_lock = nullptr;
std::atomic<int> s_warnings{0};

void useTheLock(QtMsgType, const QMessageLogContext &, const QString &text)
{
    if (!text.contains(QStringLiteral("cannot start a thread")))
        return;
    Errands::instance().lock(); // as every fork does
    Errands::instance().unlock();
    FileLock another(s_lock->path() + QStringLiteral(".another"), {.lifetime = 1h});
    s_warnings += !s_lock->isHeld() || !another.tryAcquire() ? 100 : 1;
}

// As a user of its own: only those have a limit.
void tst_NoDescriptors::triesAgainToStartItsThreads()
{
    if (::geteuid() != 0)
        QSKIP("SKIPPED: needs a user of its own, who may have no threads, so needs root");
    QVERIFY(QFile::setPermissions(m_directory->path(), QFileDevice::Permissions(0x7777)));
    Child child([&] {
        constexpr uid_t somebody = 54322;
        EXPECT_IN_CHILD(::setresuid(somebody, somebody, somebody) == 0);
        rlimit before{};
        EXPECT_IN_CHILD(::getrlimit(RLIMIT_NPROC, &before) == 0);
        const rlimit none{0, before.rlim_max};
        EXPECT_IN_CHILD(::setrlimit(RLIMIT_NPROC, &none) == 0);
        FileLock lock(m_path, {.lifetime = 1h});
        s_lock = &lock;
        const QtMessageHandler handler = qInstallMessageHandler(useTheLock);
        EXPECT_IN_CHILD(lock.tryAcquire() && lock.release());
        EXPECT_IN_CHILD(s_warnings == 1);
        Errands::instance().post(1, [] {});
        EXPECT_IN_CHILD(s_warnings == 101);
        qInstallMessageHandler(handler);
        EXPECT_IN_CHILD(::setrlimit(RLIMIT_NPROC, &before) == 0);
        return isAllWell(*m_directory);
    });
    QVERIFY(child.succeeds());
}

QTEST_GUILESS_MAIN(tst_NoDescriptors)
#include "tst_nodescriptors.moc"
