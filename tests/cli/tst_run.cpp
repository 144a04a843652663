// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Everything about `holdfast run` but its streams and signals, with the real flock(1) beside it.
#include "program.h"

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

namespace {

QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts);
}

QStringList shell(const char *script)
{
    return {QStringLiteral("sh"), QStringLiteral("-c"), QString::fromUtf8(script)};
}

} // namespace

class TestRun : public QObject
{
    Q_OBJECT

private:
    static QStringList forHoldfast(const QStringList &options, const QString &file, const QStringList &command)
    {
        return QStringList(QStringLiteral("run")) + options + QStringList(file) + QStringList(QStringLiteral("--"))
               + command;
    }

private Q_SLOTS:
    void endsAsFlockDoes_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<QString>("held");
        QTest::addColumn<int>("status");
        const QString lock = QStringLiteral("lock");
        const auto command = [&](const char *name, const QStringList &words, int status) {
            QTest::newRow(name) << QStringList() << lock << words << QString() << status;
        };
        command("a command that succeeds", words("true"), 0);
        command("a command that fails", words("false"), 1);
        command("a command's own status", shell("exit 77"), 77);
        command("a command that is killed", shell("kill -KILL $$"), 137);
        command("a command that is terminated", shell("kill -TERM $$"), 143);
        command("no such command", words("nosuchcommand"), 69);
        command("no such file", words("./nosuch"), 69);
        command("not executable", words("./plain"), 69);
        command("a directory", words("."), 69);
        command("a command without a name", {QString()}, 69);
        command("a script that does not say of what kind", words("./script"), 5);

        const auto file = [&](const char *name, const QString &path, int status) {
            QTest::newRow(name) << QStringList() << path << words("true") << QString() << status;
        };
        file("a file below a file", QStringLiteral("plain/lock"), 66);
        file("a name of 256 bytes", QString(256, u'n'), 66);
        file("a path of 5000 bytes", QString(2500, u'x').replace(u'x', QStringLiteral("x/")), 66);
        file("no name", QString(), 66);

        const auto busy = [&](const char *options, const char *held, int status) {
            QTest::addRow("%s against %s", options, held)
                << words(options) << lock << words("true") << QString::fromLatin1(held) << status;
        };
        for (const char *options : {"-n", "--nb", "--nonblock", "-w 0", "-w 0.05", "--timeout .05", "--wait=0.05",
                                    "-n -w 60", "-s -n", "-s -x -n", "--verbose -n", "-w 1e-9"})
            busy(options, "exclusive", 1);
        busy("-n -E 7", "exclusive", 7);
        busy("-n --conflict-exit-code=255", "exclusive", 255);
        busy("-w 0.05 -E 9", "exclusive", 9);
        busy("-n -E 0", "exclusive", 0);
        busy("-x -n", "shared", 1);
        busy("-e -n", "shared", 1);
        busy("-s -n", "shared", 0);
        busy("-x --shared -n", "shared", 0);

