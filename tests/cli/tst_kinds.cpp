// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// `holdfast run` with every kind of lock.
#include "families.h"

#include <QtCore/qelapsedtimer.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <unistd.h>

namespace {

const QString Lock = QStringLiteral("lock");

const char *const Kinds[] = {"file", "soft", "lease", "strict", "soft-rw", "rw"};

bool isAlive(pid_t process)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(process));
    return stat.open(QIODevice::ReadOnly) && !stat.readAll().contains(") Z ");
}

} // namespace

class TestKinds : public QObject
{
    Q_OBJECT

private:
    static void everyKind()
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind : Kinds)
            QTest::newRow(kind) << QString::fromLatin1(kind);
    }
    static std::unique_ptr<Running> holding(const Scene &scene, const QString &kind, const QStringList &options = {})
    {
        auto running = scene.holdfast(runAs(kind, options, Lock, shell("echo in $$; read line; exit 4")));
        return running->waitForOutput("in ") ? std::move(running) : nullptr;
    }

private Q_SLOTS:
    void holdWhileTheCommandRuns_data() { everyKind(); }
    void holdWhileTheCommandRuns()
    {
        QFETCH(QString, kind);
        const Scene scene;
        const auto ours = holding(scene, kind);
        QVERIFY(ours);
        QCOMPARE(scene.run(holdfastProgram(), runAs(kind, words("-n -E 9"), Lock, words("true"))).status, 9);
        const QJsonObject status = jsonOf(scene, Lock);
        QCOMPARE(status[u"exit"], QJsonValue(1));
        QCOMPARE(status[u"state"], QJsonValue(QStringLiteral("held")));
        QCOMPARE(status[u"held"], QJsonValue(true));
        QCOMPARE(status[u"family"], QJsonValue(kind));
        QCOMPARE(status[u"mode"], QJsonValue(QStringLiteral("exclusive")));
        const QJsonObject first = status[u"holders"].toArray().first().toObject();
        QCOMPARE(first[u"pid"], QJsonValue(ours->id()));
        QCOMPARE(first[u"program"], QJsonValue(QStringLiteral("holdfast")));
        QCOMPARE(first[u"liveness"], QJsonValue(QStringLiteral("alive")));
        QCOMPARE(status[u"holder"].toObject()[u"pid"], QJsonValue(ours->id()));
        ours->closeInput();
        QCOMPARE(ours->ending().status, 4);
        QCOMPARE(jsonOf(scene, Lock)[u"state"], QJsonValue(QStringLiteral("free")));
        QCOMPARE(scene.run(holdfastProgram(), runAs(kind, words("-n"), Lock, words("true"))).status, 0);
    }

    void waitForEachOther_data() { everyKind(); }
    void waitForEachOther()
    {
        QFETCH(QString, kind);
        const Scene scene;
        const auto ours = holding(scene, kind);
        QVERIFY(ours);
        const auto other = scene.holdfast(runAs(kind, words("-v -w 60"), Lock, words("echo got")));
        QVERIFY(other->waitForErrors("is held by holdfast (pid " + QByteArray::number(ours->id())));
        QCOMPARE(other->out(), QByteArray());
        ours->closeInput();
        const Ending ending = other->ending();
        QCOMPARE(ending.status, 0);
        QCOMPARE(ending.out, QByteArray("got\n"));
    }

    void leaveNothingBehindWhenTheyAreTerminated_data() { everyKind(); }
    void leaveNothingBehindWhenTheyAreTerminated()
    {
        QFETCH(QString, kind);
        for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
            const Scene scene;
            const auto ours = scene.holdfast(runAs(kind, {}, Lock, shell("echo in; exec sleep 600")));
            QVERIFY(ours->waitForOutput("in"));
            ours->signal(number);
            QCOMPARE(ours->ending().status, 128 + number);
            const QJsonObject status = jsonOf(scene, Lock);
            QCOMPARE(status[u"state"], QJsonValue(QStringLiteral("free")));
            QCOMPARE(status[u"holders"].toArray().size(), 0);
        }
    }

    void areFreeAgainWhenTheyAreKilled_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind : {"soft", "lease", "soft-rw"})
            QTest::newRow(kind) << QString::fromLatin1(kind);
    }
    void areFreeAgainWhenTheyAreKilled()
    {
        QFETCH(QString, kind);
        const Scene scene;
        const auto ours = holding(scene, kind);
        QVERIFY(ours);
        const auto other = scene.holdfast(runAs(kind, words("-v -w 60"), Lock, words("echo got")));
        QVERIFY(other->waitForErrors("is held by"));
        ours->signal(SIGKILL);
        QCOMPARE(other->ending().status, 0);
    }

    // Nothing takes a strict lock away by guessing.
    void exceptStrictOnes()
    {
        const Scene scene;
        const auto ours = holding(scene, QStringLiteral("strict"));
        QVERIFY(ours);
        ours->signal(SIGKILL);
        QVERIFY(ours->waitUntilItEnds());
        QTRY_COMPARE(jsonOf(scene, Lock)[u"state"], QJsonValue(QStringLiteral("stale")));
        const QJsonObject status = jsonOf(scene, Lock);
        QCOMPARE(status[u"exit"], QJsonValue(0));
        QCOMPARE(status[u"mode"], QJsonValue());
        QCOMPARE(status[u"holder"], QJsonValue());
        QCOMPARE(status[u"holders"].toArray().size(), 2);
        QCOMPARE(
            scene.run(holdfastProgram(), runAs(QStringLiteral("strict"), words("-w 0.3"), Lock, words("true"))).status,
            1);
    }

    void readersShareAndWritersDoNot()
    {
        const Scene scene;
        const QString kind = QStringLiteral("soft-rw");
        const auto first = holding(scene, kind, words("--read"));
        const auto second = holding(scene, kind, words("--shared"));
        QVERIFY(first && second);
        const QJsonObject status = jsonOf(scene, Lock);
        QCOMPARE(status[u"mode"], QJsonValue(QStringLiteral("shared")));
        QCOMPARE(status[u"holders"].toArray().size(), 2);
        for (const auto &holder : status[u"holders"].toArray())
            QCOMPARE(holder.toObject()[u"role"], QJsonValue(QStringLiteral("reader")));
        for (const char *write : {"--write -n", "--exclusive -n", "-n"})
            QCOMPARE(scene.run(holdfastProgram(), runAs(kind, words(write), Lock, words("true"))).status, 1);
        QVERIFY(statusOf(scene, Lock).out.startsWith("\"lock\" is held (soft-rw)\n  reader "));
    }

    void refuseAPathOfAnotherKind_data()
    {
        QTest::addColumn<QString>("there");
        QTest::addColumn<QString>("kind");
        QTest::addRow("a lease where a soft lock is") << QStringLiteral("soft") << QStringLiteral("lease");
        QTest::addRow("a soft lock where a lease is") << QStringLiteral("lease") << QStringLiteral("soft");
        QTest::addRow("the system's where a lease is") << QStringLiteral("lease") << QStringLiteral("file");
        QTest::addRow("the system's where a soft lock is") << QStringLiteral("soft") << QStringLiteral("file");
        QTest::addRow("a strict one where a lease is") << QStringLiteral("lease") << QStringLiteral("strict");
        QTest::addRow("a soft one where a strict one is") << QStringLiteral("strict") << QStringLiteral("soft");
    }
    void refuseAPathOfAnotherKind()
    {
        QFETCH(QString, there);
        QFETCH(QString, kind);
        const Scene scene;
        const auto ours = holding(scene, there);
        QVERIFY(ours);
        const Ending ending = scene.run(holdfastProgram(), runAs(kind, words("-n"), Lock, words("echo in")));
        QVERIFY2(ending.status == 65, ending.err);
        QCOMPARE(ending.out, QByteArray());
        QVERIFY2(ending.err.count('\n') == 1 && ending.err.contains("different kinds of locks"), ending.err);
        QCOMPARE(jsonOf(scene, Lock)[u"holder"].toObject()[u"pid"], QJsonValue(ours->id()));
    }

    void refuseALeaseOfAnotherDuration()
    {
        const Scene scene;
        const QString lease = QStringLiteral("lease");
        const auto ours = holding(scene, lease, words("--lease 20"));
        QVERIFY(ours);
        QCOMPARE(jsonOf(scene, Lock)[u"holders"].toArray().first().toObject()[u"lease"], QJsonValue(20));
        QCOMPARE(scene.run(holdfastProgram(), runAs(lease, words("-n --lease 20"), Lock, words("true"))).status, 1);
        const Ending ending = scene.run(holdfastProgram(), runAs(lease, words("-n --lease 10"), Lock, words("true")));
        QVERIFY2(ending.status == 65, ending.err);
    }

    void tellWhenTheMarkerIsRemoved_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("options");
        QTest::newRow("soft") << QStringLiteral("soft") << QString();
        QTest::newRow("lease, asked for") << QStringLiteral("lease") << QStringLiteral("--on-loss tell");
        QTest::newRow("soft-rw, asked for") << QStringLiteral("soft-rw") << QStringLiteral("--on-loss=tell");
    }
    void tellWhenTheMarkerIsRemoved()
    {
        QFETCH(QString, kind);
        QFETCH(QString, options);
        const Scene scene;
        const auto ours = holding(scene, kind, words(options.toUtf8().constData()));
        QVERIFY(ours);
        QVERIFY(QFile::remove(scene.path(kind == u"soft-rw" ? QStringLiteral("lock.write") : Lock)));
        QVERIFY(ours->waitForErrors("warning: the lock on \"lock\" is lost: its marker was removed"));
        QVERIFY(ours->waitForErrors("others can get it while the command goes on\n"));
        const auto successor = holding(scene, kind, words("-n"));
        QVERIFY(successor);
        ours->closeInput();
        const Ending ending = ours->ending();
        QCOMPARE(ending.status, 4); // the command's own
        QCOMPARE(ending.err.count('\n'), 1);
        QCOMPARE(jsonOf(scene, Lock)[u"holder"].toObject()[u"pid"], QJsonValue(successor->id())); // not released over
    }

    void terminateTheCommandWhenALeaseIsLost_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("options");
        QTest::newRow("lease") << QStringLiteral("lease") << QString();
        QTest::newRow("soft-rw") << QStringLiteral("soft-rw") << QString();
        QTest::newRow("soft, asked for") << QStringLiteral("soft") << QStringLiteral("--on-loss terminate");
        QTest::newRow("file, asked for") << QStringLiteral("file") << QStringLiteral("--on-loss terminate");
    }
    void terminateTheCommandWhenALeaseIsLost()
    {
        QFETCH(QString, kind);
        QFETCH(QString, options);
        const Scene scene;
        const auto ours = scene.holdfast(runAs(kind, words(options.toUtf8().constData()), Lock, {listenerProgram()}));
        QVERIFY(ours->waitForOutput("ready"));
        QVERIFY(QFile::remove(scene.path(kind == u"soft-rw" ? QStringLiteral("lock.write") : Lock)));
        const Ending ending = ours->ending();
        QVERIFY2(ending.status == 3, ending.err); // as the command decided
        QCOMPARE(ending.out, QByteArray("ready\nSIGTERM\n"));
        QVERIFY2(ending.err.contains("is lost: ") && ending.err.endsWith("the command is being terminated\n"),
                 ending.err);
        QCOMPARE(ending.err.count('\n'), 1);
    }

    void killACommandThatDoesNotEnd()
    {
        const Scene scene;
        const auto ours = scene.holdfast(
            runAs(QStringLiteral("lease"), {}, Lock, shell("trap 'echo no' TERM; echo in; while :; do sleep 1; done")));
        QVERIFY(ours->waitForOutput("in"));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(QFile::remove(scene.path()));
        const Ending ending = ours->ending();
        QCOMPARE(ending.status, 137);
        QVERIFY(timer.elapsed() >= 4900);
        QVERIFY2(ending.out.contains("no\n"), ending.out);
    }

    void terminateEvenACommandThatIsStopped()
    {
        const Scene scene;
        const auto ours =
            scene.holdfast(runAs(QStringLiteral("lease"), {}, Lock, shell("echo in $$; kill -STOP $$; sleep 600")));
        QVERIFY(ours->waitForOutput("in "));
        QVERIFY(QFile::remove(scene.path()));
        QCOMPARE(ours->ending().status, 143);
    }

    // The lease of a process that is stopped runs out under it; it hears of that when it wakes.
    void noticeThatTheySlept()
    {
        const Scene scene;
        const auto ours = scene.holdfast(
            runAs(QStringLiteral("lease"), words("--lease 0.6"), Lock, shell("echo in; exec sleep 600")));
        QVERIFY(ours->waitForOutput("in"));
        ours->signal(SIGSTOP);
        const auto successor = holding(scene, QStringLiteral("lease"), words("--lease 0.6 -w 20"));
        QVERIFY(successor);
        ours->signal(SIGCONT);
        const Ending ending = ours->ending();
        QCOMPARE(ending.status, 143);
        QVERIFY2(ending.err.contains("is lost: "), ending.err);
        QCOMPARE(jsonOf(scene, Lock)[u"holder"].toObject()[u"pid"], QJsonValue(successor->id()));
    }

    void endWithTheirLifetime_data() { everyKind(); }
    void endWithTheirLifetime()
    {
        QFETCH(QString, kind);
        const Scene scene;
        const auto ours = holding(scene, kind, words("--lifetime 0.2 --on-loss tell"));
        QVERIFY(ours);
        QVERIFY(ours->waitForErrors("its lifetime is over; others can get it while the command goes on\n"));
        QVERIFY(holding(scene, kind, words("-n")));
        ours->closeInput();
        QCOMPARE(ours->ending().status, 4);
    }

    // holdfast.1 holds a lease;  holdfast.2 is killed;  its lease is anybody's, so its command must not go on.
    void takeTheCommandWithThem_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<bool>("goesOn");
        QTest::newRow("terminate") << QStringLiteral("--on-loss terminate") << false;
        QTest::newRow("tell") << QStringLiteral("--on-loss tell") << true;
    }
    void takeTheCommandWithThem()
    {
        QFETCH(QString, options);
        QFETCH(bool, goesOn);
        const Scene scene;
        const auto ours = scene.holdfast(runAs(QStringLiteral("lease"), words(options.toUtf8().constData()), Lock,
                                               shell("echo $$; exec sleep 600 >/dev/null 2>&1")));
        QVERIFY(ours->waitForOutput("\n"));
        const pid_t command = ours->out().trimmed().toInt();
        QVERIFY(command > 1);
        ours->signal(SIGKILL);
        QVERIFY(ours->waitUntilItEnds());
        if (goesOn) {
            QVERIFY(
                scene.run(holdfastProgram(), runAs(QStringLiteral("lease"), words("-w 20"), Lock, words("true"))).status
                == 0);
            QVERIFY(isAlive(command));
            kill(command, SIGKILL);
        }
        QTRY_VERIFY(!isAlive(command));
    }
};

QTEST_GUILESS_MAIN(TestKinds)
#include "tst_kinds.moc"
