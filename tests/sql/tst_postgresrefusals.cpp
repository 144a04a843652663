// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What cannot be, and is said in a sentence without a password.

#include "postgrestest.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qthread.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

class tst_PostgresRefusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void refusesOtherDrivers_data();
    void refusesOtherDrivers();
    void refusesBadArguments_data();
    void refusesBadArguments();
    void saysWhyThereIsNoConnection_data();
    void saysWhyThereIsNoConnection();
    void aPasswordThatIsAWordHidesNothingElse();
    void doesNotRepeatOptionsThatCannotBeRead_data();
    void doesNotRepeatOptionsThatCannotBeRead();
    void saysThatNoServerIsThere();
    void saysThatThereAreTooManyConnections();
    void worksWithTheLastConnection();
    void aRoleWithoutRightsLocksWithoutTokens();
    void aRoleWhoLosesTheRightGoesOnWithoutTokens();
    void aServerWithoutRoomForLocksIsAnError();

private:
    std::unique_ptr<PostgresServer> m_server;
};

namespace {

const auto Secret = QStringLiteral("geheim!1");

int sessionThreads()
{
    int count = 0;
    for (const QString &thread : QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile name(QStringLiteral("/proc/self/task/%1/comm").arg(thread));
        count += name.open(QIODevice::ReadOnly) && name.readAll() == "holdfast-sql\n" ? 1 : 0;
    }
    return count;
}

// Registered before the first session, so it runs when the library has ended its own: also the threads of those that the end of
// the server has just ended, which would stand on what is taken away next.
void sessionThreadsAreGone()
{
    const QDeadlineTimer patience(200ms); // for the last steps of a thread, which are the system's
    while (sessionThreads() > 0 && !patience.hasExpired())
        QThread::msleep(1);
    if (sessionThreads() > 0) {
        std::fputs("FAIL! : a session's thread is still there when the process ends\n", stderr);
        std::_Exit(1);
    }
}

} // namespace

void tst_PostgresRefusals::initTestCase()
{
    QCOMPARE(std::atexit(sessionThreadsAreGone), 0);
    START_SERVER_OR_SKIP(m_server, QStringList{QStringLiteral("max_connections=10"),
                                               QStringLiteral("superuser_reserved_connections=2"),
                                               QStringLiteral("max_locks_per_transaction=10")});
    m_server->ask(QStringLiteral("CREATE ROLE guest LOGIN"));
    m_server->ask(QStringLiteral("CREATE ROLE barred NOLOGIN"));
    m_server->ask(QStringLiteral("CREATE ROLE strict LOGIN PASSWORD 'right'"));
    // Before the line that trusts everybody.
    m_server->ask(
        QStringLiteral("COPY (SELECT E'local all strict scram-sha-256\\nlocal all all trust') TO '%1/data/pg_hba.conf'"
                       " WITH (FORMAT csv, QUOTE '~', DELIMITER '|')")
            .arg(m_server->directory()));
    m_server->ask(QStringLiteral("COPY (SELECT unnest(ARRAY['local all strict scram-sha-256', 'local all all trust']))"
                                 " TO '%1/data/pg_hba.conf'")
                      .arg(m_server->directory()));
    m_server->ask(QStringLiteral("SELECT pg_reload_conf()"));
}

void tst_PostgresRefusals::refusesOtherDrivers_data()
{
    QTest::addColumn<QString>("driver");
    QTest::addColumn<QString>("advice");
    QTest::newRow("SQLite") << QStringLiteral("QSQLITE") << QStringLiteral("its path");
    QTest::newRow("none") << QString() << QStringLiteral("QPSQL");
    QTest::newRow("unknown") << QStringLiteral("QMYSQL") << QStringLiteral("QMYSQL");
}

void tst_PostgresRefusals::refusesOtherDrivers()
{
    QFETCH(QString, driver);
    QFETCH(QString, advice);
    const QString name = QStringLiteral("another driver");
    {
        ReadWriteLock lock(driver.isEmpty() ? QSqlDatabase() : QSqlDatabase::addDatabase(driver, name), Name);
        QVERIFY(!lock.tryAcquireWrite());
        QCOMPARE(lock.error(), LockError::Unsupported);
        QVERIFY2(lock.errorString().contains(advice), qPrintable(lock.errorString()));
        QVERIFY(!lock.holder().isValid());
    }
    QSqlDatabase::removeDatabase(name);
}

