// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "instances.h"

#include <holdfast/app/singleinstance.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtCore/qscopeguard.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using Holdfast::Activation;
using Holdfast::SingleInstance;
using namespace std::chrono_literals;

namespace {

QString onlyFile(const Meeting &meeting, const QString &ending)
{
    const QStringList files =
        QDir(meeting.directory()).entryList({QStringLiteral("*") + ending}, QDir::Files | QDir::System);
    return files.size() == 1 ? meeting.path(files.first()) : QString();
}

// Lets the sandbox be what only root may make: a namespace in which the next process has the number 1.
std::unique_ptr<OtherProcess> inNewPidNamespace(const Meeting &meeting)
{
    return std::make_unique<OtherProcess>(QStringLiteral("unshare"),
                                          QStringList{QStringLiteral("--pid"), QStringLiteral("--fork"),
                                                      QStringLiteral("--kill-child"), QStringLiteral("--mount-proc"),
                                                      QStringLiteral(HOLDFAST_INSTANCEPROCESS), meeting.directory(),
                                                      QStringLiteral("notes")},
                                          QStringLiteral("ready"));
}

} // namespace

class tst_Instance_Election : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thirtyStartsAtOnceMakeOnePrimary();
    void thePrimaryThatIsKilledIsSucceededAtOnce();
    void aNewContainerIsNoStrangerToTheOldOne();
    void thePrimarySurvivesTheRemovalOfItsLockFile();
    void whoStandsByDisplacesNobody_data();
    void whoStandsByDisplacesNobody();
    void thePrimarySurvivesTheRemovalOfItsDirectory();
    void thePrimaryMakesItsSocketAnew();
    void whoeverIsDisplacedSaysSo();
    void aSocketThatWasLeftBehindIsReplaced();
    void keysThatLookAlikeDoNotCollide();
    void theScopesAreApart();
    void theSessionIsNamedOrRefused();
    void oneDisplayIsOneSession_data();
    void oneDisplayIsOneSession();
    void aLongDirectoryIsNoObstacle();
    void withoutRoomForASocketItIsFailedAndNotPrimary();
    void settingsAreFixedWhileItRuns();
    void startIsAsynchronous();
    void stopLetsTheNextOneIn();
    void standsByUntilThePrimaryHasGone_data();
    void standsByUntilThePrimaryHasGone();
};

void tst_Instance_Election::thirtyStartsAtOnceMakeOnePrimary()
{
    for (int round = 0; round < 10; ++round) {
        const Meeting meeting;
        std::vector<std::unique_ptr<OtherProcess>> programs;
        for (int i = 0; i < 30; ++i)
            programs.push_back(meeting.program());
        for (const auto &program : programs)
            program->tell(QStringLiteral("start"));
        int primaries = 0;
        int secondaries = 0;
        for (const auto &program : programs) {
            const QString status = program->hear();
            primaries += status == u"primary" ? 1 : 0;
            secondaries += status == u"secondary" ? 1 : 0;
        }
        QCOMPARE(primaries, 1);
        QCOMPARE(secondaries, 29);
    }
}

void tst_Instance_Election::thePrimaryThatIsKilledIsSucceededAtOnce()
{
    const Meeting meeting;
    const auto first = meeting.primary();
    QVERIFY(first);
    first->kill();
    QVERIFY(meeting.primary());
}

void tst_Instance_Election::aNewContainerIsNoStrangerToTheOldOne()
{
    if (geteuid() != 0)
        QSKIP("only root can make a PID namespace");
    const Meeting meeting;
    auto first = inNewPidNamespace(meeting);
    QCOMPARE(first->ask(QStringLiteral("start")), QStringLiteral("primary"));
    auto second = inNewPidNamespace(meeting); // the number 1, too, and while the first one runs
    QCOMPARE(second->ask(QStringLiteral("start")), QStringLiteral("secondary"));
    first->kill();
    auto third = inNewPidNamespace(meeting);
    QTRY_COMPARE(third->ask(QStringLiteral("start")), QStringLiteral("primary")); // once the namespace has ended, too
}

