// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// How it is said that there is no connection: without a password, wherever that stands, and in whole sentences.

#include "postgrestest.h"

#include <QtCore/qloggingcategory.h>
#include <QtCore/qregularexpression.h>

#include <mutex>

class tst_PostgresMessages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void noPartOfAPasswordIsRepeated_data();
    void noPartOfAPasswordIsRepeated();
    void whatIsNoPasswordIsSaid_data();
    void whatIsNoPasswordIsSaid();
    void sentencesEndOnce_data();
    void sentencesEndOnce();

private:
    QSqlDatabase with(const QString &setting, const QString &value) const;

    std::unique_ptr<PostgresServer> m_server;
};

namespace {

std::mutex s_mutex; // sessions log in threads of their own
QString s_log;

void keepLog(QtMsgType, const QMessageLogContext &, const QString &text)
{
    const std::scoped_lock lock(s_mutex);
    s_log += text + u'\n';
}

/** All that a lock over @p database says of its failure, also to the log. */
QString allThatIsSaid(const QSqlDatabase &database)
{
    {
        const std::scoped_lock lock(s_mutex);
        s_log.clear();
    }
    const QtMessageHandler handler = qInstallMessageHandler(keepLog);
    QString said;
    {
        ReadWriteLock lock(database, Name);
        said = lock.tryAcquireWrite() ? QStringLiteral("locked\n") : QString();
        said += lock.errorString() + u'\n' + lock.inspect().errorString + u'\n';
    }
    qInstallMessageHandler(handler);
    const std::scoped_lock lock(s_mutex);
    return said + s_log;
}

} // namespace

void tst_PostgresMessages::initTestCase()
{
    QLoggingCategory::setFilterRules(QStringLiteral("holdfast.debug=true"));
    START_SERVER_OR_SKIP(m_server);
    m_server->ask(QStringLiteral("CREATE DATABASE closed"));
    m_server->ask(QStringLiteral("REVOKE CONNECT ON DATABASE closed FROM PUBLIC"));
    m_server->ask(QStringLiteral("CREATE ROLE guest LOGIN"));
}

void tst_PostgresMessages::cleanupTestCase()
{
    m_server.reset();
}

QSqlDatabase tst_PostgresMessages::with(const QString &setting, const QString &value) const
{
    QSqlDatabase database = m_server->describe();
    if (setting == u"database")
        database.setDatabaseName(value);
    else if (setting == u"host")
        database.setHostName(value);
    else if (setting == u"user")
        database.setUserName(value);
    else
        database.setConnectOptions(value);
    return database;
}

// Every piece of the password is called HUNT.
void tst_PostgresMessages::noPartOfAPasswordIsRepeated_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("value");
    const auto row = [](const char *claim, const char *setting, const char *value) {
        QTest::newRow(claim) << QString::fromLatin1(setting) << QString::fromLatin1(value);
    };
    row("an at sign", "database", "postgresql://pw:HUNT@HUNT@127.0.0.1:54777/nodb");
    row("many of them", "database", "postgresql://pw:HUNT@HUNT@@HUNT@h/d");
    row("a slash", "database", "postgresql://pw:HUNT/HUNT@h/d");
    row("a slash and an at sign", "database", "postgresql://pw:HUNT@a/HUNT@h/d");
    row("a question mark", "database", "postgresql://pw:HUNT?HUNT@h/d");
    row("a number sign", "database", "postgresql://pw:HUNT#HUNT@h/d");
    row("a blank", "database", "postgresql://pw:HUNT HUNT@h/d");
    row("a line", "database", "postgresql://pw:HUNT\nHUNT@h/d");
    row("a quote", "database", "postgresql://pw:HUNT\"HUNT@h/d");
    row("blanks and quotes", "database", "postgresql://pw:\"HUNT\" 'HUNT'@h/d");
    row("a colon", "database", "postgresql://pw:HUNT:HUNT@h/d");
    row("no user", "database", "postgresql://:HUNT@HUNT@h/d");
    row("a user with a slash", "database", "postgresql://p/w:HUNT@HUNT@h/d");
    row("a user with an at sign", "database", "postgresql://p@w:HUNT@HUNT@h/d");
    row("a user with a blank", "database", "postgresql://p w:HUNT@HUNT@h/d");
    row("a colon that is encoded", "database", "postgresql://pw%3AHUNT@HUNT@h/d");
    row("no host", "database", "postgresql://pw:HUNT");
    row("no scheme", "database", "pw:HUNT@HUNT@h/d");
    row("half a scheme", "database", "postgresql:pw:HUNT@HUNT@h/d");
    row("two addresses", "database", "postgresql://a:HUNT@h/d postgresql://b:HUNT@HUNT@h/d");
    row("an option", "database", "postgresql://pw@h/d?password=HUNT&x=HUNT");
    row("an option that is encoded", "database", "postgresql://pw@h/d?pass%77ord=HUNT@HUNT");
    row("more than the server repeats", "database",
        "postgresql://pw:HUNT456789012345678901234567890123456789012345678901234567890123456789HUNT@h/d");
    row("as options", "database", "host=h PassWord = HUNT HUNT");
    row("as options, in quotes", "database", "password='HUNT\\' HUNT' host=h");
    row("as options, with a backslash", "database", "password=HUNT\\ HUNT host=h");
    row("as options, in an open quote", "database", "password='HUNT HUNT");
    row("as options of another name", "database", "pwd=HUNT HUNT");
    row("in the host", "host", "postgresql://pw:HUNT@HUNT@h/d");
    row("in the host, with a comma", "host", "postgresql://pw:HUNT,HUNT@h/d");
    row("in the host, as an option", "host", "h password=HUNT,HUNT");
    row("in the user", "user", "pw:HUNT@HUNT");
    row("in the user, without a host", "user", "pw:HUNT HUNT");
    row("in the user's name, an address", "user", "postgresql://pw:HUNT@HUNT@h/d");
    row("in the database of the options", "options", "dbname='postgresql://pw:HUNT@HUNT\"HUNT@h/d'");
    row("in the options' password", "options", "dbname=nodb password='HUNT@HUNT'");
    row("in options that are an address", "options", "postgresql://pw:HUNT@HUNT@h/d");
}

