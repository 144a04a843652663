// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../engine/children.h"
#include "faults.h"
#include "files.h"
#include "os/process.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <atomic>
#include <grp.h>
#include <limits>
#include <sched.h>
#include <sys/mount.h>
#include <sys/xattr.h>
#include <thread>

using namespace Holdfast::os;
using namespace Holdfast::Testing;

namespace {

// Runs @p job as the first process of a PID namespace, with the table of processes of that namespace or with ours.
bool inItsOwnNamespace(bool ownTable, const std::function<bool()> &job)
{
    EXPECT_IN_CHILD(::unshare(CLONE_NEWPID | CLONE_NEWNS) == 0);
    const pid_t first = fork();
    if (first == 0) {
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
        if (ownTable && ::mount("proc", "/proc", "proc", 0, nullptr) != 0)
            _exit(2);
        _exit(job() ? 0 : 1);
    }
    int status = -1;
    EXPECT_IN_CHILD(::waitpid(first, &status, 0) == first);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool mayMakeNamespaces()
{
    return Child([] { return ::unshare(CLONE_NEWPID | CLONE_NEWNS) == 0; }).succeeds();
}

} // namespace

#define NEEDS_NAMESPACES() \
    if (!mayMakeNamespaces()) \
    QSKIP("this user may not make PID namespaces")

class tst_ProcessTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsThisBoot();
    void seesItself();
    void looksForProcessesByNumber();
    void neverAsksAfterGroups_data();
    void neverAsksAfterGroups();
    void takesADenialForPresence();
    void doesNotKnowWhatItCouldNotAsk();
    void readsNothingAboutNobody();
    void seesEveryThread();
    void trustsNoTableOfAnotherNamespace();
    void trustsTheTableOfItsOwnNamespace();
    void noticesAMissingTable();
    void noticesAHidingTable_data();
    void noticesAHidingTable();
    void notesANamespace_data();
    void notesANamespace();
    void readsNoNoteThatIsNone_data();
    void readsNoNoteThatIsNone();
    void doesWithoutNotes();
};

void tst_ProcessTable::knowsThisBoot()
{
    QCOMPARE(QByteArray::fromStdString(bootId()),
             Holdfast::Testing::read(QStringLiteral("/proc/sys/kernel/random/boot_id")).trimmed());
    QCOMPARE(bootId().size(), std::size_t(36));
}

void tst_ProcessTable::seesItself()
{
    QVERIFY(processTableIsOurs());
    const auto all = processes();
    QVERIFY(std::find(all.begin(), all.end(), getpid()) != all.end());
    QVERIFY(std::find(all.begin(), all.end(), getppid()) != all.end());
    const std::string number = std::to_string(getpid());
    QVERIFY(processStat(getpid()).starts_with(number + " ("));
    QVERIFY(processStatus(getpid()).find("\nPid:\t" + number + "\n") != std::string::npos);
    struct stat facts;
    QCOMPARE(::stat("/proc/self/ns/pid", &facts), 0);
    constexpr ino_t first = 0xEFFFFFFC;
    QCOMPARE(pidNamespace().value(), facts.st_ino == first ? 0 : static_cast<std::uint64_t>(facts.st_ino));
}