void tst_Instance_Election::thePrimarySurvivesTheRemovalOfItsLockFile()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("finish"));
    QVERIFY(primary);
    const QString file = onlyFile(meeting, QStringLiteral(".lock"));
    QVERIFY(QFile::remove(file));
    QTRY_VERIFY(QFile::exists(file)); // it has noticed, and was quicker than anybody
    const auto second = meeting.program();
    QCOMPARE(second->ask(QStringLiteral("main 5")), QStringLiteral("exit 5 none"));
}

void tst_Instance_Election::whoStandsByDisplacesNobody_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("the lock file") << QStringLiteral("rm *.lock");
    QTest::newRow("lock file and socket") << QStringLiteral("rm *");
    QTest::newRow("the directory") << QStringLiteral("rm -rf ../holdfast");
    QTest::newRow("the directory, at once") << QStringLiteral("mv ../holdfast ../gone && rm -rf ../gone");
}

// He hears of it as soon as the primary does, and has nothing else to do.
void tst_Instance_Election::whoStandsByDisplacesNobody()
{
    QFETCH(const QString, what);
    const Meeting meeting;
    const QString runtime = meeting.path(QStringLiteral("runtime"));
    const QString place = runtime + QStringLiteral("/holdfast");
    QVERIFY(QDir().mkdir(runtime, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime));
    const auto program = [] {
        return std::make_unique<OtherProcess>(QStringLiteral(HOLDFAST_INSTANCEPROCESS),
                                              QStringList{QString(), QStringLiteral("notes")}, QStringLiteral("ready"));
    };
    const auto primary = program();
    QCOMPARE(primary->ask(QStringLiteral("start")), QStringLiteral("primary"));
    QCOMPARE(primary->ask(QStringLiteral("handle finish")), QStringLiteral("handling"));
    const auto heir = program();
    QCOMPARE(heir->ask(QStringLiteral("start")), QStringLiteral("secondary"));
    heir->tell(QStringLiteral("standby"));
    for (int round = 0; round < 2; ++round) {
        primary->freeze(); // the heir is always quicker
        QProcess shell;
        shell.setWorkingDirectory(place);
        shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), what});
        QVERIFY(shell.waitForFinished());
        QTest::qWait(150);
        primary->unfreeze();
        QTest::qWait(2500); // by then either has it for good
        QCOMPARE(primary->ask(QStringLiteral("status")), QStringLiteral("primary"));
        QVERIFY(heir->isSilent());
        QCOMPARE(heir->ask(QStringLiteral("status")), QStringLiteral("secondary"));
        const auto another = program();
        QCOMPARE(another->ask(QStringLiteral("main 5")), QStringLiteral("exit 5 none"));
        QCOMPARE(primary->hear(), QStringLiteral("activated 5"));
        struct stat facts;
        QCOMPARE(::stat(QFile::encodeName(place).constData(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777u, 0700u);
    }
    primary->kill();
    QCOMPARE(heir->hear(), QStringLiteral("promoted"));
    qunsetenv("XDG_RUNTIME_DIR");
}

void tst_Instance_Election::thePrimarySurvivesTheRemovalOfItsDirectory()
{
    const Meeting meeting;
    const QString place = meeting.path(QStringLiteral("place"));
    SingleInstance primary(QStringLiteral("notes"));
    primary.setDirectory(place);
    QCOMPARE(primary.tryStart(), SingleInstance::Status::Primary);
    QVERIFY(QDir(place).removeRecursively());
    QTRY_COMPARE(QDir(place).entryList(QDir::Files | QDir::System).size(), 2);
    SingleInstance second(QStringLiteral("notes"));
    second.setDirectory(place);
    QCOMPARE(second.tryStart(), SingleInstance::Status::Secondary);
    QObject::connect(&primary, &SingleInstance::activated, [](const Activation &activation) { activation.finish(6); });
    const auto reply = second.forward({});
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().exitCode, 6);
}

void tst_Instance_Election::thePrimaryMakesItsSocketAnew()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("finish"));
    QVERIFY(primary);
    QVERIFY(QFile::remove(onlyFile(meeting, QStringLiteral(".socket"))));
    const auto second = meeting.program();
    QCOMPARE(second->ask(QStringLiteral("main 5")), QStringLiteral("exit 5 none"));
}

