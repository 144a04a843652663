// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "children.h"
#include "engine/owner.h"
#include "nest.h"
#include "os/process.h"
#include "records/processstat.h"

#include <QtTest/qtest.h>

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <thread>

using namespace Holdfast;
using namespace Holdfast::Testing;

namespace {

const std::string OtherBoot("00000000-1111-2222-3333-444444444444");

/** A process that only lives until it is told to die. */
class Living
{
public:
    explicit Living(bool firstThreadEnds = false) : m_process(fork())
    {
        if (m_process != 0)
            return;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        std::thread([] { ::alarm(60), ::pause(); }).detach();
        if (firstThreadEnds)
            ::syscall(SYS_exit, 0); // this thread alone
        for (;;)
            ::pause();
    }
    ~Living() { bury(); }
    Living(const Living &) = delete;
    Living &operator=(const Living &) = delete;

    std::int64_t process() const { return m_process; }
    Owner owner() const { return {m_process, os::hostName(), token()}; }
    std::string token(const std::string &boot = os::bootId(), std::uint64_t later = 0) const
    {
        return records::startToken(boot, records::readProcessStat(os::processStat(m_process))->startTime + later);
    }

    /** Dead, but still in the table. */
    void kill() const
    {
        ::kill(m_process, SIGKILL);
        siginfo_t info{};
        ::waitid(P_PID, static_cast<id_t>(m_process), &info, WEXITED | WNOWAIT);
    }
    void bury()
    {
        if (m_process > 0)
            kill();
        if (m_process > 0)
            ::waitpid(m_process, nullptr, 0);
        m_process = -1;
    }

private:
    pid_t m_process;
};

/** An owner that lived a moment ago. */
Owner deadOwner()
{
    Living living;
    Owner owner = living.owner();
    living.bury();
    return owner;
}

Owner withoutToken(Owner owner)
{
    owner.startToken.clear();
    return owner;
}

std::uint64_t ourNamespace()
{
    return os::pidNamespace().value();
}

} // namespace

#define NEEDS_THE_FIRST_NAMESPACE() \
    if (os::pidNamespace() != std::optional<std::uint64_t>(0)) \
    QSKIP("this test looks at every process of the machine, and runs in a container")

#define NEEDS_NAMESPACES() \
    if (!Nest::isPossible()) \
    QSKIP("this user may not make PID namespaces")

class tst_Owner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isThisProcessItself();
    void isAnotherOneAfterAFork();
    void isNotMistakenForSomebodyElse_data();
    void isNotMistakenForSomebodyElse();
    void livesAsLongAsItsProcess_data();
    void livesAsLongAsItsProcess();
    void livesUntilItsLastThreadEnds();
    void livesAsLongAsAThreadMayHaveBeenMissed_data();
    void livesAsLongAsAThreadMayHaveBeenMissed();
    void isNotItsNumbersNextOwner_data();
    void isNotItsNumbersNextOwner();
    void isUnknownOnAnotherHost();
    void hasAHostOfItsOwnInAnotherUtsNamespace();
    void isAliveThoughSomebodyElses();
    void isUnknownWhenItCannotBeAsked_data();
    void isUnknownWhenItCannotBeAsked();
    void isUnknownWithoutATable();
    void isUnknownWhereTheTableHidesOthers();
    void isNotLookedUpInATableOfOthers();
    void isUnknownFromWithinUnlessItWasThere();
    void isFoundInANestedNamespace_data();
    void isFoundInANestedNamespace();
    void isNotFoundThereWhenItsNumberIsAnothers();
    void mayBeInAContainerWithABootOfItsOwn();
};

void tst_Owner::isThisProcessItself()
{
    const Owner owner = currentOwner();
    QCOMPARE(owner.process, std::int64_t(getpid()));
    QCOMPARE(owner.host, os::hostName());
    const auto stat = records::readProcessStat(os::processStat(getpid()));
    QVERIFY(stat.has_value());
    QCOMPARE(owner.startToken, records::startToken(os::bootId(), stat->startTime));
    QVERIFY(!owner.startToken.empty());
    QVERIFY(currentOwner() == owner);
    std::thread([&] { QVERIFY(currentOwner() == owner); }).join();
    QVERIFY(isThisProcess(owner));
    QVERIFY(livenessOf(owner) == Liveness::Alive);
    QVERIFY(livenessOf(owner, ourNamespace()) == Liveness::Alive);
}

