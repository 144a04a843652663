// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What `holdfast status` makes of files that somebody else has written.
#include "families.h"

#include <QtTest/qtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace {

const QString Lock = QStringLiteral("lock");
const QByteArray Token(32, 'a');
const QByteArray Sentinel("1\nfilelock-strict-v1\0\n0\n", 24);

QByteArray lease(const QByteArray &mode)
{
    return "filelock/2\npid=4711\nhost=elsewhere\nmode=" + mode + "\ntoken=" + Token + "\nduration=20\n";
}

QByteArray claim(const QByteArray &token = Token)
{
    return "filelock-strict-v1\n" + token + "\n4711\n" + QByteArray("elsewhere").toHex() + "\n\n";
}

QByteArray marker()
{
    return Token + "\n4711\nelsewhere\n";
}

const QString ClaimName = QStringLiteral("lock.filelock/claims/held-v1-%1.claim").arg(QLatin1String(Token));

} // namespace

class TestFamilies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areTold_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("family");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("role");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char *name, const QString &file, const QByteArray &bytes, const char *family,
                            const char *state, const char *role, const QByteArray &said) {
            QTest::addRow("%s", name) << file << bytes << QString::fromLatin1(family) << QString::fromLatin1(state)
                                      << QString::fromLatin1(role) << said;
        };
        row("an empty file", Lock, {}, "file", "free", "", "\"lock\" is free\n");
        row("a document", Lock, "Dear Anna,\n", "unknown", "free", "", "\"lock\" is free\n");
        row("a soft lock of another machine", Lock, "4711\nelsewhere\n", "soft", "held", "holder", "(pid 4711, user");
        row("of nobody any more", Lock, "2147483647\n" + QSysInfo::machineHostName().toUtf8() + "\n", "soft", "stale",
            "holder", "dead");
        row("a lease of another machine", Lock, lease("lease"), "lease", "held", "holder", "lasts 20 s");
        row("a lease under unknown rules", Lock, lease("treaty"), "lease", "held", "holder",
            "it follows rules that this version does not know");
        row("a damaged lease", Lock, "filelock/2\npid=4711\n", "lease", "held", "holder",
            "nobody knows who, not known whether alive, it is damaged, or not yet written");
        row("a strict lock's path", Lock, Sentinel, "strict", "free", "", "\"lock\" is free (strict)\n");
        row("a strict lock", ClaimName, claim(), "strict", "held", "claim", "claim held-v1-aaaa");
        row("a claim that lies", ClaimName, claim(QByteArray(32, 'b')), "strict", "held", "claim", "nobody knows who");
        row("a stray file among the claims", QStringLiteral("lock.filelock/claims/README"), "hello", "strict", "held",
            "stray", "it is no claim, and keeps everybody out");
        row("a claim in flight",
            QStringLiteral("lock.filelock/claims/.held-v1-%1.claim.private-v1-%1.tmp").arg(QLatin1String(Token)),
            claim(), "strict", "free", "", "\"lock\" is free (strict)\n");
        row("a writer", QStringLiteral("lock.write"), marker(), "soft-rw", "held", "writer", "writer lock.write: ");
        row("a damaged writer", QStringLiteral("lock.write"), "hm", "soft-rw", "held", "writer", "it is damaged");
        row("a reader", QStringLiteral("lock.readers/%1.4711").arg(QLatin1String(Token)), marker(), "soft-rw", "held",
            "reader", "reader aaaa");
        row("a damaged reader", QStringLiteral("lock.readers/hm"), "hm", "soft-rw", "held", "reader", "reader hm: ");
        row("a leftover among the readers", QStringLiteral("lock.readers/x.break.1.ab"), marker(), "soft-rw", "free",
            "", "\"lock\" is free (soft-rw)\n");
        row("a mutex", QStringLiteral("lock.state"), "4711\nelsewhere\n", "soft-rw", "free", "mutex",
            "mutex lock.state: ");
    }
    void areTold()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, family);
        QFETCH(QString, state);
        QFETCH(QString, role);
        QFETCH(QByteArray, said);
        const Scene scene;
        write(scene, file, bytes);
        const Ending text = statusOf(scene, Lock);
        QVERIFY2(text.out.contains(said), text.out);
        QCOMPARE(text.status, state == u"held" ? 1 : 0);
        QCOMPARE(text.err, QByteArray());
        const QJsonObject json = jsonOf(scene, Lock);
        QCOMPARE(json[u"family"], QJsonValue(family));
        QCOMPARE(json[u"state"], QJsonValue(state));
        QCOMPARE(json[u"held"], QJsonValue(state == u"held"));
        QCOMPARE(json[u"exit"], QJsonValue(text.status));
        const QJsonArray holders = json[u"holders"].toArray();
        QCOMPARE(holders.size(), role.isEmpty() ? 0 : 1);
        if (!role.isEmpty())
            QCOMPARE(holders.first().toObject()[u"role"], QJsonValue(role));
    }

    void haveTheKeysThatTheManualNames()
    {
        const Scene scene;
        write(scene, Lock, lease("lease"));
        QJsonObject json = jsonOf(scene, Lock);
        json.remove(QStringLiteral("exit"));
        QCOMPARE(json.keys().join(u' '),
                 QStringLiteral("family file held holder holders mode owner_files remarks state"));
        QCOMPARE(json[u"holder"].toObject().keys().join(u' '), QStringLiteral("host pid program user"));
        const QJsonObject holder = json[u"holders"].toArray().first().toObject();
        QCOMPARE(holder.keys().join(u' '),
                 QStringLiteral("age family host lease liveness mode name pid program remark renewed role since token "
                                "user"));
        QCOMPARE(holder[u"host"], QJsonValue(QStringLiteral("elsewhere")));
        QCOMPARE(holder[u"pid"], QJsonValue(4711));
        QCOMPARE(holder[u"liveness"], QJsonValue(QStringLiteral("unknown")));
        QCOMPARE(holder[u"program"], QJsonValue());
        QCOMPARE(holder[u"since"], QJsonValue());
        QVERIFY(QDateTime::fromString(holder[u"renewed"].toString(), Qt::ISODateWithMs).isValid());
        QVERIFY(holder[u"age"].toDouble() >= 0 && holder[u"age"].toDouble() < 60);
        QCOMPARE(holder[u"lease"], QJsonValue(20));
        QCOMPARE(holder[u"token"], QJsonValue(QLatin1String(Token)));
        QCOMPARE(holder[u"name"], QJsonValue(Lock));
    }

    void areLeftAsTheyWere()
    {
        const Scene scene;
        write(scene, Lock, "2147483647\n" + QSysInfo::machineHostName().toUtf8() + "\n");
        write(scene, QStringLiteral("lock.readers/hm"), "hm");
        write(scene, QStringLiteral("lock.filelock/claims/.x.private-v1-%1.tmp").arg(QLatin1String(Token)), "hm");
        const auto tree = [&] { return scene.run(QStringLiteral("find"), words(". -printf %p,%s,%i,%T@,%C@;")).out; };
        const QByteArray before = tree();
        statusOf(scene, Lock);
        QCOMPARE(tree(), before);
    }

    void areAllTold()
    {
        const Scene scene;
        write(scene, Lock, "4711\nelsewhere\n");
        write(scene, QStringLiteral("lock.write"), marker());
        const QJsonObject json = jsonOf(scene, Lock);
        QCOMPARE(json[u"family"], QJsonValue(QStringLiteral("soft")));
        QCOMPARE(json[u"holders"].toArray().size(), 2);
        QVERIFY(json[u"remarks"].toArray().first().toString().contains(QStringLiteral("different kinds")));
    }

    void sayWhatSoftLocksMakeOfAForeignFile_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("words");
        QTest::newRow("a database") << QByteArray("SQLite format 3\0", 16) + QByteArray(84, '\0')
                                    << QStringLiteral("an SQLite database, which soft locks and leases refuse");
        QTest::newRow("another lock's part")
            << marker() << QStringLiteral("(SoftReadWriteLock), which soft locks and leases refuse");
    }
    void sayWhatSoftLocksMakeOfAForeignFile()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, words);
        constexpr int Refused = 65; // by a soft lock's attempt
        const Scene scene;
        write(scene, Lock, bytes);
        const QString remark = jsonOf(scene, Lock)[u"remarks"].toArray().first().toString();
        QVERIFY2(remark.contains(words), qPrintable(remark));
        QCOMPARE(scene.run(holdfastProgram(), ::words("run --kind soft -E 9 --timeout 0 lock -- true")).status,
                 Refused);
    }

    // A document may have a neighbour of that name.
    void doNotComeFromForeignNeighbours()
    {
        const Scene scene;
        write(scene, Lock, "Dear Anna,\n");
        write(scene, QStringLiteral("lock.write"), "notes");
        write(scene, QStringLiteral("lock.state"), "notes");
        QCOMPARE(jsonOf(scene, Lock)[u"holders"].toArray().size(), 0);
    }

    void areTheSystemsWhereAProgramOnlyNotesItself()
    {
        const Scene scene;
        write(scene, Lock, {});
        const auto holder = scene.flockHolds();
        QVERIFY(holder);
        write(scene, Lock, QByteArray::number(holder->id()) + "\nelsewhere\n");
        const QJsonObject json = jsonOf(scene, Lock);
        QCOMPARE(json[u"family"], QJsonValue(QStringLiteral("file")));
        QCOMPARE(json[u"holder"].toObject()[u"pid"], QJsonValue(holder->id()));
    }

    void doNotSteerTheTerminal()
    {
        const Scene scene;
        write(scene, Lock, "4711\na\x1b[31mb\n");
        const QByteArray out = statusOf(scene, Lock).out;
        QVERIFY2(!out.contains('\x1b') && out.contains("a?[31mb"), out);
    }

    // P looks through the machine's processes for the owner;  Q ends between P's open and P's read of what it is
    void doNotDependOnProcessesThatEndMeanwhile()
    {
        if (!canTrace())
            QSKIP("strace does not work here");
        qputenv("ASAN_OPTIONS", "detect_leaks=0");
        const Scene scene;
        write(scene, Lock, "2147483647\n" + QSysInfo::machineHostName().toUtf8() + "\n");
        for (const char *fact : {"status", "stat"}) {
            const QStringList traced = words("-f -o /dev/null -e inject=read:error=ESRCH -P")
                                       + QStringList(QStringLiteral("/proc/1/") + QLatin1String(fact));
            const Ending ending =
                scene.run(QStringLiteral("strace"), traced + QStringList(holdfastProgram()) + words("status lock"));
            QVERIFY2(ending.status <= 1 && ending.err.isEmpty(), ending.err);
        }
    }

    void areNotGuessedWhereTheyCannotBeRead()
    {
        if (geteuid() != 0)
            QSKIP("needs root, to become somebody else");
        const Scene scene;
        write(scene, Lock, "4711\nelsewhere\n");
        QCOMPARE(chmod(QFile::encodeName(scene.directory()).constData(), 0755), 0);
        QCOMPARE(chmod(QFile::encodeName(scene.path()).constData(), 0600), 0);
        const QStringList asNobody =
            words("--reuid=65534 --regid=65534 --clear-groups") + QStringList(holdfastProgram());
        if (scene.run(QStringLiteral("setpriv"), asNobody + words("--version")).status != 0)
            QSKIP("nobody else can run the program from where it is");
        const Ending ending = scene.run(QStringLiteral("setpriv"), asNobody + words("status lock"));
        QCOMPARE(ending.status, 66);
        QVERIFY2(ending.err.contains("Permission denied") && ending.err.count('\n') == 1, ending.err);
    }
};

QTEST_GUILESS_MAIN(TestFamilies)
#include "tst_families.moc"
