// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The command lives as if holdfast were not there: streams, arguments, environment, descriptors, signals.
#include "program.h"

#include <QtCore/qfile.h>
#include <QtTest/qtest.h>

class TestStreams : public QObject
{
    Q_OBJECT

private:
    static QStringList shell(const char *script)
    {
        return {QStringLiteral("sh"), QStringLiteral("-c"), QString::fromUtf8(script)};
    }
    static Ending direct(const Scene &scene, const QStringList &command)
    {
        return scene.run(command.first(), command.mid(1));
    }
    static Ending under(const Scene &scene, const QStringList &command, const QByteArray &input = {},
                        const QStringList &options = {})
    {
        return scene.run(holdfastProgram(),
                         QStringList(QStringLiteral("run")) + options + QStringList{scene.path(), QStringLiteral("--")}
                             + command,
                         input);
    }
    /** Runs @p script in a shell that knows the program as $1 and the lock file as $2. */
    static Ending script(const Scene &scene, const char *script)
    {
        return direct(scene, shell(script) + QStringList{QStringLiteral("sh"), holdfastProgram(), scene.path()});
    }

private Q_SLOTS:
    void passesBytesThrough()
    {
        QByteArray bytes;
        for (int i = 0; i < 1'000'003; ++i)
            bytes += static_cast<char>(i % 256 ^ i / 256);
        const Scene scene;
        const Ending ending = under(scene, {QStringLiteral("cat")}, bytes);
        QCOMPARE(ending.status, 0);
        QVERIFY(ending.out == bytes);
        QCOMPARE(ending.err, QByteArray());
        QVERIFY(under(scene, shell("cat >&2"), bytes).err == bytes);
    }

    void givesTheCommandTheVeryStreams()
    {
        const Scene scene;
        const Ending ending = script(scene, "printf 'one\\ntwo\\n' >in; { \"$1\" run \"$2\" -- head -c 4; cat; } <in");
        QCOMPARE(ending.out, QByteArray("one\ntwo\n")); // nothing was read ahead
    }

    void leavesClosedStreamsClosed()
    {
        const Scene scene;
        const Ending ending =
            script(scene, "exec \"$1\" run \"$2\" -- sh -c 'test ! -e /proc/$$/fd/0 && echo closed' <&-");
        QCOMPARE(ending.out, QByteArray("closed\n"));
        QCOMPARE(ending.status, 0);
    }

    void writesNoErrorIntoTheLockFile()
    {
        const Scene scene;
        QCOMPARE(script(scene, "exec \"$1\" run -v \"$2\" -- nosuchcommand <&- >&- 2>&-").status, 69);
        QCOMPARE(QFile(scene.path()).size(), 0);
    }

    void passesTheArgumentsThrough()
    {
        const Scene scene;
        const QStringList command{
            QStringLiteral("printf"), QStringLiteral("[%s]"), QStringLiteral("-n"),     QString(),
            QStringLiteral("--help"), QStringLiteral("--"),   QStringLiteral(" a  b "), QStringLiteral("--timeout=x"),
            QStringLiteral("ü\n")};
        const Ending ending = under(scene, command);
        QCOMPARE(ending.out, QByteArray("[-n][][--help][--][ a  b ][--timeout=x][ü\n]"));
        // Bytes that are no text in any locale.
        const Ending raw = script(scene, "LC_ALL=C \"$1\" run \"$2\" -- printf %s \"$(printf 'a\\377\\376z')\"");
        QCOMPARE(raw.out, QByteArray("a\xff\xfez"));
        QCOMPARE(raw.err, QByteArray());
        // The name, too, is the one that was given.
        const QStringList cat{QStringLiteral("cat"), QStringLiteral("/proc/self/cmdline")};
        QCOMPARE(under(scene, cat).out, QByteArray("cat\0/proc/self/cmdline\0", 23));
    }

    void leavesTheSurroundingsAlone_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("environment") << QStringList{QStringLiteral("env")};
        QTest::newRow("signals") << QStringList{QStringLiteral("grep"), QStringLiteral("^Sig[BIC]"),
                                                QStringLiteral("/proc/self/status")};
        QTest::newRow("folder, mask and limits") << shell("pwd; umask; ulimit -a");
        QTest::newRow("process group") << shell("ps -o pgid= -p $$ | wc -l; nice; cat /proc/$$/oom_score_adj");
    }
    void leavesTheSurroundingsAlone()
    {
        QFETCH(QStringList, command);
        const Scene scene;
        const Ending expected = direct(scene, command);
        QVERIFY(!expected.out.isEmpty());
        QCOMPARE(under(scene, command).out, expected.out);
    }

    void leavesIgnoredSignalsIgnored()
    {
        const Scene scene;
        const Ending ending = script(scene, "trap '' HUP INT PIPE TERM; grep ^SigIgn /proc/self/status;"
                                            "exec \"$1\" run \"$2\" -- grep ^SigIgn /proc/self/status");
        const QList<QByteArray> lines = ending.out.split('\n');
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[1], lines[0]);
    }

    void learnsTheStatusThoughItsParentIgnoresChildren()
    {
        const Scene scene;
        // Dash does not let a trap ignore SIGCHLD for what it executes; env can.
        const Ending ending =
            scene.run(QStringLiteral("env"),
                      {QStringLiteral("--ignore-signal=CHLD"), holdfastProgram(), QStringLiteral("run"), scene.path(),
                       QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("exit 7")});
        QCOMPARE(ending.status, 7);
    }

    void learnsTheStatusThoughItsParentBlocksChildren_data()
    {
        QTest::addColumn<QString>("blocked");
        QTest::newRow("SIGCHLD") << QStringLiteral("--block-signal=CHLD");
        QTest::newRow("all that can be") << QStringLiteral("--block-signal");
    }
    // The mask is inherited through exec(), and whoever waits for a blocked SIGCHLD waits for ever.
    void learnsTheStatusThoughItsParentBlocksChildren()
    {
        QFETCH(QString, blocked);
        const Scene scene;
        const QStringList command = shell("grep ^SigBlk /proc/self/status; exit 7");
        const Ending expected = scene.run(QStringLiteral("env"), QStringList(blocked) + command);
        const Ending ending =
            scene.run(QStringLiteral("env"),
                      QStringList{blocked, holdfastProgram(), QStringLiteral("run"), scene.path(), QStringLiteral("--")}
                          + command);
        QCOMPARE(ending.status, 7);
        QVERIFY(expected.out.startsWith("SigBlk"));
        QCOMPARE(ending.out, expected.out); // the command gets the mask as it was
    }

    void inheritsTheLockAndNothingElse()
    {
        const Scene scene;
        // The streams differ from run to run: they are pipes.
        const QStringList list = shell("for d in /proc/$$/fd/*; do readlink $d; done | grep -v ^pipe: | sort");
        const QByteArray before = direct(scene, list).out;
        QByteArray after = under(scene, list).out;
        QCOMPARE(after.count(scene.path().toUtf8() + '\n'), 1);
        after.replace(scene.path().toUtf8() + '\n', QByteArray());
        QCOMPARE(after, before);
        QCOMPARE(under(scene, list, {}, {QStringLiteral("--close")}).out, before);
    }
};

QTEST_GUILESS_MAIN(TestStreams)
#include "tst_streams.moc"