void tst_Owner::isAnotherOneAfterAFork()
{
    const Owner parent = currentOwner();
    // Tokens count in hundredths of a second: the child must be later by one.
    const std::string before = parent.startToken;
    QVERIFY(comesTrueElsewhere([&] { return Living().token() != before; }));
    QVERIFY(Child([&] {
                EXPECT_IN_CHILD(currentOwner().process == getpid());
                EXPECT_IN_CHILD(currentOwner().startToken != parent.startToken);
                EXPECT_IN_CHILD(livenessOf(currentOwner()) == Liveness::Alive);
                EXPECT_IN_CHILD(livenessOf(parent) == Liveness::Alive);
                return isThisProcess(currentOwner()) && !isThisProcess(parent);
            }).succeeds());
    QVERIFY(currentOwner() == parent);
}

void tst_Owner::isNotMistakenForSomebodyElse_data()
{
    QTest::addColumn<qint64>("process");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<bool>("ours");
    const Owner current = currentOwner();
    const QByteArray host = QByteArray::fromStdString(current.host);
    const QByteArray token = QByteArray::fromStdString(current.startToken);
    QTest::newRow("as we are") << qint64(current.process) << host << token << true;
    QTest::newRow("without a token") << qint64(current.process) << host << QByteArray() << true;
    QTest::newRow("another start") << qint64(current.process) << host << token + "0" << false;
    QTest::newRow("another number") << qint64(current.process + 1) << host << token << false;
    QTest::newRow("another host") << qint64(current.process) << host + "x" << token << false;
    QTest::newRow("another case") << qint64(current.process) << host + "X" << QByteArray() << false;
}

void tst_Owner::isNotMistakenForSomebodyElse()
{
    QFETCH(qint64, process);
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, token);
    QTEST(isThisProcess({process, host.toStdString(), token.toStdString()}), "ours");
}

void tst_Owner::livesAsLongAsItsProcess_data()
{
    QTest::addColumn<bool>("token");
    QTest::addColumn<bool>("noted");
    QTest::newRow("plain") << false << false;
    QTest::newRow("with a token") << true << false;
    QTest::newRow("with a note") << false << true;
    QTest::newRow("with both") << true << true;
}

void tst_Owner::livesAsLongAsItsProcess()
{
    QFETCH(bool, token);
    QFETCH(bool, noted);
    if (!noted)
        NEEDS_THE_FIRST_NAMESPACE();
    Living living;
    const Owner owner = token ? living.owner() : withoutToken(living.owner());
    const auto note = noted ? os::pidNamespace() : std::nullopt;
    QVERIFY(livenessOf(owner, note) == Liveness::Alive);
    living.kill();
    QVERIFY(os::existenceOf(owner.process) == os::Existence::Present);
    QVERIFY(livenessOf(owner, note) == Liveness::Dead); // a zombie holds nothing
    living.bury();
    QVERIFY(livenessOf(owner, note) == Liveness::Dead);
}

void tst_Owner::livesUntilItsLastThreadEnds()
{
    Living living(true);
    QVERIFY(
        comesTrueElsewhere([&] { return records::readProcessStat(os::processStat(living.process()))->state == 'Z'; }));
    const Owner owner = living.owner();
    QCOMPARE(os::threadStats(owner.process).size(), std::size_t(2));
    QVERIFY(livenessOf(owner, ourNamespace()) == Liveness::Alive);
    QVERIFY(livenessOf(withoutToken(owner), ourNamespace()) == Liveness::Alive);
    living.kill();
    QVERIFY(livenessOf(owner, ourNamespace()) == Liveness::Dead);
    QVERIFY(livenessOf(withoutToken(owner), ourNamespace()) == Liveness::Dead);
}

void tst_Owner::livesAsLongAsAThreadMayHaveBeenMissed_data()
{
    QTest::addColumn<QStringList>("threads");
    QTest::newRow("none can be read") << QStringList();
    QTest::newRow("there are more than were read") << QStringList({QStringLiteral("1"), QStringLiteral("more")});
    QTest::newRow("one has just gone") << QStringList({QStringLiteral("1"), QStringLiteral("2")});
}