void tst_PostgresRefusals::refusesBadArguments_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("lossBound");
    QTest::newRow("no name") << QString() << 5000;
    QTest::newRow("a name that is too long") << QString(201, u'x') << 5000;
    QTest::newRow("a name that is too long in UTF-8") << QString(101, u'ä') << 5000;
    QTest::newRow("a loss bound that is too short") << Name << 99;
}

void tst_PostgresRefusals::refusesBadArguments()
{
    QFETCH(QString, name);
    QFETCH(int, lossBound);
    ReadWriteLock lock(m_server->describe(), name, {.lossBound = milliseconds(lossBound)});
    QVERIFY(!lock.tryAcquireWrite());
    QCOMPARE(lock.error(), LockError::InvalidArgument);
}

void tst_PostgresRefusals::saysWhyThereIsNoConnection_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("database");
    QTest::addColumn<LockError>("error");
    const QString postgres = QStringLiteral("postgres");
    QTest::newRow("a wrong password") << QStringLiteral("strict") << postgres << LockError::PermissionDenied;
    QTest::newRow("an unknown role") << QStringLiteral("nobody") << postgres << LockError::PermissionDenied;
    QTest::newRow("a role that may not log in") << QStringLiteral("barred") << postgres << LockError::PermissionDenied;
    QTest::newRow("an unknown database") << postgres << QStringLiteral("nowhere") << LockError::NotFound;
    QTest::newRow("a URI where a name belongs")
        << postgres << QStringLiteral("postgresql://a:geheim!1@b/c") << LockError::NotFound;
    QTest::newRow("a password in the name") << postgres << QStringLiteral("password=geheim!1") << LockError::NotFound;
}

void tst_PostgresRefusals::saysWhyThereIsNoConnection()
{
    QFETCH(QString, user);
    QFETCH(QString, database);
    QFETCH(LockError, error);
    const bool inSettings = !database.contains(Secret);
    ReadWriteLock lock(m_server->describe(user, inSettings ? Secret : QString(), database), Name);
    QVERIFY(!lock.tryAcquireWrite());
    QVERIFY2(lock.error() == error, qPrintable(lock.errorString()));
    QVERIFY2(!lock.errorString().contains(Secret), qPrintable(lock.errorString()));
    QSignalSpy failed(&lock, &ReadWriteLock::errorOccurred);
    lock.acquireWrite({});
    QVERIFY(failed.wait(Patience));
    QCOMPARE(failed.size(), 1);
    QVERIFY(!lock.holder().isValid());
}

void tst_PostgresRefusals::aPasswordThatIsAWordHidesNothingElse()
{
    for (const char *word : {"authentication", "postgres", "a"}) {
        ReadWriteLock lock(m_server->describe(QStringLiteral("strict"), QString::fromLatin1(word)), Name);
        QVERIFY(!lock.tryAcquireWrite());
        QVERIFY2(lock.error() == LockError::PermissionDenied, qPrintable(lock.errorString()));
        const QString address = QStringLiteral("postgresql://strict@%1:").arg(m_server->directory());
        QVERIFY2(lock.errorString().contains(address), qPrintable(lock.errorString()));
    }
}

void tst_PostgresRefusals::doesNotRepeatOptionsThatCannotBeRead_data()
{
    QTest::addColumn<QString>("options");
    QTest::newRow("a blank") << QStringLiteral("password=my s3cretpw");
    QTest::newRow("a semicolon") << QStringLiteral("password='s3;cret x' s3cretpw");
    QTest::newRow("an open quote") << QStringLiteral("password='unterminated s3cretpw");
    QTest::newRow("an unknown name") << QStringLiteral("s3cretpw=1");
}

void tst_PostgresRefusals::doesNotRepeatOptionsThatCannotBeRead()
{
    QFETCH(QString, options);
    QSqlDatabase database = m_server->describe();
    database.setConnectOptions(options);
    ReadWriteLock lock(database, Name);
    QVERIFY(!lock.tryAcquireWrite());
    QVERIFY2(lock.error() == LockError::ConnectionFailed, qPrintable(lock.errorString()));
    QVERIFY2(lock.errorString().contains(QStringLiteral("connectOptions")), qPrintable(lock.errorString()));
    QVERIFY2(!lock.errorString().contains(QStringLiteral("cret")), qPrintable(lock.errorString()));
}

void tst_PostgresRefusals::saysThatNoServerIsThere()
{
    QSqlDatabase nowhere = m_server->describe();
    nowhere.setPort(1);
    nowhere.setConnectOptions(QStringLiteral("password='%1'").arg(Secret));
    ReadWriteLock lock(nowhere, Name);
    QVERIFY(!lock.tryAcquireWrite());
    QCOMPARE(lock.error(), LockError::ConnectionFailed);
    QVERIFY2(lock.errorString().contains(QStringLiteral("No such file")), qPrintable(lock.errorString()));
    QVERIFY(!lock.errorString().contains(Secret));
}

