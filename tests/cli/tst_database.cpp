// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// `holdfast run --database` and `holdfast status --database`, beside a real server.
#include "families.h"
#include "postgresserver.h"

#include <QtCore/qurl.h>
#include <QtTest/qtest.h>

namespace {

const QString Name = QStringLiteral("plan b");

} // namespace

class TestDatabase : public QObject
{
    Q_OBJECT

private:
    QStringList on(const QStringList &options, const QStringList &command = {}) const
    {
        return options + QStringList{QStringLiteral("--database"), m_address, Name}
               + (command.isEmpty() ? QStringList() : QStringList{QStringLiteral("--")} + command);
    }
    Ending run(const QStringList &arguments) const { return Scene().run(holdfastProgram(), arguments); }

    std::unique_ptr<PostgresServer> m_server;
    QString m_address;

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString why = PostgresServer::whyNot(); !why.isEmpty())
            QSKIP(qPrintable(why));
        m_server = std::make_unique<PostgresServer>();
        m_address = QStringLiteral("postgresql://postgres@/postgres?host=%1&port=%2")
                        .arg(m_server->directory())
                        .arg(m_server->port());
    }

    void readersAreTogetherAndAWriterIsAlone()
    {
        const Scene scene;
        const auto reader = scene.holdfast(on(words("run --read"), shell("echo in; read line; exit 4")));
        QVERIFY(reader->waitForOutput("in"));
        QCOMPARE(run(on(words("run --read -n"), words("true"))).status, 0);
        QCOMPARE(run(on(words("run --write -n -E 9"), words("true"))).status, 9);
        const auto writer = scene.holdfast(on(words("run --write -w 60"), words("echo got")));
        QVERIFY(!writer->out().contains("got"));
        reader->closeInput();
        QCOMPARE(reader->ending().status, 4);
        QVERIFY(writer->waitForOutput("got"));
        QCOMPARE(writer->ending().status, 0);
    }

    void statusSaysWhoHasIt()
    {
        const Scene scene;
        QCOMPARE(run(on(words("status"))).status, 0);
        QCOMPARE(run(on(words("status"))).out, QByteArray("\"plan b\" is free (rw)\n"));
        const auto writer = scene.holdfast(on(words("run"), shell("echo in; read line")));
        QVERIFY(writer->waitForOutput("in"));
        const Ending text = run(on(words("status")));
        QCOMPARE(text.status, 1);
        const QByteArray process = QByteArray::number(writer->id());
        QVERIFY2(text.out.contains("  writer: holdfast (pid " + process), text.out.constData());
        const Ending json = run(on(words("status --json")));
        const QJsonObject status = QJsonDocument::fromJson(json.out).object();
        QCOMPARE(status[u"state"], QJsonValue(QStringLiteral("held")));
        QCOMPARE(status[u"family"], QJsonValue(QStringLiteral("rw")));
        QCOMPARE(status[u"holder"].toObject()[u"pid"], QJsonValue(writer->id()));
    }

    void takesEveryAddressOfTheSocketThatPsqlTakes_data()
    {
        QTest::addColumn<QString>("form");
        QTest::newRow("as the host") << QStringLiteral("postgresql://postgres@%1:%2/postgres");
        QTest::newRow("as an option") << QStringLiteral("postgresql:///?user=postgres&host=%1&port=%2&dbname=postgres");
    }
    void takesEveryAddressOfTheSocketThatPsqlTakes()
    {
        QFETCH(QString, form);
        const QByteArray directory = QUrl::toPercentEncoding(m_server->directory());
        const QString address = form.arg(QString::fromLatin1(directory), QString::number(m_server->port()));
        const Ending ending = run({QStringLiteral("status"), QStringLiteral("--database"), address, Name});
        QCOMPARE(ending.err, QByteArray());
        QCOMPARE(ending.out, QByteArray("\"plan b\" is free (rw)\n"));
        QCOMPARE(ending.status, 0);
    }

    void aListOfHostsIsRefusedWithTheReason()
    {
        const Ending ending =
            run({QStringLiteral("status"), QStringLiteral("--database"), QStringLiteral("postgresql://a,b/x"), Name});
        QCOMPARE(ending.status, 64);
        QVERIFY2(ending.err.contains("several hosts"), ending.err.constData());
    }

    void theEndOfTheSessionEndsTheCommand()
    {
        const Scene scene;
        const auto writer = scene.holdfast(on(words("run"), shell("echo in; exec sleep 600")));
        QVERIFY(writer->waitForOutput("in"));
        m_server->ask(QStringLiteral(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%(holdfast %'"));
        const Ending ending = writer->ending();
        QCOMPARE(ending.status, 128 + 15);
        QVERIFY2(ending.err.contains("the lock on \"plan b\" is lost: the connection to the database has gone"),
                 ending.err.constData());
    }

    void aServerThatCannotBeReachedIsNotFree_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::newRow("run") << QStringLiteral("run");
        QTest::newRow("status") << QStringLiteral("status");
    }
    void aServerThatCannotBeReachedIsNotFree()
    {
        QFETCH(QString, verb);
        QStringList arguments{verb, QStringLiteral("--database"), QStringLiteral("postgresql:///x?host=/nonexistent"),
                              Name};
        if (verb == u"run")
            arguments += words("-- true");
        const Ending ending = run(arguments);
        QCOMPARE(ending.status, 68);
        QCOMPARE(ending.out, QByteArray());
        QVERIFY2(ending.err.contains("/nonexistent"), ending.err.constData());
    }

    void aPasswordIsRefusedAndNotRepeated_data()
    {
        QTest::addColumn<QString>("address");
        QTest::newRow("before the host") << QStringLiteral("postgresql://anna:s3cret@host/x");
        QTest::newRow("as an option") << QStringLiteral("postgresql://host/x?password=s3cret");
        QTest::newRow("of the key") << QStringLiteral("postgresql://host/x?sslpassword=s3cret");
        QTest::newRow("with an at sign") << QStringLiteral("postgresql://anna:s3cret@s3cret@host/x");
        QTest::newRow("with a slash") << QStringLiteral("postgresql://anna:1/s3cret@host/x");
        QTest::newRow("with a question mark") << QStringLiteral("postgresql://anna:s3cret?s3cret@host/x");
        QTest::newRow("where there is no address") << QStringLiteral("mysql://anna:s3cret@host/x");
    }
    void aPasswordIsRefusedAndNotRepeated()
    {
        QFETCH(QString, address);
        const Ending ending = run({QStringLiteral("status"), QStringLiteral("--database"), address, Name});
        QCOMPARE(ending.status, 64);
        QVERIFY(ending.err.contains("--database"));
        QVERIFY(!ending.err.contains("s3cret"));
    }
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