void tst_Owner::livesAsLongAsAThreadMayHaveBeenMissed()
{
    QFETCH(QStringList, threads);
    NEEDS_NAMESPACES();
    const Living living(true);
    QVERIFY(
        comesTrueElsewhere([&] { return records::readProcessStat(os::processStat(living.process()))->state == 'Z'; }));
    const Owner owner = living.owner();
    QVERIFY(Child([&] {
                const std::string directory = "/proc/" + std::to_string(owner.process) + "/task";
                const std::string zombie = os::processStat(owner.process);
                EXPECT_IN_CHILD(mountPrivately("tmpfs", "", directory));
                for (const QString &thread : threads)
                    EXPECT_IN_CHILD(QDir(QString::fromStdString(directory)).mkdir(thread));
                QFile file(QString::fromStdString(directory + "/1/stat"));
                EXPECT_IN_CHILD(threads.isEmpty() || file.open(QIODevice::WriteOnly));
                EXPECT_IN_CHILD(threads.isEmpty() || file.write(zombie.c_str()) > 0);
                file.close();
                return livenessOf(owner, ourNamespace()) == Liveness::Alive;
            }).succeeds());
}

void tst_Owner::isNotItsNumbersNextOwner_data()
{
    QTest::addColumn<bool>("noted");
    QTest::newRow("known to be of our namespace") << true;
    QTest::newRow("searched for") << false;
}

void tst_Owner::isNotItsNumbersNextOwner()
{
    QFETCH(bool, noted);
    if (!noted)
        NEEDS_THE_FIRST_NAMESPACE();
    const Living living;
    const auto note = noted ? os::pidNamespace() : std::nullopt;
    const auto judge = [&](const std::string &token) {
        return livenessOf({living.process(), os::hostName(), token}, note);
    };
    QVERIFY(judge(living.token()) == Liveness::Alive);
    QVERIFY(judge(living.token(os::bootId(), 1)) == Liveness::Dead);
    QVERIFY(judge(living.token(os::bootId(), std::uint64_t(-1))) == Liveness::Dead);
    QVERIFY(judge(living.token(OtherBoot)) == Liveness::Dead); // the same moment of another boot
    QVERIFY(judge("-3") == Liveness::Dead);
    QVERIFY(judge("0") == Liveness::Dead);
}

void tst_Owner::isUnknownOnAnotherHost()
{
    Owner owner = deadOwner();
    QVERIFY(livenessOf(owner, ourNamespace()) == Liveness::Dead);
    for (const std::string &host : {owner.host + "x", owner.host + ".local", std::string()}) {
        owner.host = host;
        QVERIFY(livenessOf(owner, ourNamespace()) == Liveness::Unknown);
    }
    Owner current = currentOwner();
    current.host += "x";
    QVERIFY(livenessOf(current) == Liveness::Unknown);
}

void tst_Owner::hasAHostOfItsOwnInAnotherUtsNamespace()
{
    NEEDS_NAMESPACES();
    const Owner dead = deadOwner();
    const Owner parent = currentOwner();
    QVERIFY(Child([&] {
                EXPECT_IN_CHILD(currentOwner().host == parent.host);
                EXPECT_IN_CHILD(::unshare(CLONE_NEWUTS) == 0);
                EXPECT_IN_CHILD(::sethostname("elsewhere", 9) == 0);
                EXPECT_IN_CHILD(currentOwner().host == "elsewhere"); // read each time
                EXPECT_IN_CHILD(livenessOf(parent, ourNamespace()) == Liveness::Unknown);
                EXPECT_IN_CHILD(livenessOf(dead, ourNamespace()) == Liveness::Unknown);
                return livenessOf({dead.process, "elsewhere", dead.startToken}, ourNamespace()) == Liveness::Dead;
            }).succeeds());
}

void tst_Owner::isAliveThoughSomebodyElses()
{
    if (getuid() != 0)
        QSKIP("only root can become another user");
    const Living living;
    const Owner owner = living.owner();
    QVERIFY(Child([&] {
                EXPECT_IN_CHILD(::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0);
                EXPECT_IN_CHILD(livenessOf(withoutToken(owner)) == Liveness::Alive);
                return livenessOf(owner) == Liveness::Alive;
            }).succeeds());
}

