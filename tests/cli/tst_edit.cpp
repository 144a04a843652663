// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "program.h"

#include <QtCore/qfile.h>
#include <QtCore/qsysinfo.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <unistd.h>

/** `holdfast edit`, and what `holdfast status` says of documents. */
class TestEdit : public QObject
{
    Q_OBJECT

private:
    static QString document() { return QStringLiteral("letter.txt"); }
    static QString sidecar() { return QStringLiteral(".~lock.letter.txt#"); }
    static void write(const Scene &scene, const QString &name, const QByteArray &bytes)
    {
        QFile file(scene.path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    static QByteArray libreOffice() { return "Ann Lee,ann,desk7,14.03.2026 09:41,file:///home/ann;"; }
    static Ending edit(const Scene &scene, const QStringList &options, const QStringList &command,
                       const QString &what = document())
    {
        return scene.run(holdfastProgram(), QStringList({QStringLiteral("edit")}) + options + QStringList(what)
                                                + QStringList(QStringLiteral("--")) + command);
    }
    static QStringList shell(const char *script)
    {
        return {QStringLiteral("sh"), QStringLiteral("-c"), QString::fromLatin1(script)};
    }

private Q_SLOTS:
    void runsTheEditorUnderTheLock()
    {
        const Scene scene;
        write(scene, document(), "Dear Anna");
        const Ending ending = edit(scene, {}, shell("cat '.~lock.letter.txt#'; exit 7"));
        QCOMPARE(ending.status, 7);
        QVERIFY2(ending.out.contains("&app=sh;"), ending.out.constData());
        QCOMPARE(ending.err, QByteArray());
        QVERIFY(!QFile::exists(scene.path(sidecar())));
    }

    void saysWhoHasItOtherwise()
    {
        const Scene scene;
        write(scene, sidecar(), libreOffice());
        const Ending ending = edit(scene, {}, shell("echo run"));
        QCOMPARE(ending.status, 1);
        QCOMPARE(ending.out, QByteArray());
        QCOMPARE(
            ending.err,
            QByteArray("holdfast: \"letter.txt\" is being edited by LibreOffice (user ann, Ann Lee) on desk7, or was: "
                       "that cannot be told from here. If you know that it is not, use --take-over\n"));
        QCOMPARE(edit(scene, {QStringLiteral("--wait"), QStringLiteral("0.2")}, shell("echo run")).status, 1);
    }

    void waitsForTheOtherEditor()
    {
        const Scene scene;
        const auto other =
            scene.holdfast({QStringLiteral("edit"), document(), QStringLiteral("--"), QStringLiteral("sh"),
                            QStringLiteral("-c"), QStringLiteral("echo ready; read line")});
        QVERIFY(other->waitForOutput("ready"));
        const auto waiter =
            scene.holdfast({QStringLiteral("edit"), QStringLiteral("--wait"), QStringLiteral("60"), document(),
                            QStringLiteral("--"), QStringLiteral("echo"), QStringLiteral("mine")});
        other->closeInput();
        QVERIFY(waiter->waitForOutput("mine"));
        QCOMPARE(waiter->ending().status, 0);
    }

    void takesOverWhoIsNotSeenToLive()
    {
        const Scene scene;
        write(scene, sidecar(), libreOffice());
        const Ending ending = edit(scene, {QStringLiteral("--take-over")}, shell("echo run"));
        QCOMPARE(ending.status, 0);
        QCOMPARE(ending.out, QByteArray("run\n"));
        QVERIFY2(ending.err.contains("taken over from LibreOffice (user ann, Ann Lee)"), ending.err.constData());
        const auto other =
            scene.holdfast({QStringLiteral("edit"), document(), QStringLiteral("--"), QStringLiteral("sh"),
                            QStringLiteral("-c"), QStringLiteral("echo ready; read line")});
        QVERIFY(other->waitForOutput("ready"));
        QCOMPARE(edit(scene, {QStringLiteral("--take-over")}, shell("echo run")).status, 1);
    }

    void takesOverOneBehindAnother()
    {
        const Scene scene;
        write(scene, sidecar(), libreOffice());
        QVERIFY(::symlink("ben@elsewhere.4711:1700000000", qPrintable(scene.path(QStringLiteral(".#letter.txt"))))
                == 0);
        const Ending ending = edit(scene, {QStringLiteral("--take-over")}, shell("echo run"));
        QCOMPARE(ending.status, 0);
        QCOMPARE(ending.out, QByteArray("run\n"));
        QVERIFY2(ending.err.contains("taken over from LibreOffice (user ann") && ending.err.contains("from Emacs"),
                 ending.err.constData());
    }

    void tellsOfACrash()
    {
        const Scene scene;
        const auto other =
            scene.holdfast({QStringLiteral("edit"), document(), QStringLiteral("--"), QStringLiteral("sh"),
                            QStringLiteral("-c"), QStringLiteral("echo ready; read line")});
        QVERIFY(other->waitForOutput("ready"));
        other->signal(SIGKILL);
        QVERIFY(other->waitUntilItEnds());
        other->closeInput(); // its editor goes on until then
        const Ending ending = edit(scene, {QStringLiteral("--wait"), QStringLiteral("60")}, shell("echo run"));
        QCOMPARE(ending.out, QByteArray("run\n"));
        QVERIFY2(ending.err.contains("there may be something to recover"), ending.err.constData());
    }

    void tellsOfWhatACrashedVimHasLeft_data()
    {
        QTest::addColumn<QByteArray>("golden");
        QTest::addColumn<QByteArray>("end");
        QTest::newRow("unsaved") << QByteArray("vimswap-modified")
                                 << QByteArray("recover: changes that are not in the document\n");
        QTest::newRow("saved") << QByteArray("vimswap") << QByteArray("recover\n");
    }
    void tellsOfWhatACrashedVimHasLeft()
    {
        QFETCH(const QByteArray, golden);
        QFETCH(const QByteArray, end);
        const Scene scene;
        QFile model(QStringLiteral(GOLDEN_FILES "/") + QString::fromLatin1(golden));
        QVERIFY(model.open(QIODevice::ReadOnly));
        QByteArray swap = model.readAll();
        swap.replace(24, 4, "\xff\xff\xff\x7f"); // a process that there cannot be, on this machine
        swap.replace(68, 40, QSysInfo::machineHostName().toLocal8Bit().leftJustified(40, '\0'));
        write(scene, QStringLiteral(".letter.txt.swp"), swap);
        const Ending ending = edit(scene, {}, shell("echo run"));
        QCOMPARE(ending.out, QByteArray("run\n"));
        QCOMPARE(ending.err.count('\n'), 1);
        QVERIFY2(ending.err.contains("warning: Vim (pid 2147483647, user root) on "), ending.err);
        QVERIFY2(ending.err.contains(" has left \".letter.txt.swp\" ") && ending.err.endsWith(end), ending.err);
    }

    void theEditorKeepsTheLockWhenOnlyHoldfastIsKilled()
    {
        const Scene scene;
        write(scene, document(), "Dear Anna");
        write(scene, QStringLiteral("stay"), "");
        const auto other = scene.holdfast(QStringList{QStringLiteral("edit"), document(), QStringLiteral("--")}
                                          + shell("echo ready; while test -e stay; do sleep 0.02; done"));
        QVERIFY(other->waitForOutput("ready"));
        other->signal(SIGKILL);
        QVERIFY(other->waitUntilItEnds());
        const Ending refused = edit(scene, {QStringLiteral("--take-over")}, shell("echo run"));
        QCOMPARE(refused.out, QByteArray());
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("is being edited by sh"), refused.err.constData());
        QCOMPARE(scene.run(holdfastProgram(), {QStringLiteral("status"), document()}).status, 1);
        QVERIFY(QFile::remove(scene.path(QStringLiteral("stay"))));
        const Ending next = edit(scene, {QStringLiteral("--wait"), QStringLiteral("60")}, shell("echo run"));
        QCOMPARE(next.out, QByteArray("run\n"));
        QVERIFY2(next.err.contains("there may be something to recover"), next.err.constData());
        QVERIFY(!QFile::exists(scene.path(sidecar())));
    }

    void statusKnowsWhetherItsEditorLives()
    {
        const Scene scene;
        write(scene, document(), "Dear Anna");
        const auto other =
            scene.holdfast({QStringLiteral("edit"), document(), QStringLiteral("--"), QStringLiteral("sh"),
                            QStringLiteral("-c"), QStringLiteral("echo ready; read line")});
        QVERIFY(other->waitForOutput("ready"));
        const Ending held = scene.run(holdfastProgram(), {QStringLiteral("status"), document()});
        QCOMPARE(held.status, 1);
        QVERIFY2(held.out.contains("sh (pid " + QByteArray::number(other->id())), held.out.constData());
        QVERIFY2(held.out.contains(", alive, for "), held.out.constData());
        other->signal(SIGKILL);
        QVERIFY(other->waitUntilItEnds());
        other->closeInput(); // its editor goes on until then
        QTRY_COMPARE(scene.run(holdfastProgram(), {QStringLiteral("status"), document()}).status, 0);
        const Ending left = scene.run(holdfastProgram(), {QStringLiteral("status"), document()});
        QCOMPARE(left.status, 0);
        QVERIFY2(left.out.contains(", dead, for "), left.out.constData());
    }

    void refusesWhatMeansNothing_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("complaint");
        const QString dashes = QStringLiteral("--");
        const QString yes = QStringLiteral("true");
        QTest::newRow("no document") << QStringList({dashes, yes}) << QByteArray("there is no DOCUMENT");
        QTest::newRow("no command") << QStringList({document()}) << QByteArray("there is no COMMAND");
        QTest::newRow("two documents") << QStringList({document(), yes, dashes, yes})
                                       << QByteArray("one operand too many");
        QTest::newRow("wait for a word") << QStringList({QStringLiteral("--wait=ever"), document(), dashes, yes})
                                         << QByteArray("ever");
        QTest::newRow("both") << QStringList(
            {QStringLiteral("--wait=1"), QStringLiteral("--take-over"), document(), dashes, yes})
                              << QByteArray("opposites");
    }
    void refusesWhatMeansNothing()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, complaint);
        const Scene scene;
        const Ending ending = scene.run(holdfastProgram(), QStringList(QStringLiteral("edit")) + words);
        QCOMPARE(ending.status, 64);
        QVERIFY2(ending.err.contains(complaint), ending.err.constData());
    }

    void refusesWhatIsNoFile()
    {
        const Scene scene;
        for (const QString &folder : {QStringLiteral("."), QStringLiteral("/")}) {
            const Ending ending = edit(scene, {}, shell("echo run"), folder);
            QCOMPARE(ending.status, 66);
            QCOMPARE(ending.out, QByteArray());
            QVERIFY2(ending.err.contains("not a regular file"), ending.err.constData());
        }
    }

    void passesSignalsOn()
    {
        const Scene scene;
        const auto editor =
            scene.holdfast({QStringLiteral("edit"), document(), QStringLiteral("--"), QStringLiteral("sh"),
                            QStringLiteral("-c"), QStringLiteral("echo ready; read line")});
        QVERIFY(editor->waitForOutput("ready"));
        editor->signal(SIGTERM);
        QCOMPARE(editor->ending().status, 128 + SIGTERM);
        QVERIFY(!QFile::exists(scene.path(sidecar())));
    }
};

QTEST_GUILESS_MAIN(TestEdit)
#include "tst_edit.moc"
