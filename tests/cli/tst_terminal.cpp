// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// On a real terminal: the keys that send signals, and the line that says whom we wait for.
#include "program.h"
#include "terminal.h"

#include <QtCore/qfile.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <sys/syscall.h>

class TestTerminal : public QObject
{
    Q_OBJECT

private:
    static QStringList run(const QString &file, const QStringList &command)
    {
        return QStringList{QStringLiteral("run"), file, QStringLiteral("--")} + command;
    }

    static QByteArray fact(qint64 process, const QString &name)
    {
        QFile file(QStringLiteral("/proc/%1/%2").arg(process).arg(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /** 0: it has none, or more than one. */
    static qint64 childOf(qint64 process)
    {
        return fact(process, QStringLiteral("task/%1/children").arg(process)).trimmed().toLongLong();
    }
    static bool isHoldfast(qint64 process)
    {
        return process > 0 && fact(process, QStringLiteral("comm")) == "holdfast\n";
    }

private Q_SLOTS:
    // The terminal sends the signal to holdfast and to the command. holdfast sleeps until the command has had its own; if
    // it then passed its own on, a second would come, and before the SIGTERM that is passed on after it.
    void aKeyReachesTheCommandOnce_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("Ctrl-C") << QByteArray("\x03") << QByteArray("SIGINT");
        QTest::newRow("Ctrl-\\") << QByteArray("\x1c") << QByteArray("SIGQUIT");
    }
    void aKeyReachesTheCommandOnce()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, name);
        const Scene scene;
        Terminal terminal(holdfastProgram(), run(scene.path(), {listenerProgram()}), scene.directory());
        QVERIFY(terminal.waitFor("ready"));
        QTRY_VERIFY(
            fact(terminal.id(), QStringLiteral("status")).contains("\nSigBlk:\t0000000000000000\n")); // all is set up
        terminal.signal(SIGSTOP);
        terminal.type(key);
        QVERIFY(terminal.waitFor(name));
        terminal.signal(SIGCONT);
        terminal.signal(SIGTERM);
        QCOMPARE(terminal.status(), 3);
        QVERIFY2(terminal.output().count(name) == 1, terminal.output());
        QVERIFY(scene.isFree());
    }

    // The moments at which a command comes to life, each held open for a while by a tracer:
    //
    //   P.1 holdfast forks C            a key is typed before it: C has not got it
    //   P.2 looks for such a signal     a key is typed before it: C has got it, too, but waits
    //   C.1 makes the lock inheritable  a key is typed before it: C must not act on it as holdfast would
    //   C.2 executes its program        nor here
    void aKeyIsNotLostWhileTheCommandStarts_data()
    {
        QTest::addColumn<QString>("call");
        QTest::addColumn<int>("number");
        QTest::addColumn<bool>("ofTheChild");
        QTest::newRow("before the fork") << QStringLiteral("clone") << SYS_clone << false;
        QTest::newRow("while the child waits") << QStringLiteral("rt_sigtimedwait") << SYS_rt_sigtimedwait << false;
        QTest::newRow("before the lock is inheritable") << QStringLiteral("fcntl") << SYS_fcntl << true;
        QTest::newRow("before the child executes") << QStringLiteral("execve") << SYS_execve << true;
    }
    void aKeyIsNotLostWhileTheCommandStarts()
    {
        QFETCH(QString, call);
        QFETCH(int, number);
        QFETCH(bool, ofTheChild);
        if (!canTrace())
            QSKIP("strace does not work here");
        qputenv("ASAN_OPTIONS", "detect_leaks=0");
        const Scene scene;
        Terminal terminal(QStringLiteral("strace"),
                          QStringList{QStringLiteral("-f"), QStringLiteral("-o"), QStringLiteral("/dev/null"),
                                      QStringLiteral("-e"), QStringLiteral("trace=") + call, QStringLiteral("-e"),
                                      QStringLiteral("inject=%1:delay_enter=700000:when=1").arg(call),
                                      holdfastProgram()}
                              + run(scene.path(), {QStringLiteral("/bin/sh"), QStringLiteral("-c"),
                                                   QStringLiteral("touch started; exec sleep 600")}),
                          scene.directory());
        QTRY_VERIFY(isHoldfast(childOf(terminal.id())));
        const qint64 ours = childOf(terminal.id());
        const auto isAtTheCall = [&] {
            const qint64 who = ofTheChild ? childOf(ours) : ours;
            return who > 0 && fact(who, QStringLiteral("syscall")).startsWith(QByteArray::number(number) + ' ');
        };
        QTRY_VERIFY(isAtTheCall());
        terminal.type("\x03");
        QCOMPARE(terminal.status(), 130);
        QVERIFY(!QFile::exists(scene.path(QStringLiteral("started"))));
        QVERIFY(scene.isFree());
    }

