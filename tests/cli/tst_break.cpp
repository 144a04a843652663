// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "families.h"
#include "terminal.h"

#include <QtTest/qtest.h>

#include <csignal>

namespace {

const QString Lock = QStringLiteral("lock");
const QByteArray Foreign("4711\nelsewhere\n");

QString claimName(char digit, const char *state = "held")
{
    return QStringLiteral("%1-v1-%2.claim").arg(QLatin1String(state), QString(32, QLatin1Char(digit)));
}

void writeClaim(const Scene &scene, char digit, const char *state)
{
    write(scene, QStringLiteral("lock.filelock/claims/") + claimName(digit, state),
          "filelock-strict-v1\n" + QByteArray(32, digit) + "\n4711\n" + QByteArray("elsewhere").toHex() + "\n\n");
}

QByteArray rwMarker(char digit)
{
    return QByteArray(32, digit) + "\n4711\nelsewhere\n";
}

QString reader(char digit)
{
    return QString(32, QLatin1Char(digit)) + QStringLiteral(".4711");
}

} // namespace

class TestBreak : public QObject
{
    Q_OBJECT

private:
    static Ending breakIt(const Scene &scene, const char *options = "--force")
    {
        return scene.run(holdfastProgram(), words("break") + words(options) + QStringList(Lock));
    }
    static QStringList arguments() { return words("break lock"); }

private Q_SLOTS:
    void removesEveryKind_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind : {"soft", "lease", "strict", "soft-rw"})
            QTest::newRow(kind) << QString::fromLatin1(kind);
    }
    void removesEveryKind()
    {
        QFETCH(QString, kind);
        const Scene scene;
        const auto holder =
            scene.holdfast(runAs(kind, words("--on-loss tell"), Lock, shell("echo in; read line; exit 4")));
        QVERIFY(holder->waitForOutput("in"));
        const Ending ending = breakIt(scene);
        QVERIFY2(ending.status == 0, ending.err);
        QCOMPARE(ending.err, QByteArray());
        QVERIFY2(ending.out.startsWith("\"lock\" is held (" + kind.toUtf8() + ")\n  "), ending.out);
        QVERIFY2(ending.out.contains("(pid " + QByteArray::number(holder->id())), ending.out);
        QVERIFY2(ending.out.endsWith("\"lock\" is broken\n"), ending.out);
        QCOMPARE(jsonOf(scene, Lock)[u"holders"].toArray().size(), 0);
        QVERIFY(holder->waitForErrors("is lost: "));
        QCOMPARE(scene.run(holdfastProgram(), runAs(kind, words("-n"), Lock, words("true"))).status, 0);
        QCOMPARE(exists(scene, Lock), kind == u"strict"); // where a strict lock is used, its path stays
        holder->closeInput();
        QCOMPARE(holder->ending().status, 4);
        QVERIFY(QDir(scene.directory()).entryList({QStringLiteral("*.break.*")}).isEmpty());
    }

    void freesAStrictLockWhoseHolderWasKilled()
    {
        const Scene scene;
        const QString strict = QStringLiteral("strict");
        const auto holder = scene.holdfast(runAs(strict, {}, Lock, shell("echo in; read line")));
        QVERIFY(holder->waitForOutput("in"));
        const auto waiter = scene.holdfast(runAs(strict, words("-v -w 60"), Lock, words("echo got")));
        QVERIFY(waiter->waitForErrors("is held by"));
        holder->signal(SIGKILL);
        QVERIFY(holder->waitUntilItEnds());
        QTRY_COMPARE(jsonOf(scene, Lock)[u"state"], QJsonValue(QStringLiteral("stale")));
        QCOMPARE(breakIt(scene).status, 0);
        QCOMPARE(waiter->ending().status, 0);
    }

    void asksFirst_data()
    {
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<bool>("breaks");
        QTest::newRow("y") << QByteArray("y\r") << true;
        QTest::newRow("YES") << QByteArray("YES\r") << true;
        QTest::newRow("n") << QByteArray("n\r") << false;
        QTest::newRow("nothing") << QByteArray("\r") << false;
        QTest::newRow("anything else") << QByteArray("yellow\r") << false;
        QTest::newRow("the end of the input") << QByteArray("\x04") << false;
    }
    void asksFirst()
    {
        QFETCH(QByteArray, keys);
        QFETCH(bool, breaks);
        const Scene scene;
        write(scene, Lock, Foreign);
        Terminal terminal(holdfastProgram(), arguments(), scene.directory());
        QVERIFY(terminal.waitFor("break it? [y/N] "));
        QVERIFY2(terminal.output().contains("on elsewhere, not known whether alive, for "), terminal.output());
        QVERIFY2(terminal.output().contains("goes on as if the lock was still his"), terminal.output());
        QVERIFY(exists(scene, Lock));
        terminal.type(keys);
        QCOMPARE(terminal.status(), breaks ? 0 : 1);
        QVERIFY2(terminal.output().contains(breaks ? "\"lock\" is broken" : "nothing is broken"), terminal.output());
        QCOMPARE(exists(scene, Lock), !breaks);
    }

    void ctrlCBreaksNothing()
    {
        const Scene scene;
        write(scene, Lock, Foreign);
        Terminal terminal(holdfastProgram(), arguments(), scene.directory());
        QVERIFY(terminal.waitFor("break it? [y/N] "));
        terminal.type("\x03");
        QCOMPARE(terminal.status(), 130);
        QVERIFY(exists(scene, Lock));
    }

    // P.1 shows the marker;  Q.1 releases, R.1 acquires;  P.2 is told to go on, and must not remove R's
    void leavesASuccessorAlone_data()
    {
        QTest::addColumn<QByteArray>("later");
        QTest::newRow("somebody else's") << QByteArray("4712\nelsewhere\n");
        QTest::newRow("the same owner's, another time") << Foreign;
        QTest::newRow("damaged meanwhile") << QByteArray("hm");
    }
    void leavesASuccessorAlone()
    {
        QFETCH(QByteArray, later);
        const Scene scene;
        write(scene, Lock, Foreign);
        Terminal terminal(holdfastProgram(), arguments(), scene.directory());
        QVERIFY(terminal.waitFor("break it? [y/N] "));
        QVERIFY(QFile::remove(scene.path()));
        write(scene, Lock, later);
        terminal.type("y\r");
        QCOMPARE(terminal.status(), 1);
        QVERIFY2(terminal.output().contains("\"lock\" has changed meanwhile, and was left alone"), terminal.output());
        QVERIFY(exists(scene, Lock));
    }

    // A sign of life changes the time of the marker, and nothing else.
    void breaksALeaseInSpiteOfItsHeartbeat()
    {
        const Scene scene;
        const auto holder = scene.holdfast(
            runAs(QStringLiteral("lease"), words("--lease 0.3"), Lock, shell("echo in; exec sleep 600")));
        QVERIFY(holder->waitForOutput("in"));
        Terminal terminal(holdfastProgram(), arguments(), scene.directory());
        QVERIFY(terminal.waitFor("break it? [y/N] "));
        const QJsonValue shown = jsonOf(scene, Lock)[u"holders"].toArray().first().toObject()[u"renewed"];
        QTRY_VERIFY(jsonOf(scene, Lock)[u"holders"].toArray().first().toObject()[u"renewed"] != shown);
        terminal.type("y\r");
        QCOMPARE(terminal.status(), 0);
        QCOMPARE(holder->ending().status, 143);
    }

    void saysWhenItHasGoneByItself()
    {
        const Scene scene;
        write(scene, Lock, Foreign);
        Terminal terminal(holdfastProgram(), arguments(), scene.directory());
        QVERIFY(terminal.waitFor("break it? [y/N] "));
        QVERIFY(QFile::remove(scene.path()));
        terminal.type("y\r");
        QCOMPARE(terminal.status(), 0);
        QVERIFY2(terminal.output().contains("all of it has gone by itself"), terminal.output());
    }

    void refusesWithoutATerminal()
    {
        const Scene scene;
        write(scene, Lock, Foreign);
        const Ending ending = scene.run(holdfastProgram(), arguments(), "y\n");
        QCOMPARE(ending.status, 1);
        QVERIFY2(ending.err.contains("--force") && ending.err.count('\n') == 1, ending.err);
        QVERIFY(exists(scene, Lock));
    }

    void hasNothingToBreak_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("there");
        QTest::newRow("no file") << QByteArray() << false;
        QTest::newRow("an empty file") << QByteArray() << true;
        QTest::newRow("a document") << QByteArray("Dear Anna,\n") << true;
        QTest::newRow("a strict lock's path") << QByteArray("1\nfilelock-strict-v1\0\n0\n", 24) << true;
    }
    void hasNothingToBreak()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, there);
        const Scene scene;
        if (there)
            write(scene, Lock, bytes);
        const Ending ending = breakIt(scene);
        QCOMPARE(ending.status, 0);
        QVERIFY2(ending.out.endsWith("there is nothing to break\n"), ending.out);
        QCOMPARE(exists(scene, Lock), there);
    }

    void cannotBreakTheSystemsLock()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        const Ending ending = breakIt(scene);
        QCOMPARE(ending.status, 1);
        QVERIFY2(ending.err.contains("flock (pid " + QByteArray::number(holder->id())) && ending.err.count('\n') == 1,
                 ending.err);
        QVERIFY(!scene.isFree());
        QVERIFY(exists(scene, Lock));
    }

    void breaksOnlyTheClaimsThatAreNamed()
    {
        const Scene scene;
        for (const char digit : {'a', 'b'}) {
            writeClaim(scene, digit, "held");
            writeClaim(scene, digit, "intent");
        }
        const QByteArray options =
            "-f --claim " + claimName('a').toUtf8() + " --claim " + claimName('a', "intent").toUtf8();
        const Ending ending = breakIt(scene, options.constData());
        QVERIFY2(ending.status == 0, ending.err);
        QVERIFY2(ending.out.contains("  to be broken: held-v1-aaaa"), ending.out);
        QStringList left = QDir(scene.path(QStringLiteral("lock.filelock/claims"))).entryList(QDir::Files);
        QCOMPARE(left, (QStringList{claimName('b'), claimName('b', "intent")}));
        QCOMPARE(breakIt(scene).status, 0);
        left = QDir(scene.path(QStringLiteral("lock.filelock/claims"))).entryList(QDir::Files | QDir::Hidden);
        QCOMPARE(left, QStringList());
    }

    void breaksOnlyTheReaderThatIsNamed()
    {
        const Scene scene;
        for (const char digit : {'a', 'b'})
            write(scene, QStringLiteral("lock.readers/") + reader(digit), rwMarker(digit));
        write(scene, QStringLiteral("lock.write"), rwMarker('c'));
        QCOMPARE(breakIt(scene, ("-f --marker " + reader('a').toUtf8()).constData()).status, 0);
        QVERIFY(!exists(scene, QStringLiteral("lock.readers/") + reader('a')));
        QVERIFY(exists(scene, QStringLiteral("lock.readers/") + reader('b')));
        QVERIFY(exists(scene, QStringLiteral("lock.write")));
        QCOMPARE(breakIt(scene, "-f --marker lock.write").status, 0);
        QVERIFY(!exists(scene, QStringLiteral("lock.write")));
        QVERIFY(exists(scene, QStringLiteral("lock.readers/") + reader('b')));
    }

    void freesAMutexWhoseOwnerIsElsewhere()
    {
        const Scene scene;
        write(scene, QStringLiteral("lock.state"), Foreign);
        QCOMPARE(breakIt(scene).status, 0);
        QVERIFY(!exists(scene, QStringLiteral("lock.state")));
    }

    void saysThatThereIsNoSuchClaim()
    {
        const Scene scene;
        writeClaim(scene, 'a', "held");
        for (const char *name : {"held-v1-b.claim", "../lock", "HELD", "lock"}) {
            const Ending ending = breakIt(scene, (QByteArray("-f --claim ") + name).constData());
            QCOMPARE(ending.status, 1);
            QVERIFY2(ending.err.contains("has no claim or marker '" + QByteArray(name) + '\''), ending.err);
        }
        QVERIFY(exists(scene, QStringLiteral("lock.filelock/claims/") + claimName('a')));
    }

    void breaksNothingThatItCannotShow()
    {
        const Scene scene;
        write(scene, Lock, Foreign);
        const Ending ending = scene.run(
            QStringLiteral("sh"),
            {QStringLiteral("-c"), QStringLiteral("exec \"$0\" break --force lock >/dev/full"), holdfastProgram()});
        QCOMPARE(ending.status, 71);
        QVERIFY2(ending.err.contains("cannot write to standard output") && ending.err.count('\n') == 1, ending.err);
        QVERIFY(exists(scene, Lock));
    }

    void refusesWhatIsNoRegularFile()
    {
        const Scene scene;
        QVERIFY(QDir(scene.directory()).mkdir(Lock));
        QCOMPARE(breakIt(scene).status, 66);
        QVERIFY(QDir(scene.directory()).rmdir(Lock));
        QVERIFY(QDir(scene.directory()).mkpath(QStringLiteral("lock.filelock/claims/folder")));
        const Ending ending = breakIt(scene);
        QCOMPARE(ending.status, 1);
        QVERIFY2(ending.err.contains("is no regular file"), ending.err);
    }
};

QTEST_GUILESS_MAIN(TestBreak)
#include "tst_break.moc"
