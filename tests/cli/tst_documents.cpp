// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "program.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

#include <sys/stat.h>

/** What `holdfast status` says of a document that another program edits. */
class TestDocuments : public QObject
{
    Q_OBJECT

private:
    static bool write(const Scene &scene, const QString &name, const QByteArray &bytes)
    {
        QFile file(scene.path(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }
    static Ending status(const Scene &scene, const QStringList &options = {})
    {
        return scene.run(holdfastProgram(),
                         QStringList{QStringLiteral("status")} + options + QStringList{QStringLiteral("report.odt")});
    }

private Q_SLOTS:
    void saysWhoEditsADocument()
    {
        const Scene scene;
        QVERIFY(write(scene, QStringLiteral(".~lock.report.odt#"), "Ann Lee,ann,desk7,today,file:///home/ann;"));
        const Ending ending = status(scene);
        QCOMPARE(ending.status, 1);
        QCOMPARE(ending.err, QByteArray());
        QCOMPARE(ending.out,
                 QByteArray("\"report.odt\" is edited\n"
                            "  owner file .~lock.report.odt#: LibreOffice (user ann, Ann Lee) on desk7, not known "
                            "whether alive\n"));
    }

    void listsEveryProgram()
    {
        const Scene scene;
        QVERIFY(write(scene, QStringLiteral(".#report.odt"), "anna@desk8.42"));
        QVERIFY(write(scene, QStringLiteral(".report.odt.swp"), ""));
        const Ending ending = status(scene);
        QCOMPARE(ending.status, 1);
        QVERIFY(ending.out.startsWith(
            "\"report.odt\" is edited\n"
            "  owner file .#report.odt: Emacs (pid 42, user anna) on desk8, not known whether alive, "
            "for "));
        QVERIFY(ending.out.endsWith(
            ", with changes that are not saved\n"
            "  owner file .report.odt.swp: nobody knows who, not known whether alive, it is empty\n"));
    }

    void givesJson()
    {
        const Scene scene;
        QVERIFY(write(scene, QStringLiteral(".#report.odt"), "anna@desk8.42"));
        const Ending ending = status(scene, {QStringLiteral("--json")});
        QCOMPARE(ending.status, 1);
        const QJsonObject object = QJsonDocument::fromJson(ending.out).object();
        QCOMPARE(object[u"state"].toString(), QStringLiteral("edited"));
        QCOMPARE(object[u"held"].toBool(true), false);
        const QJsonArray files = object[u"owner_files"].toArray();
        QCOMPARE(files.size(), 1);
        QJsonObject file = files.first().toObject();
        for (const QLatin1String time : {QLatin1String("since"), QLatin1String("written")})
            QVERIFY(QDateTime::fromString(file.take(time).toString(), Qt::ISODateWithMs).isValid());
        QCOMPARE(file, (QJsonObject{{QStringLiteral("format"), QStringLiteral("emacs")},
                                    {QStringLiteral("name"), QStringLiteral(".#report.odt")},
                                    {QStringLiteral("pid"), 42},
                                    {QStringLiteral("program"), QStringLiteral("Emacs")},
                                    {QStringLiteral("user"), QStringLiteral("anna")},
                                    {QStringLiteral("full_name"), QJsonValue()},
                                    {QStringLiteral("host"), QStringLiteral("desk8")},
                                    {QStringLiteral("mode"), QStringLiteral("exclusive")},
                                    {QStringLiteral("liveness"), QStringLiteral("unknown")},
                                    {QStringLiteral("unsaved"), true},
                                    {QStringLiteral("remark"), QJsonValue()}}));
    }

    void anOrdinaryDocumentIsNothingElse()
    {
        const Scene scene;
        QVERIFY(write(scene, QStringLiteral("report.odt"), "Dear Anna,\n"));
        const Ending ending = status(scene);
        QCOMPARE(ending.status, 0);
        QCOMPARE(ending.out + ending.err, QByteArray("\"report.odt\" is free\n"));
        const QJsonObject object = QJsonDocument::fromJson(status(scene, {QStringLiteral("--json")}).out).object();
        QCOMPARE(object[u"remarks"].toArray().size(), 0);
        QCOMPARE(object[u"family"].toString(), QStringLiteral("unknown"));
    }

    void aLinkIsFollowedAsEditFollowsIt_data()
    {
        QTest::addColumn<bool>("exists");
        QTest::newRow("to a document") << true;
        QTest::newRow("to one that is not there yet") << false;
    }
    void aLinkIsFollowedAsEditFollowsIt()
    {
        QFETCH(const bool, exists);
        const Scene scene;
        QVERIFY(QDir(scene.directory()).mkdir(QStringLiteral("far")));
        const QString letter = scene.path(QStringLiteral("far/letter.odt"));
        QVERIFY(!exists || write(scene, QStringLiteral("far/letter.odt"), "Dear Anna,\n"));
        QVERIFY(QFile::link(QStringLiteral("far/letter.odt"), scene.path(QStringLiteral("near.odt"))));
        QVERIFY(QFile::link(QStringLiteral("near.odt"), scene.path(QStringLiteral("report.odt"))));
        const QByteArray link = "  note: it is a link to \"" + letter.toUtf8() + "\", of which this is said\n";
        const Ending free = status(scene);
        QCOMPARE(free.status, 0);
        QCOMPARE(free.out + free.err, "\"report.odt\" is free\n" + link);
        const Ending during =
            scene.run(holdfastProgram(), {QStringLiteral("edit"), QStringLiteral("report.odt"), QStringLiteral("--"),
                                          holdfastProgram(), QStringLiteral("status"), QStringLiteral("report.odt")});
        QCOMPARE(during.status, 1);
        QVERIFY2(
            during.out.startsWith("\"report.odt\" is edited\n" + link + "  owner file .~lock.letter.odt#: holdfast"),
            during.out);
    }

    void saysWhatIsInTheWayOfALock_data()
    {
        QTest::addColumn<QString>("what");
        QTest::newRow("a folder") << QStringLiteral("it is a directory");
        QTest::newRow("a pipe") << QStringLiteral("it is a pipe");
        QTest::newRow("a link") << QStringLiteral("it is a symbolic link");
    }
    void saysWhatIsInTheWayOfALock()
    {
        QFETCH(const QString, what);
        const Scene scene;
        QVERIFY(write(scene, QStringLiteral("report.odt"), "Dear Anna,\n"));
        const QString place = scene.path(QStringLiteral(".~lock.report.odt#"));
        if (what.endsWith(QLatin1String("directory")))
            QVERIFY(QDir().mkdir(place));
        else if (what.endsWith(QLatin1String("pipe")))
            QCOMPARE(mkfifo(QFile::encodeName(place).constData(), 0600), 0);
        else
            QVERIFY(QFile::link(QStringLiteral("report.odt"), place));
        const Ending ending = status(scene);
        QCOMPARE(ending.status, 66);
        QVERIFY2(ending.out.startsWith("\"report.odt\" is blocked\n"), ending.out);
        const Ending edit = scene.run(holdfastProgram(), {QStringLiteral("edit"), QStringLiteral("report.odt"),
                                                          QStringLiteral("--"), QStringLiteral("true")});
        QCOMPARE(edit.status, 66);
        const QByteArray sentence = edit.err.mid(edit.err.indexOf(": ") + 2); // one and the same
        QVERIFY2(sentence.contains(what.toUtf8()) && sentence.contains("Remove it"), sentence);
        QVERIFY2(ending.out.contains(sentence), ending.out);
        const QJsonObject object = QJsonDocument::fromJson(status(scene, {QStringLiteral("--json")}).out).object();
        QCOMPARE(object[u"state"].toString(), QStringLiteral("blocked"));
    }

    void whatNamesNobodyIsFree()
    {
        const Scene scene;
        QVERIFY(write(scene, QStringLiteral(".~lock.report.odt#"), ""));
        const Ending ending = status(scene);
        QCOMPARE(ending.status, 0);
        QVERIFY(ending.out.startsWith("\"report.odt\" is free\n"));
        QVERIFY(ending.out.contains("it is empty"));
    }

    void aLockGoesFirst()
    {
        const Scene scene;
        QVERIFY(write(scene, QStringLiteral(".~lock.report.odt#"), "Ann Lee,ann,desk7,today,file:///home/ann;"));
        const auto holder = scene.flockHolds(QStringLiteral("report.odt"));
        QVERIFY(holder);
        const Ending ending = status(scene);
        QCOMPARE(ending.status, 1);
        QVERIFY(ending.out.startsWith("\"report.odt\" is held (exclusive) by flock"));
        QVERIFY(ending.out.contains("\n  owner file .~lock.report.odt#: LibreOffice"));
    }

    void strangersTextDoesNotSteerTheTerminal()
    {
        const Scene scene;
        QVERIFY(write(scene, QStringLiteral(".~lock.report.odt#"), "\x1b[2J,a\nb,c,,;"));
        const Ending ending = status(scene);
        QCOMPARE(ending.status, 1);
        QVERIFY(!ending.out.contains('\x1b'));
        QCOMPARE(ending.out.count('\n'), 2);
    }
};

QTEST_GUILESS_MAIN(TestDocuments)
#include "tst_documents.moc"