// P holds the lock and is stopped; the file is removed; Q makes a new one and becomes the primary; P goes on.
void tst_Instance_Election::whoeverIsDisplacedSaysSo()
{
    const Meeting meeting;
    const auto first = meeting.primary();
    QVERIFY(first);
    first->freeze();
    QVERIFY(QFile::remove(onlyFile(meeting, QStringLiteral(".lock"))));
    const auto second = meeting.primary(QStringLiteral("finish"));
    QVERIFY(second);
    const QByteArray socket = QFile::encodeName(onlyFile(meeting, QStringLiteral(".socket")));
    struct stat before;
    QCOMPARE(::stat(socket.constData(), &before), 0);
    first->unfreeze();
    QTRY_COMPARE(first->ask(QStringLiteral("status")), QStringLiteral("failed displaced"));
    struct stat after;
    QCOMPARE(::stat(socket.constData(), &after), 0);
    QCOMPARE(after.st_ino, before.st_ino); // the first one has not taken the socket of the second away
    const auto third = meeting.program();
    QCOMPARE(third->ask(QStringLiteral("main 5")), QStringLiteral("exit 5 none"));
    QCOMPARE(second->hear(), QStringLiteral("activated 5"));
}

void tst_Instance_Election::aSocketThatWasLeftBehindIsReplaced()
{
    const Meeting meeting;
    const auto first = meeting.primary();
    QVERIFY(first);
    first->kill();
    QVERIFY(!onlyFile(meeting, QStringLiteral(".socket")).isEmpty());
    const auto next = meeting.primary(QStringLiteral("finish"));
    QVERIFY(next);
    QCOMPARE(meeting.program()->ask(QStringLiteral("main 5")), QStringLiteral("exit 5 none"));
}

void tst_Instance_Election::keysThatLookAlikeDoNotCollide()
{
    const Meeting meeting;
    const QString many(100, u'a'); // more than is in the name for people
    const auto editor = meeting.program({}, many + QStringLiteral("editor") + many);
    const auto viewer = meeting.program({}, many + QStringLiteral("viewer") + many);
    QCOMPARE(editor->ask(QStringLiteral("start")), QStringLiteral("primary"));
    QCOMPARE(viewer->ask(QStringLiteral("start")), QStringLiteral("primary"));
    for (const QString &name : QDir(meeting.directory()).entryList(QDir::Files | QDir::System))
        QVERIFY2(name.size() <= 64, qPrintable(name));
}

void tst_Instance_Election::theScopesAreApart()
{
    const Meeting meeting;
    qputenv("XDG_SESSION_ID", "7");
    SingleInstance user(QStringLiteral("notes"));
    SingleInstance session(QStringLiteral("notes"));
    SingleInstance system(QStringLiteral("notes"));
    session.setScope(SingleInstance::Scope::Session);
    system.setScope(SingleInstance::Scope::System);
    for (SingleInstance *instance : {&user, &session, &system}) {
        instance->setDirectory(meeting.directory());
        QCOMPARE(instance->tryStart(), SingleInstance::Status::Primary);
    }
    qputenv("XDG_SESSION_ID", "8");
    SingleInstance other(QStringLiteral("notes"));
    other.setDirectory(meeting.directory());
    other.setScope(SingleInstance::Scope::Session);
    QCOMPARE(other.tryStart(), SingleInstance::Status::Primary);
    qputenv("XDG_SESSION_ID", "7");
    other.stop();
    QCOMPARE(other.tryStart(), SingleInstance::Status::Secondary);
}

void tst_Instance_Election::theSessionIsNamedOrRefused()
{
    const Meeting meeting;
    for (const char *name : {"XDG_SESSION_ID", "WAYLAND_DISPLAY", "DISPLAY"})
        qunsetenv(name);
    QFile number(QStringLiteral("/proc/self/sessionid"));
    const bool isCounted = number.open(QIODevice::ReadOnly) && number.readAll() != "4294967295";
    SingleInstance instance(QStringLiteral("notes"));
    instance.setDirectory(meeting.directory());
    instance.setScope(SingleInstance::Scope::Session);
    instance.tryStart();
    QCOMPARE(instance.error(), isCounted ? SingleInstance::Error::None : SingleInstance::Error::NoSession);
}

