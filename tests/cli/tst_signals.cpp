// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Signals from processes; those from a terminal are in tst_terminal.cpp.
#include "program.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtTest/qtest.h>

#include <csignal>

class TestSignals : public QObject
{
    Q_OBJECT

private:
    static QStringList run(const Scene &scene, const QStringList &options, const QStringList &command)
    {
        return QStringList(QStringLiteral("run")) + options + QStringList{scene.path(), QStringLiteral("--")} + command;
    }
    static QStringList shell(const char *script)
    {
        return {QStringLiteral("sh"), QStringLiteral("-c"), QString::fromUtf8(script)};
    }
    static QStringList verbose() { return {QStringLiteral("-v")}; }
    static pid_t idFrom(const QByteArray &output) { return output.split('\n').first().toInt(); }

private Q_SLOTS:
    void endTheWait_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<int>("status");
        QTest::newRow("SIGINT") << SIGINT << 130;
        QTest::newRow("SIGTERM") << SIGTERM << 143;
        QTest::newRow("SIGHUP") << SIGHUP << 129;
        QTest::newRow("SIGQUIT") << SIGQUIT << 131;
    }
    void endTheWait()
    {
        QFETCH(int, number);
        QFETCH(int, status);
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        const auto ours = scene.holdfast(run(scene, verbose(), shell("touch started")));
        QVERIFY(ours->waitForErrors("is held by"));
        ours->signal(number);
        QCOMPARE(ours->ending().status, status);
        QVERIFY(!QFile::exists(scene.path(QStringLiteral("started"))));
        QVERIFY(!scene.isFree());
    }

    void arePassedOn_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("SIGINT") << SIGINT << QByteArray("SIGINT\n");
        QTest::newRow("SIGHUP") << SIGHUP << QByteArray("SIGHUP\n");
        QTest::newRow("SIGQUIT") << SIGQUIT << QByteArray("SIGQUIT\n");
    }
    void arePassedOn()
    {
        QFETCH(int, number);
        QFETCH(QByteArray, name);
        const Scene scene;
        const auto ours = scene.holdfast(run(scene, {}, {listenerProgram()}));
        QVERIFY(ours->waitForOutput("ready"));
        ours->signal(number);
        QVERIFY(ours->waitForOutput(name));
        QVERIFY(!scene.isFree()); // the command goes on, and so does the lock
        ours->signal(SIGTERM);
        const Ending ending = ours->ending();
        QCOMPARE(ending.status, 3); // as the command decided
        QCOMPARE(ending.out, "ready\n" + name + "SIGTERM\n");
        QVERIFY(scene.isFree());
    }

    void areTheStatusOfACommandThatDiesOfThem()
    {
        const Scene scene;
        const auto ours = scene.holdfast(run(scene, {}, shell("echo ready; exec sleep 600")));
        QVERIFY(ours->waitForOutput("ready"));
        ours->signal(SIGTERM);
        QCOMPARE(ours->ending().status, 143);
        QVERIFY(scene.isFree());
    }

    void stayIgnoredWhenTheyWere()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        const auto ours =
            scene.start(QStringLiteral("env"), QStringList{QStringLiteral("--ignore-signal=HUP"), holdfastProgram()}
                                                   + run(scene, verbose(), {QStringLiteral("true")}));
        QVERIFY(ours->waitForErrors("is held by"));
        ours->signal(SIGHUP);
        ours->signal(SIGTERM);
        QCOMPARE(ours->ending().status, 143); // not of the one before
    }

    // A shell that becomes holdfast leaves it its background processes.
    void ofChildrenThatItInheritedMeanNothing()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        const auto ours = scene.start(
            QStringLiteral("sh"),
            {QStringLiteral("-c"),
             QStringLiteral("sleep 600 >/dev/null 2>&1 & echo $!; exec \"$0\" run -v \"$1\" -- sh -c 'exit 5'"),
             holdfastProgram(), scene.path()});
        QVERIFY(ours->waitForErrors("is held by"));
        const pid_t child = idFrom(ours->out());
        QVERIFY(child > 1);
        kill(child, SIGKILL);
        holder->closeInput();
        QCOMPARE(ours->ending().status, 5);
    }

    // Wherever in its life the program is: it ends of the signal, or the command does. At a free lock that is before the
    // handlers are there, while they are set, while the command starts, and after.
    void areNeverLost()
    {
        const Scene scene;
        for (int i = 0; i < 60; ++i) {
            const auto ours = scene.holdfast(run(scene, {}, {QStringLiteral("sleep"), QStringLiteral("600")}));
            QElapsedTimer timer;
            timer.start();
            while (timer.nsecsElapsed() < i * 250'000)
                continue;
            ours->signal(SIGTERM);
            const Ending ending = ours->ending();
            QVERIFY2(ending.status == 143, "sent after " + QByteArray::number(i * 250) + " us");
        }
        QVERIFY(scene.isFree());
    }

    // holdfast.1 holds the lock and runs C;  holdfast.2 is killed;  C still writes, so nobody else may get in.
    void killingItLeavesTheLockToTheCommand()
    {
        const Scene scene;
        const auto ours = scene.holdfast(run(scene, {}, shell("echo $$; exec sleep 600 >/dev/null 2>&1")));
        QVERIFY(ours->waitForOutput("\n"));
        const pid_t command = idFrom(ours->out());
        QVERIFY(command > 1);
        ours->signal(SIGKILL);
        QCOMPARE(ours->ending().status, 137);
        QCOMPARE(kill(command, 0), 0);
        QVERIFY(!scene.isFree());
        kill(command, SIGKILL);
        QTRY_VERIFY(scene.isFree());
    }

    void killingItFreesALockThatIsNotInherited()
    {
        const Scene scene;
        const auto ours =
            scene.holdfast(run(scene, {QStringLiteral("--close")}, shell("echo $$; exec sleep 600 >/dev/null 2>&1")));
        QVERIFY(ours->waitForOutput("\n"));
        const pid_t command = idFrom(ours->out());
        QVERIFY(command > 1);
        QVERIFY(!scene.isFree());
        ours->signal(SIGKILL);
        QVERIFY(ours->waitUntilItEnds());
        QTRY_VERIFY(scene.isFree());
        QCOMPARE(kill(command, 0), 0);
        kill(command, SIGKILL);
    }

    // What flock(1) does differently, so that the manual page is right about it.
    void aBackgroundProcessDoesNotKeepTheLock()
    {
        const Scene scene;
        const QStringList command = shell("sleep 600 </dev/null >/dev/null 2>&1 & echo $!");
        const Ending ours = scene.run(holdfastProgram(), run(scene, {}, command));
        QVERIFY(scene.isFree());
        const Ending flock = scene.run(QStringLiteral("flock"), QStringList(scene.path()) + command);
        QVERIFY(!scene.isFree());
        for (const Ending &ending : {ours, flock}) {
            QCOMPARE(ending.status, 0);
            const pid_t left = idFrom(ending.out);
            QVERIFY(left > 1 && kill(left, SIGKILL) == 0);
        }
    }
};

QTEST_GUILESS_MAIN(TestSignals)
#include "tst_signals.moc"
