// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "program.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

class TestInstance : public QObject
{
    Q_OBJECT

private:
    static QStringList instance(const Scene &scene, const QStringList &options, const QStringList &command)
    {
        const QStringList common{QStringLiteral("instance"), QStringLiteral("--key"), QStringLiteral("k"),
                                 QStringLiteral("--directory"), scene.path(QStringLiteral("meet"))};
        return common + options + QStringList{QStringLiteral("--")} + command;
    }
    static QStringList shell(const char *script)
    {
        return {QStringLiteral("sh"), QStringLiteral("-c"), QString::fromUtf8(script)};
    }
    // For commands that end when the file is gone, also should the test fail and take away its directory.
    static void stay(const Scene &scene)
    {
        QFile file(scene.path(QStringLiteral("stay")));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    static void end(const Scene &scene) { QVERIFY(QFile::remove(scene.path(QStringLiteral("stay")))); }

    static bool makeScript(const QString &path, const QByteArray &commands)
    {
        QFile script(path);
        return script.open(QIODevice::WriteOnly) && script.write("#!/bin/sh\n" + commands) > 0
               && script.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    }

    /** A first one whose command says "begun", and ends with 7 when it is told to. */
    static std::unique_ptr<Running> first(const Scene &scene, const QStringList &options = {})
    {
        stay(scene);
        auto running = scene.holdfast(
            instance(scene, options, shell("echo begun; while test -e stay; do sleep 0.02; done; exit 7")));
        return running->waitForOutput("begun\n") ? std::move(running) : nullptr;
    }
private Q_SLOTS:
    void theFirstOneRunsAndReturnsTheExitStatus()
    {
        const Scene scene;
        const Ending ending =
            scene.run(holdfastProgram(), instance(scene, {},
                                                  shell("echo $0 \"$1\"; exit 3")
                                                      + QStringList{QStringLiteral("a"), QStringLiteral("b c")}));
        QCOMPARE(ending.status, 3);
        QCOMPARE(ending.out, QByteArray("a b c\n"));
        QCOMPARE(ending.err, QByteArray());
    }

    void aLaterOneRunsNothing()
    {
        const Scene scene;
        const auto running = first(scene);
        QVERIFY(running);
        const Ending later = scene.run(holdfastProgram(), instance(scene, {}, shell("echo no")));
        QCOMPARE(later.status, 0);
        QCOMPARE(later.out + later.err, QByteArray());
        end(scene);
        QCOMPARE(running->ending().status, 7);
        QCOMPARE(scene.run(holdfastProgram(), instance(scene, {}, shell("echo yes"))).out, QByteArray("yes\n"));
    }

    void aLaterOneWaitsForTheEndIfItWantsTo()
    {
        const Scene scene;
        const auto running = first(scene, {QStringLiteral("-v")});
        QVERIFY(running);
        const auto later = scene.holdfast(instance(scene, {QStringLiteral("--block")}, shell("echo no")));
        QVERIFY(running->waitForErrors("started again by process " + QByteArray::number(later->id())));
        end(scene);
        QCOMPARE(later->ending().status, 7);
    }

    void linesArriveOnStandardInput()
    {
        const Scene scene;
        const auto running =
            scene.holdfast(instance(scene, {QStringLiteral("--lines")}, shell("echo begun; head -n 2")));
        QVERIFY(running->waitForOutput("begun\n"));
        const QStringList words{QStringLiteral("x"), QStringLiteral("a\nb"), QStringLiteral("ü")};
        QCOMPARE(scene.run(holdfastProgram(), instance(scene, {}, words)).status, 0);
        QCOMPARE(scene.run(holdfastProgram(), instance(scene, {}, {QStringLiteral("x")})).status, 0);
        const QList<QByteArray> lines = running->ending().out.split('\n');
        QCOMPARE(lines.size(), 4);
        const QJsonObject said = QJsonDocument::fromJson(lines.at(1)).object();
        QCOMPARE(said.value(QStringLiteral("arguments")).toArray(),
                 (QJsonArray{QStringLiteral("a\nb"), QStringLiteral("ü")}));
        QCOMPARE(said.value(QStringLiteral("directory")).toString(), scene.directory());
        QVERIFY(said.value(QStringLiteral("process")).toInteger() > 0);
    }

    void aCommandThatClosesItsInputHarmsNobody()
    {
        const Scene scene;
        stay(scene);
        const auto running = scene.holdfast(instance(
            scene, {QStringLiteral("-l")}, shell("exec <&-; echo begun; while test -e stay; do sleep 0.02; done")));
        QVERIFY(running->waitForOutput("begun\n"));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(scene.run(holdfastProgram(), instance(scene, {}, {QStringLiteral("x")})).status, 0);
        end(scene);
        QCOMPARE(running->ending().status, 0);
    }

    void aHandlerRunsWhereTheLaterOneWasStarted()
    {
        const Scene scene;
        const QString script = scene.path(QStringLiteral("handler"));
        QVERIFY(makeScript(script, "echo \"$PWD $XDG_ACTIVATION_TOKEN $*\"\nexit 5\n"));
        const auto running = first(scene, {QStringLiteral("--handler"), script});
        QVERIFY(running);
        const QString command = QStringLiteral("cd / && XDG_ACTIVATION_TOKEN=t \"$0\" \"$@\"");
        const Ending later = scene.run(
            QStringLiteral("sh"), QStringList{QStringLiteral("-c"), command, holdfastProgram()}
                                      + instance(scene, {QStringLiteral("-b")},
                                                 {QStringLiteral("x"), QStringLiteral("a b"), QStringLiteral("c")}));
        QCOMPARE(later.status, 5);
        end(scene);
        QCOMPARE(running->ending().out, QByteArray("begun\n/ t a b c\n"));
    }

    // Its name means a program of the first one's, whatever lies in the directory of a later one, who may be another user.
    void aHandlerIsWhatTheFirstOneFinds_data()
    {
        QTest::addColumn<QString>("word");
        QTest::newRow("relative") << QStringLiteral("./handler");
        QTest::newRow("in PATH") << QStringLiteral("handler");
    }

    void aHandlerIsWhatTheFirstOneFinds()
    {
        QFETCH(const QString, word);
        const Scene scene;
        QVERIFY(QDir(scene.directory()).mkdir(QStringLiteral("elsewhere")));
        QVERIFY(makeScript(scene.path(QStringLiteral("handler")), "echo \"mine $XDG_ACTIVATION_TOKEN\"\nexit 5\n"));
        QVERIFY(makeScript(scene.path(QStringLiteral("elsewhere/handler")), "echo theirs\nexit 6\n"));
        stay(scene);
        const QString begin = QStringLiteral("XDG_ACTIVATION_TOKEN=old PATH=.:$PATH exec \"$0\" \"$@\"");
        const auto running = scene.start(QStringLiteral("sh"),
                                         QStringList{QStringLiteral("-c"), begin, holdfastProgram()}
                                             + instance(scene, {QStringLiteral("--handler"), word},
                                                        shell("echo begun; while test -e stay; do sleep 0.02; done")));
        QVERIFY(running->waitForOutput("begun\n"));
        const QString later = QStringLiteral("cd elsewhere && exec \"$0\" \"$@\"");
        const Ending ending =
            scene.run(QStringLiteral("sh"), QStringList{QStringLiteral("-c"), later, holdfastProgram()}
                                                + instance(scene, {QStringLiteral("-b")}, {QStringLiteral("x")}));
        QCOMPARE(ending.status, 5);
        end(scene);
        QCOMPARE(running->ending().out, QByteArray("begun\nmine \n"));
    }

    void aHandlerThatIsNotThereIsTold()
    {
        const Scene scene;
        const Ending ending = scene.run(
            holdfastProgram(),
            instance(scene, {QStringLiteral("--handler"), QStringLiteral("/no/such/program")}, shell("echo no")));
        QCOMPARE(ending.status, 69);
        QCOMPARE(ending.out, QByteArray());
        QVERIFY2(ending.err.contains("cannot run '/no/such/program' for later starts"), ending.err.constData());
    }

    void aHandlerThatHasGoneIsTold()
    {
        const Scene scene;
        const QString script = scene.path(QStringLiteral("handler"));
        QVERIFY(makeScript(script, "exit 0\n"));
        const auto running = first(scene, {QStringLiteral("--handler"), script});
        QVERIFY(running);
        QVERIFY(QFile::remove(script));
        QCOMPARE(scene.run(holdfastProgram(), instance(scene, {QStringLiteral("-b")}, {QStringLiteral("x")})).status,
                 69);
        QVERIFY(running->waitForErrors("cannot run '" + QFile::encodeName(script) + '\''));
    }

    void whoForwardsTakesOverWhenTheFirstOneIsKilled()
    {
        const Scene scene;
        auto running = first(scene, {QStringLiteral("-v")});
        QVERIFY(running);
        const auto later = scene.holdfast(instance(scene, {QStringLiteral("--block")}, shell("echo mine; exit 4")));
        QVERIFY(running->waitForErrors("started again"));
        running->signal(SIGKILL);
        end(scene); // of its command, which nobody looks after any more
        const Ending ending = later->ending();
        QCOMPARE(ending.out, QByteArray("mine\n"));
        QCOMPARE(ending.status, 4);
    }

    void theCommandKeepsItsPlaceWhenOnlyHoldfastIsKilled()
    {
        const Scene scene;
        const auto running = first(scene);
        QVERIFY(running);
        running->signal(SIGKILL);
        QVERIFY(running->waitUntilItEnds());
        const Ending later = scene.run(
            holdfastProgram(), instance(scene, {QStringLiteral("-w"), QStringLiteral(".2")}, shell("echo second")));
        QCOMPARE(later.out, QByteArray());
        QCOMPARE(later.status, 75);
        QVERIFY2(later.err.contains("sh (pid ") && later.err.contains("does not answer; end it"), later.err);
        end(scene);
        const auto next = scene.holdfast(instance(scene, {}, shell("echo next"))); // waits for its end, at most 5 s
        QCOMPARE(next->ending().out, QByteArray("next\n"));
    }

    void aCommandThatLeavesSomethingBehindKeepsNoPlace()
    {
        const Scene scene;
        stay(scene);
        const Ending left = scene.run(
            holdfastProgram(),
            instance(scene, {}, shell("(while test -e stay; do sleep 0.02; done) </dev/null >/dev/null 2>&1 & true")));
        QCOMPARE(left.status, 0);
        QCOMPARE(scene.run(holdfastProgram(), instance(scene, {}, shell("echo yes"))).out, QByteArray("yes\n"));
        end(scene);
    }

    void aSilentOneIsDealtWithAsWished_data()
    {
        QTest::addColumn<QString>("wish");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("out");
        QTest::newRow("fail") << QStringLiteral("fail") << 75 << QByteArray();
        QTest::newRow("run") << QStringLiteral("run") << 4 << QByteArray("mine\n");
    }
    void aSilentOneIsDealtWithAsWished()
    {
        QFETCH(const QString, wish);
        QFETCH(const int, status);
        QFETCH(const QByteArray, out);
        const Scene scene;
        const auto running = first(scene);
        QVERIFY(running);
        running->signal(SIGSTOP);
        const Ending later =
            scene.run(holdfastProgram(),
                      instance(scene, {QStringLiteral("-w"), QStringLiteral(".2"), QStringLiteral("--if-silent"), wish},
                               shell("echo mine; exit 4")));
        running->signal(SIGCONT);
        end(scene);
        QCOMPARE(later.status, status);
        QCOMPARE(later.out, out);
        QVERIFY2(later.err.contains("does not answer") && later.err.contains(QByteArray::number(running->id())),
                 later.err);
    }

    void otherUsersTakePartIfEveryoneMay()
    {
        if (geteuid() != 0)
            QSKIP("needs root, to become somebody else");
        const Scene scene;
        QVERIFY(QDir(scene.directory()).mkdir(QStringLiteral("meet")));
        QCOMPARE(chmod(QFile::encodeName(scene.directory()).constData(), 0755), 0);
        QCOMPARE(chmod(QFile::encodeName(scene.path(QStringLiteral("meet"))).constData(), 01777), 0);
        const QStringList asNobody{QStringLiteral("--reuid=65534"), QStringLiteral("--regid=65534"),
                                   QStringLiteral("--clear-groups"), holdfastProgram()};
        if (scene.run(QStringLiteral("setpriv"), asNobody + QStringList(QStringLiteral("--version"))).status != 0)
            QSKIP("nobody else can run the program from where it is");
        const QStringList everyone{QStringLiteral("--access"), QStringLiteral("everyone"), QStringLiteral("-v")};
        const auto running = first(scene, everyone);
        QVERIFY(running);
        const Ending refused =
            scene.run(QStringLiteral("setpriv"), asNobody + instance(scene, {}, shell("echo second")));
        QCOMPARE(refused.status, 66);
        QVERIFY2(refused.err.contains("belongs to the user root") && refused.err.contains("let everyone do so"),
                 refused.err);
        const Ending later =
            scene.run(QStringLiteral("setpriv"), asNobody + instance(scene, everyone, shell("echo second")));
        QCOMPARE(later.status, 0);
        QVERIFY2(later.err.contains("handed over"), later.err);
        QVERIFY(running->waitForErrors("started again by process"));
        end(scene);
    }

    void signalsReachTheCommand()
    {
        const Scene scene;
        const auto running = scene.holdfast(
            instance(scene, {}, shell("trap 'echo caught; exit 6' TERM; echo begun; while :; do sleep 0.02; done")));
        QVERIFY(running->waitForOutput("begun\n"));
        running->signal(SIGTERM);
        const Ending ending = running->ending();
        QCOMPARE(ending.status, 6);
        QCOMPARE(ending.out, QByteArray("begun\ncaught\n"));
    }

    void whatIsWrongIsSaid()
    {
        const Scene scene;
        const Ending ending =
            scene.run(holdfastProgram(), {QStringLiteral("instance"), QStringLiteral("--key"), QStringLiteral("k"),
                                          QStringLiteral("--directory"), QStringLiteral("/proc/version/x"),
                                          QStringLiteral("--"), QStringLiteral("true")});
        QCOMPARE(ending.status, 66);
        QVERIFY2(ending.err.contains("/proc/version/x"), ending.err);
        const auto refused = [&](const QStringList &words) {
            const Ending usage = scene.run(holdfastProgram(), QStringList{QStringLiteral("instance")} + words);
            return usage.status == 64 && usage.err.contains("holdfast instance --help");
        };
        const QString key = QStringLiteral("--key=k");
        const QStringList command{QStringLiteral("--"), QStringLiteral("true")};
        QVERIFY(refused(command));
        QVERIFY(refused({key}));
        QVERIFY(refused(QStringList{key, QStringLiteral("x")} + command));
        QVERIFY(refused(QStringList{key, QStringLiteral("--scope=world")} + command));
        QVERIFY(refused(QStringList{key, QStringLiteral("--access=friends")} + command));
        QVERIFY(refused(QStringList{key, QStringLiteral("--if-silent=kill")} + command));
        QVERIFY(refused(QStringList{key, QStringLiteral("--timeout=0")} + command));
        QVERIFY(refused(QStringList{key, QStringLiteral("--lines"), QStringLiteral("--handler=x")} + command));
    }
};

QTEST_GUILESS_MAIN(TestInstance)
#include "tst_instance.moc"