    void aKeyCanEndTheCommand()
    {
        const Scene scene;
        Terminal terminal(holdfastProgram(), run(scene.path(), {QStringLiteral("cat")}), scene.directory());
        terminal.type("hello\r");
        QVERIFY(terminal.waitFor("hello\r\nhello\r\n")); // the echo and the command
        terminal.type("\x03");
        QCOMPARE(terminal.status(), 130);
    }

    void aHangUpEndsTheCommand()
    {
        const Scene scene;
        Terminal terminal(holdfastProgram(),
                          run(scene.path(), {QStringLiteral("sh"), QStringLiteral("-c"),
                                             QStringLiteral("echo ready; exec sleep 600")}),
                          scene.directory());
        QVERIFY(terminal.waitFor("ready"));
        terminal.hangUp();
        QCOMPARE(terminal.status(), 129);
        QVERIFY(scene.isFree());
    }

    void aLineSaysWhomItWaitsForAndIsGoneAfterwards()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        Terminal terminal(holdfastProgram(), run(scene.path(), {QStringLiteral("echo"), QStringLiteral("in")}),
                          scene.directory());
        const QByteArray line = "holdfast: waiting for \"" + scene.path().toUtf8() + "\", held by flock (pid "
                                + QByteArray::number(holder->id()) + ", user ";
        QVERIFY(terminal.waitFor(line));
        QVERIFY(terminal.waitFor(", 0 s"));
        QVERIFY(terminal.waitFor(", 1 s"));
        QVERIFY(terminal.waitFor(", 2 s"));
        QCOMPARE(terminal.output().count('\n'), 0); // one line, in place
        holder->closeInput();
        QCOMPARE(terminal.status(), 0);
        QVERIFY2(terminal.output().endsWith("\r\x1b[Kin\r\n"), terminal.output());
    }

    void ctrlCEndsTheWaitAndTheLine()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        Terminal terminal(holdfastProgram(), run(scene.path(), {QStringLiteral("echo"), QStringLiteral("in")}),
                          scene.directory());
        QVERIFY(terminal.waitFor("waiting for"));
        terminal.type("\x03");
        QCOMPARE(terminal.status(), 130);
        QVERIFY2(terminal.output().endsWith("\r\x1b[K"), terminal.output());
    }

    void staysQuietWhereThereIsNoWait_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("nonblock") << QStringList{QStringLiteral("-n")};
        QTest::newRow("timeout 0") << QStringList{QStringLiteral("-w"), QStringLiteral("0")};
    }
    void staysQuietWhereThereIsNoWait()
    {
        QFETCH(QStringList, options);
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        Terminal terminal(holdfastProgram(),
                          QStringList(QStringLiteral("run")) + options
                              + QStringList{scene.path(), QStringLiteral("--"), QStringLiteral("true")},
                          scene.directory());
        QCOMPARE(terminal.status(), 1);
        QCOMPARE(terminal.output(), QByteArray());
    }

    void drawsNoLineOnADumbTerminal()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        Terminal terminal(QStringLiteral("env"),
                          {QStringLiteral("TERM=dumb"), holdfastProgram(), QStringLiteral("run"), QStringLiteral("-v"),
                           scene.path(), QStringLiteral("--"), QStringLiteral("true")},
                          scene.directory());
        QVERIFY(terminal.waitFor("is held by"));
        holder->closeInput();
        QCOMPARE(terminal.status(), 0);
        QVERIFY2(!terminal.output().contains('\x1b'), terminal.output());
    }

    void noNameSteersTheTerminal()
    {
        const Scene scene;
        const QString evil = QStringLiteral("a\x1b]0;title\x07\x1b[31mb");
        const auto holder = scene.flockHolds(evil);
        QVERIFY(holder);
        Terminal terminal(holdfastProgram(), run(evil, {QStringLiteral("true")}), scene.directory());
        QVERIFY(terminal.waitFor("a?]0;title??[31mb"));
        holder->closeInput();
        QCOMPARE(terminal.status(), 0);
        QVERIFY(!terminal.output().contains("\x1b[31m"));
    }
};

QTEST_GUILESS_MAIN(TestTerminal)
#include "tst_terminal.moc"