// As programs of one desktop have it: with a screen or without, as a name or as a path.
void tst_Instance_Election::oneDisplayIsOneSession_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    QTest::addColumn<bool>("areSame");
    QTest::newRow("screen") << QByteArray("DISPLAY") << QByteArray(":1") << QByteArray(":1.0") << true;
    QTest::newRow("another display") << QByteArray("DISPLAY") << QByteArray(":1") << QByteArray(":2.0") << false;
    QTest::newRow("host") << QByteArray("DISPLAY") << QByteArray("a.b:1") << QByteArray("a.c:1") << false;
    QTest::newRow("path") << QByteArray("WAYLAND_DISPLAY") << QByteArray("wayland-0") << QByteArray("/run/x/wayland-0")
                          << true;
    QTest::newRow("another path") << QByteArray("WAYLAND_DISPLAY") << QByteArray("wayland-0")
                                  << QByteArray("/run/y/wayland-0") << false;
}

void tst_Instance_Election::oneDisplayIsOneSession()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, one);
    QFETCH(const QByteArray, other);
    QFETCH(const bool, areSame);
    QFile number(QStringLiteral("/proc/self/sessionid"));
    if (number.open(QIODevice::ReadOnly) && number.readAll() != "4294967295")
        QSKIP("the kernel counts sessions here, and the display does not matter");
    const Meeting meeting;
    for (const char *variable : {"XDG_SESSION_ID", "WAYLAND_DISPLAY", "DISPLAY"})
        qunsetenv(variable);
    qputenv("XDG_RUNTIME_DIR", "/run/x");
    const auto start = [&](const QByteArray &display) {
        qputenv(name.constData(), display);
        auto instance = std::make_unique<SingleInstance>(QStringLiteral("notes"));
        instance->setDirectory(meeting.directory());
        instance->setScope(SingleInstance::Scope::Session);
        instance->tryStart();
        return instance;
    };
    const auto first = start(one);
    QCOMPARE(first->status(), SingleInstance::Status::Primary);
    QCOMPARE(start(other)->status(), areSame ? SingleInstance::Status::Secondary : SingleInstance::Status::Primary);
    qunsetenv(name.constData());
    qunsetenv("XDG_RUNTIME_DIR");
}

void tst_Instance_Election::aLongDirectoryIsNoObstacle()
{
    const Meeting meeting;
    const QString deep = meeting.path(QString(120, u'd') + u'/' + QString(120, u'e'));
    SingleInstance primary(QStringLiteral("notes"));
    SingleInstance second(QStringLiteral("notes"));
    primary.setDirectory(deep);
    second.setDirectory(deep);
    QCOMPARE(primary.tryStart(), SingleInstance::Status::Primary);
    QCOMPARE(second.tryStart(), SingleInstance::Status::Secondary);
    QObject::connect(&primary, &SingleInstance::activated, [](const Activation &activation) { activation.finish(6); });
    const auto reply = second.forward({});
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().exitCode, 6);
}

// A disk with room for two files: its root, and the lock.
void tst_Instance_Election::withoutRoomForASocketItIsFailedAndNotPrimary()
{
    const Meeting meeting;
    const QByteArray path = QFile::encodeName(meeting.path(QStringLiteral("small")));
    QCOMPARE(::mkdir(path.constData(), 0700), 0);
    if (::mount("none", path.constData(), "tmpfs", 0, "nr_inodes=2,mode=0700") != 0)
        QSKIP("only root can mount a disk");
    const auto unmount = qScopeGuard([&] { ::umount2(path.constData(), MNT_DETACH); });
    SingleInstance instance(QStringLiteral("notes"));
    instance.setDirectory(QFile::decodeName(path));
    QCOMPARE(instance.tryStart(), SingleInstance::Status::Failed);
    QCOMPARE(instance.error(), SingleInstance::Error::CannotListen);
    QCOMPARE(::mount("none", path.constData(), "tmpfs", MS_REMOUNT, "nr_inodes=10"), 0);
    SingleInstance next(QStringLiteral("notes")); // nobody holds the lock
    next.setDirectory(QFile::decodeName(path));
    QCOMPARE(next.tryStart(), SingleInstance::Status::Primary);
}