void tst_ProcessTable::looksForProcessesByNumber()
{
    QVERIFY(existenceOf(getpid()) == Existence::Present);
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    siginfo_t info{};
    QCOMPARE(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
    QVERIFY(existenceOf(child) == Existence::Present); // its zombie
    QCOMPARE(waitpid(child, nullptr, 0), child);
    QVERIFY(existenceOf(child) == Existence::Missing);
}

void tst_ProcessTable::neverAsksAfterGroups_data()
{
    QTest::addColumn<qint64>("process");
    QTest::newRow("0 is our own group") << qint64(0);
    QTest::newRow("-1 is everybody") << qint64(-1);
    QTest::newRow("2^31 is negative for the system") << qint64(2147483648);
    QTest::newRow("2^32 + 1 is 1 for the system") << qint64(4294967297);
    QTest::newRow("the largest number") << std::numeric_limits<qint64>::max();
}

void tst_ProcessTable::neverAsksAfterGroups()
{
    QFETCH(qint64, process);
    Faults faults;
    QVERIFY(existenceOf(process) == Existence::Unknown);
    QCOMPARE(faults.count(Call::Kill), 0);
}

void tst_ProcessTable::takesADenialForPresence()
{
    const pid_t parent = getpid();
    if (getuid() == 0) {
        QVERIFY(
            Child([parent] { return ::setuid(65534) == 0 && existenceOf(parent) == Existence::Present; }).succeeds());
    }
    Faults faults;
    faults.fail(Call::Kill, EPERM);
    QVERIFY(existenceOf(parent) == Existence::Present);
}

void tst_ProcessTable::doesNotKnowWhatItCouldNotAsk()
{
    for (const int code : {EINVAL, ENOSYS, EINTR, EIO}) {
        Faults faults;
        faults.fail(Call::Kill, code);
        QVERIFY(existenceOf(getpid()) == Existence::Unknown);
    }
    Faults faults;
    faults.fail(Call::Kill, ESRCH);
    QVERIFY(existenceOf(getpid()) == Existence::Missing);
}

void tst_ProcessTable::readsNothingAboutNobody()
{
    QVERIFY(processStat(-5).empty());
    QVERIFY(processStatus(2147483647).empty());
    QVERIFY(threadStats(2147483647).empty());
}

void tst_ProcessTable::seesEveryThread()
{
    const std::size_t before = threadStats(getpid()).size();
    QVERIFY(before >= 1);
    std::atomic<bool> end{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 5; ++i)
        threads.emplace_back([&] { end.wait(false); });
    const auto stats = threadStats(getpid());
    end = true;
    end.notify_all();
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(stats.size(), before + 5);
    const auto ours = std::count_if(stats.begin(), stats.end(), [](const std::string &stat) {
        return stat.find(" (tst_os_processt) ") != std::string::npos; // the kernel keeps 15 letters
    });
    QVERIFY(ours >= 5);
}

void tst_ProcessTable::trustsNoTableOfAnotherNamespace()
{
    NEEDS_NAMESPACES();
    QVERIFY(Child([] {
                return inItsOwnNamespace(false, [] {
                    EXPECT_IN_CHILD(currentProcess() == 1);
                    EXPECT_IN_CHILD(!processTableIsOurs());
                    EXPECT_IN_CHILD(pidNamespace().value_or(0) != 0); // still told
                    EXPECT_IN_CHILD(existenceOf(1) == Existence::Present);
                    return existenceOf(2147483647) == Existence::Missing;
                });
            }).succeeds());
}

void tst_ProcessTable::trustsTheTableOfItsOwnNamespace()
{
    NEEDS_NAMESPACES();
    const auto outside = pidNamespace();
    QVERIFY(outside.has_value());
    QVERIFY(Child([outside] {
                return inItsOwnNamespace(true, [outside] {
                    EXPECT_IN_CHILD(processTableIsOurs());
                    EXPECT_IN_CHILD(pidNamespace().value_or(0) != 0);
                    EXPECT_IN_CHILD(pidNamespace() != outside);
                    return processes() == std::vector<std::int64_t>{1};
                });
            }).succeeds());
}

void tst_ProcessTable::noticesAMissingTable()
{
    NEEDS_NAMESPACES();
    QVERIFY(Child([] {
                EXPECT_IN_CHILD(::unshare(CLONE_NEWNS) == 0);
                ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
                EXPECT_IN_CHILD(::mount("none", "/proc", "tmpfs", 0, nullptr) == 0);
                EXPECT_IN_CHILD(!processTableIsOurs() && !processTableIsComplete());
                EXPECT_IN_CHILD(!pidNamespace().has_value());
                EXPECT_IN_CHILD(processes().empty() && bootId().empty());
                return processStat(getpid()).empty() && threadStats(getpid()).empty();
            }).succeeds());
}

void tst_ProcessTable::noticesAHidingTable_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<bool>("complete");
    QTest::newRow("everybody sees all") << QByteArray("hidepid=0") << true;
    QTest::newRow("others cannot be read") << QByteArray("hidepid=1") << false;
    QTest::newRow("others are not there") << QByteArray("hidepid=2") << false;
}