void tst_PostgresMessages::noPartOfAPasswordIsRepeated()
{
    QFETCH(QString, setting);
    QFETCH(QString, value);
    const QString said = allThatIsSaid(with(setting, value));
    QVERIFY2(said.count(QStringLiteral("Cannot connect to postgresql://")) >= 2, qPrintable(said));
    QVERIFY2(!said.contains(QStringLiteral("HUNT")), qPrintable(said));
}

void tst_PostgresMessages::whatIsNoPasswordIsSaid_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("part");
    const auto row = [](const char *claim, const char *setting, const char *value, const char *part) {
        QTest::newRow(claim) << QString::fromLatin1(setting) << QString::fromLatin1(value) << QString::fromLatin1(part);
    };
    row("a database", "database", "nodb", "database \"nodb\" does not exist");
    row("a database with a colon", "database", "no:db", "database \"no:db\" does not exist");
    row("an address without a password", "database", "postgresql://anna@h/d", "\"postgresql://anna@h/d\" does not");
    row("whose password it is", "database", "postgresql://anna:HUNT@h/d", "/postgresql://anna:***: ");
    row("which setting is an address", "database", "postgresql://anna:HUNT@h/d", "setDatabaseName()");
    row("a user with an at sign", "user", "anna@x", "role \"anna@x\" does not exist");
    row("an IPv6 host", "host", "::1", "//postgres@[::1]:54321/postgres");
    row("an IPv6 host in brackets", "host", "[::1]", "//postgres@[::1]:54321/postgres");
    row("one of several hosts", "host", "::1,127.0.0.1", "//postgres@[::1],127.0.0.1:54321/postgres");
    row("a name of a host", "host", "localhost", "//postgres@localhost:54321/postgres");
}

void tst_PostgresMessages::whatIsNoPasswordIsSaid()
{
    QFETCH(QString, setting);
    QFETCH(QString, value);
    QFETCH(QString, part);
    const QString said = allThatIsSaid(with(setting, value));
    QVERIFY2(said.contains(part), qPrintable(said));
}

void tst_PostgresMessages::sentencesEndOnce_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("database");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("part");
    const QString postgres = QStringLiteral("postgres");
    QTest::newRow("a sentence of the server's")
        << QStringLiteral("guest") << QStringLiteral("closed") << QString() << QStringLiteral("privilege. Check user");
    QTest::newRow("a question of libpq's")
        << postgres << postgres << QStringLiteral("/nonexistent") << QStringLiteral("on that socket? Check that");
    QTest::newRow("a clause of the server's")
        << postgres << QStringLiteral("nodb") << QString() << QStringLiteral("does not exist. Check the");
    QTest::newRow("a clause of ours") << postgres << QStringLiteral("postgresql://a:b@c/d") << QString()
                                      << QStringLiteral("setPassword(). Check the");
}

void tst_PostgresMessages::sentencesEndOnce()
{
    QFETCH(QString, user);
    QFETCH(QString, database);
    QFETCH(QString, host);
    QFETCH(QString, part);
    QSqlDatabase settings = m_server->describe(user, {}, database);
    if (!host.isEmpty())
        settings.setHostName(host);
    const QString said = allThatIsSaid(settings);
    QVERIFY2(said.contains(part), qPrintable(said));
    QVERIFY2(!said.contains(QRegularExpression(QStringLiteral("[.?!:;,][.?!:;,]"))), qPrintable(said));
}

QTEST_GUILESS_MAIN(tst_PostgresMessages)
#include "tst_postgresmessages.moc"