void tst_Instance_Election::settingsAreFixedWhileItRuns()
{
    const Meeting meeting;
    SingleInstance instance(QStringLiteral("notes"));
    QVERIFY(instance.setDirectory(meeting.directory()));
    QVERIFY(!instance.setTimeout(0ms));
    QCOMPARE(instance.error(), SingleInstance::Error::InvalidArgument);
    QVERIFY(!instance.setMaximumSize(0));
    SingleInstance half{QString(QChar(0xd800))};
    half.setDirectory(meeting.directory());
    QCOMPARE(half.tryStart(), SingleInstance::Status::Failed);
    QCOMPARE(half.error(), SingleInstance::Error::InvalidArgument);
    QVERIFY(!instance.setKey(QString(QChar(0xd800))));
    QCOMPARE(instance.error(), SingleInstance::Error::InvalidArgument);
    QCOMPARE(instance.tryStart(), SingleInstance::Status::Primary);
    QCOMPARE(instance.error(), SingleInstance::Error::None);
    QVERIFY(!instance.setKey(QStringLiteral("other")));
    QCOMPARE(instance.error(), SingleInstance::Error::Misuse);
    QCOMPARE(instance.key(), QStringLiteral("notes"));
    instance.stop();
    QVERIFY(instance.setKey(QStringLiteral("other")));
    QCOMPARE(instance.error(), SingleInstance::Error::None);
}

void tst_Instance_Election::startIsAsynchronous()
{
    const Meeting meeting;
    SingleInstance first(QStringLiteral("notes"));
    SingleInstance second(QStringLiteral("notes"));
    for (SingleInstance *instance : {&first, &second}) {
        instance->setDirectory(meeting.directory());
        QSignalSpy changed(instance, &SingleInstance::statusChanged);
        instance->start();
        QCOMPARE(instance->status(), SingleInstance::Status::Electing);
        QTRY_COMPARE(changed.size(), 2);
    }
    QCOMPARE(first.status(), SingleInstance::Status::Primary);
    QCOMPARE(second.status(), SingleInstance::Status::Secondary);
}

void tst_Instance_Election::stopLetsTheNextOneIn()
{
    const Meeting meeting;
    const auto first = meeting.primary();
    QVERIFY(first);
    first->tell(QStringLiteral("stop"));
    QCOMPARE(first->ask(QStringLiteral("status")), QStringLiteral("idle"));
    QVERIFY(onlyFile(meeting, QStringLiteral(".socket")).isEmpty());
    const auto second = meeting.primary();
    QVERIFY(second);
    QCOMPARE(first->ask(QStringLiteral("start")), QStringLiteral("secondary"));
}

void tst_Instance_Election::standsByUntilThePrimaryHasGone_data()
{
    QTest::addColumn<bool>("now");
    QTest::addColumn<bool>("early");
    QTest::newRow("start, then standBy") << false << false;
    QTest::newRow("standBy, then start") << false << true;
    QTest::newRow("tryStart, then standBy") << true << false;
    QTest::newRow("standBy, then tryStart") << true << true;
}

void tst_Instance_Election::standsByUntilThePrimaryHasGone()
{
    QFETCH(const bool, now);
    QFETCH(const bool, early);
    const Meeting meeting;
    const auto first = meeting.primary();
    QVERIFY(first);
    SingleInstance heir(QStringLiteral("notes"));
    heir.setDirectory(meeting.directory());
    QSignalSpy promoted(&heir, &SingleInstance::promoted);
    if (early)
        heir.standBy();
    if (now)
        QCOMPARE(heir.tryStart(), SingleInstance::Status::Secondary);
    else
        heir.start();
    if (!early)
        heir.standBy();
    QTRY_COMPARE(heir.status(), SingleInstance::Status::Secondary);
    QVERIFY(!promoted.wait(50)); // it waits as long as it takes
    first->kill();
    QTRY_COMPARE(promoted.size(), 1);
    QCOMPARE(heir.status(), SingleInstance::Status::Primary);
}

QTEST_GUILESS_MAIN(tst_Instance_Election)
#include "tst_instance_election.moc"