        const auto usage = [&](const char *options) {
            QTest::addRow("usage: %s", options) << words(options) << lock << words("true") << QString() << 64;
        };
        for (const char *options : {"-w foo", "-w 1,5", "-E 300", "-E -1", "-E x", "--bogus", "-q", "--shared=1"})
            usage(options);
    }
    void endsAsFlockDoes()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, file);
        QFETCH(QStringList, command);
        QFETCH(QString, held);
        QFETCH(int, status);
        const Scene scene;
        QVERIFY(QFile(scene.path(QStringLiteral("plain"))).open(QIODevice::WriteOnly));
        QFile script(scene.path(QStringLiteral("script")));
        QVERIFY(script.open(QIODevice::WriteOnly) && script.write("exit 5\n") == 7);
        QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
        script.close();
        std::unique_ptr<Running> holder;
        if (!held.isEmpty()) {
            holder = scene.flockHolds(QStringLiteral("lock"), held == u"shared");
            QVERIFY(holder);
        }
        const Ending flock = scene.run(QStringLiteral("flock"), options + QStringList(file) + command);
        const Ending ours = scene.run(holdfastProgram(), forHoldfast(options, file, command));
        QCOMPARE(flock.status, status);
        QVERIFY2(ours.status == status, ours.err);
        const bool silent = status < 64 || status > 73 || held.isEmpty() == false;
        QVERIFY2(options.contains(QStringLiteral("--verbose")) || ours.err.count('\n') == (silent ? 0 : 1), ours.err);
    }

    void reportsTheSystemsRefusalsAsFlockDoes_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<int>("status");
        const auto row = [](const char *fault, int status) {
            QTest::newRow(fault) << QString::fromLatin1(fault) << status;
        };
        row("openat:error=EACCES", 66);
        row("openat:error=ENXIO", 66);
        row("openat:error=EROFS", 73);
        row("openat:error=ENOSPC", 73);
        row("openat:error=EMFILE", 71);
        row("openat:error=ENFILE", 71);
        row("openat:error=ENOMEM", 71);
        row("flock:error=ENOLCK", 71);
        row("flock:error=ENOMEM", 71);
        row("flock:error=EOPNOTSUPP", 65);
        row("flock:error=ENOSYS", 65);
    }
    void reportsTheSystemsRefusalsAsFlockDoes()
    {
        QFETCH(QString, fault);
        QFETCH(int, status);
        if (!canTrace())
            QSKIP("strace does not work here");
        qputenv("ASAN_OPTIONS", "detect_leaks=0"); // it cannot look for leaks beside a tracer
        const Scene scene;
        QVERIFY(QFile(scene.path()).open(QIODevice::WriteOnly));
        const QStringList traced{
            QStringLiteral("-f"), QStringLiteral("-o"), QStringLiteral("/dev/null"),      QStringLiteral("-P"),
            scene.path(),         QStringLiteral("-e"), QStringLiteral("inject=") + fault};
        const Ending flock =
            scene.run(QStringLiteral("strace"), traced + words("flock") + QStringList(scene.path()) + words("true"));
        const Ending ours = scene.run(QStringLiteral("strace"), traced + QStringList(holdfastProgram())
                                                                    + forHoldfast({}, scene.path(), words("true")));
        QCOMPARE(flock.status, status);
        QVERIFY2(ours.status == status, ours.err);
        QCOMPARE(ours.err.count('\n'), 1);
        QVERIFY2(ours.err.contains(scene.path().toUtf8()), ours.err);
    }

    void endsWith66WhenTheFileMayNotBeOpened()
    {
        if (geteuid() != 0)
            QSKIP("needs root, to become somebody else");
        const Scene scene;
        QVERIFY(scene.isFree());
        QCOMPARE(chmod(QFile::encodeName(scene.directory()).constData(), 0700), 0);
        const QStringList asNobody = words("--reuid=65534 --regid=65534 --clear-groups");
        if (scene.run(QStringLiteral("setpriv"), asNobody + QStringList(holdfastProgram()) + words("--version")).status
            != 0)
            QSKIP("nobody else can run the program from where it is");
        const Ending flock =
            scene.run(QStringLiteral("setpriv"), asNobody + words("flock") + QStringList(scene.path()) + words("true"));
        const Ending ours = scene.run(QStringLiteral("setpriv"), asNobody + QStringList(holdfastProgram())
                                                                     + forHoldfast({}, scene.path(), words("true")));
        QCOMPARE(flock.status, 66);
        QCOMPARE(ours.status, 66);
        QVERIFY2(ours.err.contains("permission") && ours.err.count('\n') == 1, ours.err);
    }

    void refusesWhatIsNoRegularFile_data()
    {
        QTest::addColumn<QString>("file");
        for (const char *file : {"directory", "fifo", "link", "dangling", "/dev/null", "/"})
            QTest::newRow(file) << QString::fromLatin1(file);
    }
    void refusesWhatIsNoRegularFile()
    {
        QFETCH(QString, file);
        const Scene scene;
        QVERIFY(QDir(scene.directory()).mkdir(QStringLiteral("directory")));
        QCOMPARE(mkfifo(QFile::encodeName(scene.path(QStringLiteral("fifo"))).constData(), 0600), 0);
        QVERIFY(QFile::link(QStringLiteral("directory"), scene.path(QStringLiteral("link"))));
        QVERIFY(QFile::link(QStringLiteral("nowhere"), scene.path(QStringLiteral("dangling"))));
        const Ending ending = scene.run(holdfastProgram(), forHoldfast({}, file, words("true")));
        QCOMPARE(ending.status, 66);
        QVERIFY2(ending.err.contains(file.toUtf8()) && ending.err.count('\n') == 1, ending.err);
    }

    void locksFilesOfAnyName_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("spaces") << QStringLiteral(" a  b ");
        QTest::newRow("UTF-8") << QStringLiteral("schön-鎖.lock");
        QTest::newRow("a leading dash") << QStringLiteral("./-n");
        QTest::newRow("quotes") << QStringLiteral("a'b\"c\\d");
        QTest::newRow("a line break") << QStringLiteral("a\nb");
        QTest::newRow("255 bytes") << QString(255, u'n');
        QTest::newRow("in folders that are not there yet") << QStringLiteral("a/b/c");
    }
    void locksFilesOfAnyName()
    {
        QFETCH(QString, file);
        const Scene scene;
        const auto ours = scene.start(QStringLiteral("env"), QStringList{QStringLiteral("LC_ALL=C"), holdfastProgram()}
                                                                 + forHoldfast({}, file, shell("echo in; read line")));
        QVERIFY(ours->waitForOutput("in"));
        QVERIFY(QFile::exists(scene.path(file)));
        QVERIFY(!scene.isFree(file));
        ours->closeInput();
        const Ending ending = ours->ending();
        QCOMPARE(ending.status, 1);         // of read
        QCOMPARE(ending.err, QByteArray()); // Qt has something to say about LC_ALL=C
        QVERIFY(scene.isFree(file));
    }

    void leavesTheContentsOfTheFileAlone()
    {
        const Scene scene;
        QFile file(scene.path());
        QVERIFY(file.open(QIODevice::ReadWrite) && file.write("text") == 4 && file.flush());
        QCOMPARE(scene.run(holdfastProgram(), forHoldfast({}, scene.path(), words("true"))).status, 0);
        QVERIFY(file.seek(0));
        QCOMPARE(file.readAll(), QByteArray("text"));
    }

    void keepsFlockOutWhileTheCommandRuns_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<bool>("sharedGetsIn");
        QTest::newRow("exclusive") << words("-x") << false;
        QTest::newRow("shared") << words("--shared") << true;
        QTest::newRow("exclusive, not inherited") << words("--close") << false;
    }
    void keepsFlockOutWhileTheCommandRuns()
    {
        QFETCH(QStringList, options);
        QFETCH(bool, sharedGetsIn);
        const Scene scene;
        const auto ours = scene.holdfast(forHoldfast(options, scene.path(), shell("echo in; read line; exit 4")));
        QVERIFY(ours->waitForOutput("in"));
        QVERIFY(!scene.isFree());
        QCOMPARE(scene.isFree(QStringLiteral("lock"), true), sharedGetsIn);
        ours->closeInput();
        QCOMPARE(ours->ending().status, 4);
        QVERIFY(scene.isFree());
    }

    void waitsUntilFlockLetsGo()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        const auto ours = scene.holdfast(forHoldfast(words("-v -w 60"), scene.path(), words("echo in")));
        QVERIFY(ours->waitForErrors("is held by flock (pid " + QByteArray::number(holder->id())));
        QCOMPARE(ours->out(), QByteArray());
        holder->closeInput();
        const Ending ending = ours->ending();
        QCOMPARE(ending.status, 0);
        QCOMPARE(ending.out, QByteArray("in\n"));
        QVERIFY2(ending.err.contains("got \"" + scene.path().toUtf8() + "\" after "), ending.err);
        QCOMPARE(ending.err.count('\n'), 2);
    }

    void getsTheLockOfAHolderThatIsKilled()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        const auto ours = scene.holdfast(forHoldfast(words("-v -w 60"), scene.path(), words("echo in")));
        QVERIFY(ours->waitForErrors("is held by"));
        holder->signal(SIGKILL);
        QCOMPARE(ours->ending().status, 0);
    }

    void waitsAsLongAsItWasTold()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        QElapsedTimer timer;
        timer.start();
        const Ending ending = scene.run(holdfastProgram(), forHoldfast(words("-w 0.3"), scene.path(), words("true")));
        QCOMPARE(ending.status, 1);
        QVERIFY(timer.elapsed() >= 300);
        QCOMPARE(ending.err, QByteArray()); // no terminal, not verbose
    }

    void looksNoMoreOftenThanPollSays()
    {
        if (!canTrace())
            QSKIP("strace does not work here");
        qputenv("ASAN_OPTIONS", "detect_leaks=0");
        const auto attempts = [](const char *poll) {
            const Scene scene;
            const auto holder = scene.flockHolds();
            const QStringList traced = words("-f -o trace -e trace=flock") + QStringList(holdfastProgram());
            const Ending ending =
                scene.run(QStringLiteral("strace"),
                          traced + forHoldfast(words("-w 1 --poll") + words(poll), scene.path(), words("true")));
            QFile trace(scene.path(QStringLiteral("trace")));
            return ending.status == 1 && trace.open(QIODevice::ReadOnly) ? trace.readAll().count("flock(") : -1;
        };
        const auto seldom = attempts("60");
        QVERIFY2(seldom >= 1 && seldom <= 4, QByteArray::number(seldom)); // the default would be 20
        QVERIFY(attempts("0.02") > seldom);
    }

    void explainsItselfWhenVerbose()
    {
        const Scene scene;
        const QByteArray name = '"' + scene.path().toUtf8() + '"';
        Ending ending = scene.run(holdfastProgram(), forHoldfast(words("--verbose"), scene.path(), words("true")));
        QVERIFY2(ending.err.startsWith("holdfast: got " + name + " after 0."), ending.err);
        QCOMPARE(ending.err.count('\n'), 1);
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        ending = scene.run(holdfastProgram(), forHoldfast(words("--verbose -n"), scene.path(), words("true")));
        QVERIFY2(ending.err.contains("holdfast: " + name + " is held by flock (pid " + QByteArray::number(holder->id())
                                     + ", user "),
                 ending.err);
        QVERIFY2(ending.err.contains("holdfast: did not get " + name), ending.err);
    }

    void warnsWhenTheLockIsLost_data()
    {
        QTest::addColumn<bool>("replaced");
        QTest::newRow("removed") << false;
        QTest::newRow("replaced") << true;
    }
    void warnsWhenTheLockIsLost()
    {
        QFETCH(bool, replaced);
        const Scene scene;
        const auto ours = scene.holdfast(forHoldfast({}, scene.path(), shell("echo in; read line; exit 6")));
        QVERIFY(ours->waitForOutput("in"));
        QVERIFY(QFile::rename(scene.path(), scene.path(QStringLiteral("old"))));
        if (replaced)
            QVERIFY(scene.isFree()); // makes it, too
        QVERIFY(ours->waitForErrors("warning: the lock on \"" + scene.path().toUtf8()
                                    + "\" is lost: the file was removed or replaced"));
        ours->closeInput(); // only now does the command end
        const Ending ending = ours->ending();
        QCOMPARE(ending.status, 6);
        QCOMPARE(ending.err.count('\n'), 1);
    }

    void showsHelpOnStandardOutput()
    {
        const Scene scene;
        for (const char *line : {"--help", "run --help", "status -h", "--version"}) {
            const Ending ending = scene.run(holdfastProgram(), words(line));
            QCOMPARE(ending.status, 0);
            QVERIFY(ending.out.size() > 10 && ending.err.isEmpty());
        }
        const Ending ending = scene.run(holdfastProgram(), words("nosuch"));
        QCOMPARE(ending.status, 64);
        QVERIFY2(ending.out.isEmpty() && ending.err.startsWith("holdfast: ") && ending.err.count('\n') == 1,
                 ending.err);
    }
};

QTEST_GUILESS_MAIN(TestRun)
#include "tst_run.moc"