void tst_Owner::isUnknownWhenItCannotBeAsked_data()
{
    QTest::addColumn<qint64>("process");
    QTest::addColumn<int>("code");
    QTest::newRow("kill(2) fails") << qint64(getpid()) << EINVAL;
    QTest::newRow("0 is no process") << qint64(0) << 0;
    QTest::newRow("nor is -1") << qint64(-1) << 0;
    QTest::newRow("nor 2^31") << qint64(2147483648) << 0;
}

void tst_Owner::isUnknownWhenItCannotBeAsked()
{
    QFETCH(qint64, process);
    QFETCH(int, code);
    Faults faults;
    if (code != 0)
        faults.fail(Call::Kill, code, 1, ForEver);
    QVERIFY(livenessOf({process, os::hostName(), "1"}, ourNamespace()) == Liveness::Unknown);
    QVERIFY(livenessOf({process, os::hostName(), "1"}) == Liveness::Unknown);
    QVERIFY(livenessOf({process, os::hostName(), {}}) == Liveness::Unknown);
}

void tst_Owner::isUnknownWithoutATable()
{
    NEEDS_NAMESPACES();
    const Owner dead = deadOwner();
    const Owner parent = currentOwner();
    const std::uint64_t note = ourNamespace();
    QVERIFY(Child([&] {
                EXPECT_IN_CHILD(mountPrivately("tmpfs"));
                EXPECT_IN_CHILD(currentOwner().startToken.empty());
                EXPECT_IN_CHILD(livenessOf(withoutToken(parent)) == Liveness::Alive);
                EXPECT_IN_CHILD(livenessOf(parent) == Liveness::Unknown);
                EXPECT_IN_CHILD(livenessOf(dead) == Liveness::Unknown);
                return livenessOf(dead, note) == Liveness::Unknown;
            }).succeeds());
}

void tst_Owner::isUnknownWhereTheTableHidesOthers()
{
    NEEDS_NAMESPACES();
    NEEDS_THE_FIRST_NAMESPACE();
    const Owner dead = deadOwner();
    const Owner parent = currentOwner();
    for (const char *options : {"hidepid=1", "hidepid=2"}) {
        QVERIFY(Child([&] {
                    EXPECT_IN_CHILD(mountPrivately("proc", options));
                    EXPECT_IN_CHILD(livenessOf(dead) == Liveness::Dead); // nothing is hidden from root
                    EXPECT_IN_CHILD(::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0);
                    EXPECT_IN_CHILD(livenessOf(parent) == Liveness::Unknown);
                    EXPECT_IN_CHILD(livenessOf(withoutToken(parent)) == Liveness::Alive);
                    EXPECT_IN_CHILD(livenessOf(dead, 0) == Liveness::Dead);
                    return livenessOf(dead) == Liveness::Unknown; // it may be hidden in a container
                }).succeeds());
    }
}

// A PID namespace without a /proc of its own: number 1 is the job's there, and the machine's first process in the table.
void tst_Owner::isNotLookedUpInATableOfOthers()
{
    NEEDS_NAMESPACES();
    QVERIFY(Child([] {
                return inNamespace(Table::Outer, [] {
                    EXPECT_IN_CHILD(currentOwner().process == 1 && currentOwner().startToken.empty());
                    EXPECT_IN_CHILD(livenessOf(currentOwner(), os::pidNamespace()) == Liveness::Alive);
                    EXPECT_IN_CHILD(livenessOf({1, os::hostName(), "1"}, os::pidNamespace()) == Liveness::Unknown);
                    EXPECT_IN_CHILD(livenessOf({1, os::hostName(), "1"}) == Liveness::Unknown);
                    EXPECT_IN_CHILD(livenessOf({77, os::hostName(), "1"}) == Liveness::Unknown);
                    return livenessOf({77, os::hostName(), {}}, os::pidNamespace()) == Liveness::Dead;
                });
            }).succeeds());
}

