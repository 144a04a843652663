// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "files.h"
#include "os/fileidentity.h"
#include "os/lockfile.h"
#include "os/process.h"

#include <QtTest/qtest.h>

#include <limits>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

using namespace Holdfast::os;

class tst_Process : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsItself();
    void knowsNobodyWithSuchANumber_data();
    void knowsNobodyWithSuchANumber();
    void takesAZombieForDead();
    void isNotConfusedByAStrangeName_data();
    void isNotConfusedByAStrangeName();
    void listsALockThatIsHeld();
    void splitsADeviceAsTheSystemDoes();
    void knowsTheHost();
};

void tst_Process::knowsItself()
{
    QCOMPARE(currentProcess(), static_cast<std::int64_t>(getpid()));
    const auto facts = factsOf(currentProcess());
    QVERIFY(facts.has_value());
    QVERIFY(QByteArray("tst_os_process").startsWith(facts->program.c_str())); // the kernel keeps 15 letters
    QVERIFY(!facts->program.empty());
    QVERIFY(!facts->user.empty());
    if (getuid() == 0)
        QCOMPARE(facts->user, std::string("root"));
}

void tst_Process::knowsNobodyWithSuchANumber_data()
{
    QTest::addColumn<qint64>("process");
    QTest::newRow("0 is no process") << qint64(0);
    QTest::newRow("nor is -1") << qint64(-1);
    QTest::newRow("nor a number that no process can have") << std::numeric_limits<qint64>::max();
}

void tst_Process::knowsNobodyWithSuchANumber()
{
    QFETCH(qint64, process);
    QVERIFY(!factsOf(process).has_value());
}

void tst_Process::takesAZombieForDead()
{
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    QVERIFY(child > 0);
    siginfo_t info{};
    QCOMPARE(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0); // dead, not yet buried
    QVERIFY(!factsOf(child).has_value());
    QCOMPARE(waitpid(child, nullptr, 0), child);
}

void tst_Process::isNotConfusedByAStrangeName_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("a state letter in parentheses") << QByteArray("a) Z (b");
    QTest::newRow("a closing parenthesis") << QByteArray("x) Z 1");
    QTest::newRow("no letter at all") << QByteArray(")");
}

void tst_Process::isNotConfusedByAStrangeName()
{
    QFETCH(QByteArray, name);
    char before[16] = {};
    prctl(PR_GET_NAME, before);
    prctl(PR_SET_NAME, name.constData());
    const auto facts = factsOf(currentProcess());
    prctl(PR_SET_NAME, before);
    QVERIFY2(facts.has_value(), "it lives");
    QCOMPARE(QByteArray::fromStdString(facts->program), name);
}

void tst_Process::listsALockThatIsHeld()
{
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("file"));
    const Holdfast::Testing::ForeignLock held(path);
    QVERIFY(held.isHeld());
    Result<FileIdentity> identity = identityOf(QFile::encodeName(path).toStdString());
    QVERIFY(identity);
    const std::string wanted = ":" + std::to_string(identity->number) + " 0 EOF";
    QVERIFY(lockTable().find(wanted) != std::string::npos);
}

void tst_Process::splitsADeviceAsTheSystemDoes()
{
    struct stat facts;
    QCOMPARE(::stat("/proc", &facts), 0);
    const DeviceNumbers numbers = deviceNumbers({facts.st_dev, facts.st_ino});
    QCOMPARE(numbers.major, major(facts.st_dev));
    QCOMPARE(numbers.minor, minor(facts.st_dev));
}

void tst_Process::knowsTheHost()
{
    QCOMPARE(QString::fromLocal8Bit(hostName()), QSysInfo::machineHostName());
}

QTEST_GUILESS_MAIN(tst_Process)
#include "tst_process.moc"