void tst_PostgresRefusals::saysThatThereAreTooManyConnections()
{
    std::vector<QSqlDatabase> others;
    for (int i = 0; i < 8; ++i) {
        others.push_back(m_server->describe(QStringLiteral("guest")));
        others.back().open();
    }
    ReadWriteLock lock(m_server->describe(QStringLiteral("guest")), QStringLiteral("too many"), {.lossBound = 4s});
    QVERIFY(!lock.tryAcquireWrite());
    QVERIFY2(lock.error() == LockError::OutOfResources, qPrintable(lock.errorString()));
    for (QSqlDatabase &other : others)
        other.close();
    QVERIFY(lock.tryAcquireWriteFor(30s) || lock.error() == LockError::OutOfResources);
    QTRY_VERIFY_WITH_TIMEOUT(lock.isHeld() || lock.tryAcquireWrite(), Patience); // the server takes a moment
}

void tst_PostgresRefusals::worksWithTheLastConnection()
{
    m_server->ask(QStringLiteral("CREATE ROLE single LOGIN CONNECTION LIMIT 1"));
    ReadWriteLock lock(m_server->describe(QStringLiteral("single")), Name);
    QVERIFY2(lock.tryAcquireRead(), qPrintable(lock.errorString())); // there is none for looking whether it is ours
}

void tst_PostgresRefusals::aRoleWithoutRightsLocksWithoutTokens()
{
    m_server->ask(QStringLiteral("DROP SEQUENCE IF EXISTS public.holdfast_fencing"));
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("no fencing tokens.*CREATE SEQUENCE.*GRANT USAGE")));
    ReadWriteLock lock(m_server->describe(QStringLiteral("guest")), Name, {.lossBound = 4001ms});
    for (int i = 0; i < 3; ++i) { // and one warning
        QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
        QCOMPARE(lock.fencingToken(), qint64(0));
        QVERIFY(lock.release());
    }
    // Once there is one, all may use it.
    ReadWriteLock first(m_server->describe(), Name);
    QVERIFY(first.tryAcquireWrite());
    const qint64 token = first.fencingToken();
    QVERIFY(token > 0);
    QVERIFY(first.release());
    ReadWriteLock second(m_server->describe(QStringLiteral("guest")), Name, {.lossBound = 4002ms});
    QVERIFY(second.tryAcquireWrite());
    QVERIFY(second.fencingToken() > token);
}

void tst_PostgresRefusals::aRoleWhoLosesTheRightGoesOnWithoutTokens()
{
    ReadWriteLock lock(m_server->describe(QStringLiteral("guest")), Name, {.lossBound = 4003ms});
    QVERIFY(lock.tryAcquireWrite());
    QVERIFY(lock.fencingToken() > 0);
    QVERIFY(lock.release());
    m_server->ask(QStringLiteral("REVOKE USAGE ON SEQUENCE public.holdfast_fencing FROM PUBLIC"));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no fencing tokens")));
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QCOMPARE(lock.fencingToken(), qint64(0));
    QVERIFY(lock.release());
    const QString take = QStringLiteral("SELECT pg_try_advisory_xact_lock(%1)").arg(lock.key());
    QCOMPARE(m_server->ask(take), QStringLiteral("true")); // nothing is left of the attempt that failed
    m_server->ask(QStringLiteral("GRANT USAGE ON SEQUENCE public.holdfast_fencing TO PUBLIC"));
}

void tst_PostgresRefusals::aServerWithoutRoomForLocksIsAnError()
{
    std::vector<std::unique_ptr<ReadWriteLock>> locks;
    bool failed = false;
    for (int i = 0; i < 20000 && !failed; ++i) {
        auto &lock =
            locks.emplace_back(std::make_unique<ReadWriteLock>(m_server->describe(), QStringLiteral("room %1").arg(i)));
        failed = !lock->tryAcquireRead();
    }
    QVERIFY(failed);
    QVERIFY2(locks.back()->error() == LockError::OutOfResources, qPrintable(locks.back()->errorString()));
    QVERIFY(locks.front()->isHeld());
    QVERIFY(locks.front()->release());
    QVERIFY2(locks.back()->tryAcquireRead(), qPrintable(locks.back()->errorString()));
}

QTEST_GUILESS_MAIN(tst_PostgresRefusals)
#include "tst_postgresrefusals.moc"
