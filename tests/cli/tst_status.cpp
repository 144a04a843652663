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
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

class TestStatus : public QObject
{
    Q_OBJECT

private:
    static Ending status(const Scene &scene, const QString &file)
    {
        return scene.run(holdfastProgram(), {QStringLiteral("status"), file});
    }
    static QJsonObject json(const Scene &scene, const QString &file)
    {
        const Ending ending = scene.run(holdfastProgram(), {QStringLiteral("status"), QStringLiteral("--json"), file});
        QJsonObject object = QJsonDocument::fromJson(ending.out).object();
        object[u"exit"] = ending.status;
        object[u"lines"] = ending.out.count('\n');
        return object;
    }
    static QString user()
    {
        const passwd *entry = getpwuid(geteuid());
        return entry ? QString::fromLocal8Bit(entry->pw_name) : QString::number(geteuid());
    }

private Q_SLOTS:
    void aMissingFileIsFreeAndStaysMissing()
    {
        const Scene scene;
        const Ending ending = status(scene, scene.path());
        QCOMPARE(ending.status, 0);
        QCOMPARE(ending.out, '"' + scene.path().toUtf8() + "\" is free\n");
        QCOMPARE(ending.err, QByteArray());
        QCOMPARE(status(scene, QStringLiteral("no/such/folder/lock")).status, 0);
        QVERIFY(QDir(scene.directory()).isEmpty());
        QCOMPARE(json(scene, QStringLiteral("lock")), (QJsonObject{{QStringLiteral("file"), QStringLiteral("lock")},
                                                                   {QStringLiteral("state"), QStringLiteral("free")},
                                                                   {QStringLiteral("mode"), QJsonValue()},
                                                                   {QStringLiteral("holder"), QJsonValue()},
                                                                   {QStringLiteral("family"), QJsonValue()},
                                                                   {QStringLiteral("held"), false},
                                                                   {QStringLiteral("holders"), QJsonArray()},
                                                                   {QStringLiteral("remarks"), QJsonArray()},
                                                                   {QStringLiteral("owner_files"), QJsonArray()},
                                                                   {QStringLiteral("exit"), 0},
                                                                   {QStringLiteral("lines"), 1}}));
    }

    void namesTheHolder_data()
    {
        QTest::addColumn<bool>("shared");
        QTest::newRow("exclusive") << false;
        QTest::newRow("shared") << true;
    }
    void namesTheHolder()
    {
        QFETCH(bool, shared);
        const Scene scene;
        const auto holder = scene.flockHolds(QStringLiteral("lock"), shared);
        QVERIFY(holder);
        const QString mode = shared ? QStringLiteral("shared") : QStringLiteral("exclusive");
        const Ending ending = status(scene, QStringLiteral("lock"));
        QCOMPARE(ending.status, 1);
        QCOMPARE(QString::fromUtf8(ending.out), QStringLiteral("\"lock\" is held (%1) by flock (pid %2, user %3)\n")
                                                    .arg(mode)
                                                    .arg(holder->id())
                                                    .arg(user()));
        const QJsonObject object = json(scene, QStringLiteral("lock"));
        QCOMPARE(object[u"exit"], QJsonValue(1));
        QCOMPARE(object[u"state"], QJsonValue(QStringLiteral("held")));
        QCOMPARE(object[u"mode"], QJsonValue(mode));
        QCOMPARE(object[u"file"], QJsonValue(QStringLiteral("lock")));
        const QJsonObject who = object[u"holder"].toObject();
        QCOMPARE(who.keys(), (QStringList{QStringLiteral("host"), QStringLiteral("pid"), QStringLiteral("program"),
                                          QStringLiteral("user")}));
        QCOMPARE(who[u"pid"], QJsonValue(holder->id()));
        QCOMPARE(who[u"program"], QJsonValue(QStringLiteral("flock")));
        QCOMPARE(who[u"user"], QJsonValue(user()));
    }

    void followsALockOfOurOwn()
    {
        const Scene scene;
        const auto ours =
            scene.holdfast({QStringLiteral("run"), scene.path(), QStringLiteral("--"), QStringLiteral("sh"),
                            QStringLiteral("-c"), QStringLiteral("echo in; read line")});
        QVERIFY(ours->waitForOutput("in"));
        const Ending held = status(scene, scene.path());
        QCOMPARE(held.status, 1);
        QVERIFY2(held.out.contains("by holdfast (pid " + QByteArray::number(ours->id())), held.out);
        ours->closeInput();
        QVERIFY(ours->waitUntilItEnds());
        QCOMPARE(status(scene, scene.path()).status, 0);
    }

    void isHeldWhileTheCommandOfAKilledHoldfastRuns()
    {
        const Scene scene;
        const auto ours =
            scene.holdfast({QStringLiteral("run"), scene.path(), QStringLiteral("--"), QStringLiteral("sh"),
                            QStringLiteral("-c"), QStringLiteral("echo $$; exec sleep 600 >/dev/null 2>&1")});
        QVERIFY(ours->waitForOutput("\n"));
        const pid_t command = ours->out().trimmed().toInt();
        QVERIFY(command > 1);
        ours->signal(SIGKILL);
        QVERIFY(ours->waitUntilItEnds());
        const Ending held = status(scene, scene.path());
        QCOMPARE(held.status, 1);
        const QByteArray name = "sleep (pid " + QByteArray::number(command) + ",";
        QVERIFY2(held.out.contains(name), held.out); // and it is not a process that is no more who is named
        kill(command, SIGKILL);
        QTRY_COMPARE(status(scene, scene.path()).status, 0);
    }