void tst_ProcessTable::noticesAHidingTable()
{
    NEEDS_NAMESPACES();
    QFETCH(QByteArray, options);
    QFETCH(bool, complete);
    QVERIFY(processTableIsComplete());
    QVERIFY(Child([&] {
                EXPECT_IN_CHILD(::unshare(CLONE_NEWNS) == 0);
                ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
                EXPECT_IN_CHILD(::mount("proc", "/proc", "proc", 0, options.constData()) == 0);
                EXPECT_IN_CHILD(processTableIsComplete());                             // for root
                EXPECT_IN_CHILD(::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0); // group 0 would still see all
                EXPECT_IN_CHILD(::setuid(65534) == 0);
                EXPECT_IN_CHILD(processTableIsOurs());
                return processTableIsComplete() == complete;
            }).succeeds());
}

void tst_ProcessTable::notesANamespace_data()
{
    QTest::addColumn<quint64>("number");
    QTest::newRow("the first") << quint64(0);
    QTest::newRow("a common one") << quint64(4026532178);
    QTest::newRow("the largest") << std::numeric_limits<quint64>::max();
}

void tst_ProcessTable::notesANamespace()
{
    QFETCH(quint64, number);
    QTemporaryDir directory;
    QFile file(directory.filePath(QStringLiteral("marker")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(!notedNamespace(file.handle()).has_value());
    const Status noted = noteNamespace(file.handle(), number);
    if (!noted && noted.error().kind == ErrorKind::Unsupported)
        QSKIP("this filesystem keeps no user attributes");
    QVERIFY(noted);
    QFile reader(file.fileName());
    QVERIFY(reader.open(QIODevice::ReadOnly));
    QCOMPARE(notedNamespace(reader.handle()).value(), number);
    QCOMPARE(reader.size(), qint64(0)); // the text is as before
    QVERIFY(noteNamespace(file.handle(), 7));
    QCOMPARE(notedNamespace(reader.handle()).value(), quint64(7));
}

void tst_ProcessTable::readsNoNoteThatIsNone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("letters") << QByteArray("initial");
    QTest::newRow("a number and more") << QByteArray("12x");
    QTest::newRow("a line") << QByteArray("12\n");
    QTest::newRow("negative") << QByteArray("-1");
    QTest::newRow("more than 64 bits") << QByteArray("18446744073709551616");
    QTest::newRow("more than it reads") << QByteArray(100, '1');
}

void tst_ProcessTable::readsNoNoteThatIsNone()
{
    QFETCH(QByteArray, text);
    QTemporaryDir directory;
    QFile file(directory.filePath(QStringLiteral("marker")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    if (::fsetxattr(file.handle(), "user.holdfast.pidns", text.constData(), static_cast<size_t>(text.size()), 0) != 0)
        QSKIP("this filesystem keeps no user attributes");
    QVERIFY(!notedNamespace(file.handle()).has_value());
}

void tst_ProcessTable::doesWithoutNotes()
{
    QTemporaryDir directory;
    QFile file(directory.filePath(QStringLiteral("marker")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    Faults faults;
    faults.fail(Call::Fsetxattr, EOPNOTSUPP);
    const Status noted = noteNamespace(file.handle(), 1);
    QVERIFY(!noted);
    QVERIFY(noted.error().kind == ErrorKind::Unsupported);
    for (const int code : {EOPNOTSUPP, ENODATA, EIO, ESTALE}) {
        faults.fail(Call::Fgetxattr, code);
        QVERIFY(!notedNamespace(file.handle()).has_value());
    }
}

QTEST_GUILESS_MAIN(tst_ProcessTable)
#include "tst_processtable.moc"