void tst_Owner::isUnknownFromWithinUnlessItWasThere()
{
    NEEDS_NAMESPACES();
    const Owner parent = currentOwner();
    const std::uint64_t outside = ourNamespace();
    QVERIFY(Child([&] {
                return inNamespace(Table::Own, [&] {
                    const std::uint64_t inside = ourNamespace();
                    EXPECT_IN_CHILD(inside != outside);
                    EXPECT_IN_CHILD(livenessOf(parent) == Liveness::Unknown); // no such number in here
                    EXPECT_IN_CHILD(livenessOf(parent, outside) == Liveness::Unknown);
                    EXPECT_IN_CHILD(livenessOf(parent, inside) == Liveness::Dead);
                    // Our own number, 1, which the machine's first process has, too.
                    const Owner first{1, os::hostName(), "1"};
                    EXPECT_IN_CHILD(livenessOf(currentOwner()) == Liveness::Alive);
                    EXPECT_IN_CHILD(livenessOf(first) == Liveness::Unknown);
                    EXPECT_IN_CHILD(livenessOf(first, outside) == Liveness::Unknown);
                    EXPECT_IN_CHILD(livenessOf(withoutToken(first), outside) == Liveness::Unknown);
                    return livenessOf(first, inside) == Liveness::Dead;
                });
            }).succeeds());
}

void tst_Owner::isFoundInANestedNamespace_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("a number that nobody has out here") << 0;
    QTest::newRow("the number of a process out here") << static_cast<int>(getpid());
    QTest::newRow("the first in there") << 1;
}

void tst_Owner::isFoundInANestedNamespace()
{
    QFETCH(int, number);
    NEEDS_NAMESPACES();
    NEEDS_THE_FIRST_NAMESPACE();
    const auto free = static_cast<int>(deadOwner().process);
    Nest nest({.number = number == 0 ? free : number});
    const Owner owner = nest.owner();
    QVERIFY2(owner.process == (number == 0 ? free : number), "the nest did not get ready");
    QVERIFY(!owner.startToken.empty());
    QVERIFY(livenessOf(owner) == Liveness::Alive);
    QVERIFY(livenessOf(owner, nest.number()) == Liveness::Alive);
    QVERIFY(livenessOf(withoutToken(owner), nest.number()) == Liveness::Unknown);
    // Without token and note, somebody who has the number out here is taken for the owner.
    QVERIFY(livenessOf(withoutToken(owner)) == (number == 0 ? Liveness::Unknown : Liveness::Alive));
    QVERIFY(livenessOf(owner, 0) == Liveness::Dead); // it was out here, says the note
    if (number != 1) {                               // whose end is everybody's in there
        nest.killOwner();
        QVERIFY(livenessOf(owner) == Liveness::Dead); // its zombie
        QVERIFY(livenessOf(owner, nest.number()) == Liveness::Dead);
        nest.buryOwner();
        QVERIFY(livenessOf(owner, nest.number()) == Liveness::Dead);
    }
    nest.end();
    QVERIFY(livenessOf(owner) == Liveness::Dead);
    QVERIFY(livenessOf(owner, nest.number()) == Liveness::Dead);
    QVERIFY(livenessOf(withoutToken(owner), nest.number()) == Liveness::Dead);
}

void tst_Owner::isNotFoundThereWhenItsNumberIsAnothers()
{
    NEEDS_NAMESPACES();
    NEEDS_THE_FIRST_NAMESPACE();
    const Owner dead = deadOwner();
    Nest nest({.number = static_cast<int>(dead.process)});
    QVERIFY(nest.owner().process == dead.process);
    const std::uint64_t start = records::readProcessStat(os::processStat(nest.outerProcess()))->startTime;
    const Owner another{dead.process, dead.host, records::startToken(os::bootId(), start + 1)};
    QVERIFY(livenessOf(another) == Liveness::Dead);
    QVERIFY(livenessOf(another, nest.number()) == Liveness::Dead);
}

void tst_Owner::mayBeInAContainerWithABootOfItsOwn()
{
    NEEDS_NAMESPACES();
    NEEDS_THE_FIRST_NAMESPACE();
    Nest nest({.number = static_cast<int>(deadOwner().process), .boot = OtherBoot});
    const Owner owner = nest.owner();
    const std::uint64_t start = records::readProcessStat(os::processStat(nest.outerProcess()))->startTime;
    QCOMPARE(owner.startToken, records::startToken(OtherBoot, start));
    QVERIFY(livenessOf(owner) == Liveness::Unknown);
    QVERIFY(livenessOf(owner, nest.number()) == Liveness::Unknown);
    nest.end();
    QVERIFY(livenessOf(owner, nest.number()) == Liveness::Dead);
}

QTEST_GUILESS_MAIN(tst_Owner)
#include "tst_owner.moc"