    void doesNotTouchTheFile()
    {
        const Scene scene;
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        const QByteArray name = QFile::encodeName(scene.path());
        struct stat before;
        struct stat after;
        QCOMPARE(stat(name.constData(), &before), 0);
        QCOMPARE(status(scene, scene.path()).status, 1);
        QCOMPARE(stat(name.constData(), &after), 0);
        QCOMPARE(after.st_ino, before.st_ino);
        for (const auto time : {&stat::st_atim, &stat::st_mtim, &stat::st_ctim})
            QCOMPARE((after.*time).tv_nsec, (before.*time).tv_nsec);
        if (!canTrace())
            QSKIP("strace does not work here");
        qputenv("ASAN_OPTIONS", "detect_leaks=0");
        const Ending ending =
            scene.run(QStringLiteral("strace"),
                      {QStringLiteral("-f"), QStringLiteral("-o"), QStringLiteral("trace"), QStringLiteral("-e"),
                       QStringLiteral("trace=%file,flock"), holdfastProgram(), QStringLiteral("status"), scene.path()});
        QCOMPARE(ending.status, 1);
        QFile trace(scene.path(QStringLiteral("trace")));
        QVERIFY(trace.open(QIODevice::ReadOnly));
        const QByteArray calls = trace.readAll();
        QVERIFY(calls.contains('"' + name + '"'));
        for (const QByteArray &call : calls.split('\n')) {
            QVERIFY2(!call.contains("flock("), call);
            QVERIFY2(!call.contains('"' + name + '"') || !call.contains("open") || call.contains("execve"), call);
        }
    }

    void refusesWhatCouldNeverBeLocked_data()
    {
        QTest::addColumn<QString>("file");
        for (const char *file : {"", "directory", "fifo", "link", "loop", "plain/lock", "/dev/null"})
            QTest::newRow(*file ? file : "no name") << QString::fromLatin1(file);
        QTest::newRow("a name of 256 bytes") << QString(256, u'n');
    }
    void refusesWhatCouldNeverBeLocked()
    {
        QFETCH(QString, file);
        const Scene scene;
        QVERIFY(QFile(scene.path(QStringLiteral("plain"))).open(QIODevice::WriteOnly));
        QVERIFY(QDir(scene.directory()).mkdir(QStringLiteral("directory")));
        QCOMPARE(mkfifo(QFile::encodeName(scene.path(QStringLiteral("fifo"))).constData(), 0600), 0);
        QVERIFY(QFile::link(QStringLiteral("fifo"), scene.path(QStringLiteral("link"))));
        QVERIFY(QFile::link(QStringLiteral("loop"), scene.path(QStringLiteral("loop"))));
        const Ending ending = status(scene, file);
        QCOMPARE(ending.status, 66);
        QCOMPARE(ending.out, QByteArray());
        QVERIFY2(ending.err.contains('"' + file.toUtf8() + '"') && ending.err.count('\n') == 1, ending.err);
    }

    void looksAtEveryNameThatCanBeLocked_data()
    {
        QTest::addColumn<int>("length");
        for (const int length : {244, 247, 250, 255}) // with less and less room for the names beside it
            QTest::addRow("%d bytes", length) << length;
    }
    void looksAtEveryNameThatCanBeLocked()
    {
        QFETCH(int, length);
        const Scene scene;
        const QString file(length, u'n');
        const Ending run = scene.run(holdfastProgram(), {QStringLiteral("run"), file, QStringLiteral("--"),
                                                         holdfastProgram(), QStringLiteral("status"), file});
        QCOMPARE(run.status, 1);
        QCOMPARE(run.err, QByteArray());
        QCOMPARE(status(scene, file).status, 0);
    }

    void refusesAFolderThatItMayNotSearch()
    {
        if (geteuid() != 0)
            QSKIP("needs root, to become somebody else");
        const Scene scene;
        QCOMPARE(chmod(QFile::encodeName(scene.directory()).constData(), 0700), 0);
        const QStringList asNobody{QStringLiteral("--reuid=65534"), QStringLiteral("--regid=65534"),
                                   QStringLiteral("--clear-groups"), holdfastProgram()};
        if (scene.run(QStringLiteral("setpriv"), asNobody + QStringList(QStringLiteral("--version"))).status != 0)
            QSKIP("nobody else can run the program from where it is");
        const Ending ending =
            scene.run(QStringLiteral("setpriv"), asNobody + QStringList{QStringLiteral("status"), scene.path()});
        QCOMPARE(ending.status, 66);
        QVERIFY2(ending.err.contains("Permission denied"), ending.err);
    }

    void isNoAnswerWhenItCannotBeWritten_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::newRow("as text") << QStringLiteral("status lock");
        QTest::newRow("as JSON") << QStringLiteral("status --json lock");
        QTest::newRow("help") << QStringLiteral("--help");
    }
    void isNoAnswerWhenItCannotBeWritten()
    {
        QFETCH(QString, arguments);
        const Scene scene;
        const QString script = QStringLiteral("exec \"$0\" %1 >/dev/full").arg(arguments);
        const Ending ending = scene.run(QStringLiteral("sh"), {QStringLiteral("-c"), script, holdfastProgram()});
        QCOMPARE(ending.status, 71); // neither "free" nor "held"
        QVERIFY2(ending.err.contains("cannot write to standard output") && ending.err.count('\n') == 1, ending.err);
    }

    void quotesNamesInJson()
    {
        const Scene scene;
        const QString name = QStringLiteral("a\"b\n\x1b[31mü");
        QCOMPARE(json(scene, name)[u"file"], QJsonValue(name));
        QVERIFY(status(scene, name).out.contains("a\"b??[31mü\" is free\n"));
    }
};

QTEST_GUILESS_MAIN(TestStatus)
#include "tst_status.moc"
