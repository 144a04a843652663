// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What only a lock on a server has: keys, foreign holders, tokens, sessions.

#include "postgrestest.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qfile.h>
#include <QtCore/qsysinfo.h>
#include <QtSql/qsqlquery.h>

#include <vector>

class tst_Postgres : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void theKeyIsTheHashOfTheName();
    void aNumberIsAKeyLikeAName();
    void everyNumberIsAKey_data();
    void everyNumberIsAKey();
    void excludesThoseWhoUsePlainSql();
    void isWokenByAReleaseThatNobodyAnnounces();
    void aReaderIsWokenWhenAForeignWriterLeaves();
    void theTokenGrowsWithEveryWriter();
    void readersHaveNoToken();
    void saysWhoHoldsIt();
    void saysWhichForeignerHoldsIt();
    void aPairIsTwoStatements();
    void fiveHundredWaitersShareOneSession();
    void theSessionEndsAfterTheLastLock();
    void differentDatabasesAreDifferentLocks();
    void sharesOneObjectPerName();

private:
    std::unique_ptr<PostgresServer> m_server;
};

void tst_Postgres::initTestCase()
{
    START_SERVER_OR_SKIP(m_server);
}

void tst_Postgres::theKeyIsTheHashOfTheName()
{
    // printf plan | sha256sum | cut -c1-16, as a signed number
    QCOMPARE(ReadWriteLock::keyOf(QStringLiteral("plan")),
             QCryptographicHash::hash("plan", QCryptographicHash::Sha256).toHex().left(16).toULongLong(nullptr, 16));
    QCOMPARE(m_server->ask(QStringLiteral(
                 "SELECT ('x' || encode(substr(sha256(convert_to('Plän', 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint")),
             QString::number(ReadWriteLock::keyOf(QStringLiteral("Plän"))));
    const ReadWriteLock lock(m_server->describe(), Name);
    QCOMPARE(lock.key(), ReadWriteLock::keyOf(Name));
    QCOMPARE(lock.name(), Name);
    QCOMPARE(lock.path(), QString());
}

void tst_Postgres::aNumberIsAKeyLikeAName()
{
    ReadWriteLock byName(m_server->describe(), Name);
    ReadWriteLock byNumber(m_server->describe(), ReadWriteLock::keyOf(Name));
    QVERIFY(byName.tryAcquireWrite());
    QVERIFY(!byNumber.tryAcquireRead());
    QCOMPARE(byNumber.error(), LockError::None);
    QVERIFY(byName.release());
    QVERIFY(byNumber.tryAcquireRead());
}

void tst_Postgres::everyNumberIsAKey_data()
{
    QTest::addColumn<qint64>("key");
    QTest::newRow("0") << qint64(0);
    QTest::newRow("-1") << qint64(-1);
    QTest::newRow("the smallest") << std::numeric_limits<qint64>::min();
    QTest::newRow("the greatest") << std::numeric_limits<qint64>::max();
}

void tst_Postgres::everyNumberIsAKey()
{
    QFETCH(qint64, key);
    ReadWriteLock lock(m_server->describe(), key);
    ReadWriteLock other(m_server->describe(), key);
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QVERIFY(!other.tryAcquireRead());
    QCOMPARE(m_server->ask(QStringLiteral("SELECT pg_try_advisory_xact_lock('%1')").arg(key)), QStringLiteral("false"));
    QVERIFY(lock.holder().isValid());
    QVERIFY(lock.release());
    QVERIFY(!lock.holder().isValid());
    QVERIFY(other.tryAcquireRead());
}

void tst_Postgres::excludesThoseWhoUsePlainSql()
{
    ReadWriteLock lock(m_server->describe(), Name);
    const QString key = QString::number(lock.key());
    const QString tryWrite = QStringLiteral("SELECT pg_try_advisory_xact_lock(%1)").arg(key);
    const QString tryRead = QStringLiteral("SELECT pg_try_advisory_xact_lock_shared(%1)").arg(key);
    QVERIFY(lock.tryAcquireRead());
    QCOMPARE(m_server->ask(tryRead), QStringLiteral("true"));
    QCOMPARE(m_server->ask(tryWrite), QStringLiteral("false"));
    QVERIFY(lock.release());
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QCOMPARE(m_server->ask(tryRead), QStringLiteral("false"));
    QVERIFY(lock.release());
    QCOMPARE(m_server->ask(tryWrite), QStringLiteral("true"));
}

void tst_Postgres::isWokenByAReleaseThatNobodyAnnounces()
{
    QSqlDatabase foreigner = m_server->describe();
    QVERIFY(foreigner.open());
    ReadWriteLock lock(m_server->describe(), Name, {.pollInterval = Never});
    QSqlQuery query(foreigner);
    QVERIFY(query.exec(QStringLiteral("SELECT pg_advisory_lock_shared(%1)").arg(lock.key())));
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireWrite({});
    QVERIFY(contended.wait(Patience));
    QCOMPARE(acquired.size(), 0);
    QVERIFY(query.exec(QStringLiteral("SELECT pg_advisory_unlock_shared(%1)").arg(lock.key())));
    QTRY_COMPARE_WITH_TIMEOUT(acquired.size(), 1, Patience);
}

void tst_Postgres::aReaderIsWokenWhenAForeignWriterLeaves()
{
    QSqlDatabase foreigner = m_server->describe();
    QVERIFY(foreigner.open());
    ReadWriteLock lock(m_server->describe(), Name, {.pollInterval = Never});
    QSqlQuery query(foreigner);
    QVERIFY(query.exec(QStringLiteral("SELECT pg_advisory_lock(%1)").arg(lock.key())));
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireRead({});
    QVERIFY(contended.wait(Patience));
    QCOMPARE(acquired.size(), 0);
    foreigner.close();
    QTRY_COMPARE_WITH_TIMEOUT(acquired.size(), 1, Patience);
}

void tst_Postgres::theTokenGrowsWithEveryWriter()
{
    ReadWriteLock a(m_server->describe(), Name);
    ReadWriteLock b(m_server->describe(), QStringLiteral("another lock"));
    qint64 last = 0;
    for (int i = 0; i < 5; ++i) {
        for (ReadWriteLock *lock : {&a, &b}) {
            QVERIFY(lock->tryAcquireWrite());
            const qint64 token = lock->fencingToken();
            QVERIFY2(token > last, qPrintable(QStringLiteral("%1 after %2").arg(token).arg(last)));
            QVERIFY(lock->tryAcquireWrite()); // deeper: the same hold
            QCOMPARE(lock->fencingToken(), token);
            QVERIFY(lock->forceRelease());
            QCOMPARE(lock->fencingToken(), qint64(0));
            last = token;
        }
    }
    m_server->kill(); // as a crash does it
    m_server->start();
    QVERIFY2(a.tryAcquireWrite(), qPrintable(a.errorString()));
    QVERIFY(a.fencingToken() > last);
}

void tst_Postgres::readersHaveNoToken()
{
    ReadWriteLock lock(m_server->describe(), Name);
    QVERIFY(lock.tryAcquireRead());
    QCOMPARE(lock.fencingToken(), qint64(0));
}

void tst_Postgres::saysWhoHoldsIt()
{
    const auto other = otherProcess();
    const ReadWriteLock lock(m_server->describe(), Name);
    QVERIFY(!lock.holder().isValid());
    QCOMPARE(other->ask(QStringLiteral("tryRead")), QStringLiteral("acquired"));
    const Holdfast::LockHolder holder = lock.holder();
    QCOMPARE(holder.processId, other->processId());
    QCOMPARE(holder.application, QStringLiteral("lockprocess"));
    QCOMPARE(holder.hostName, QSysInfo::machineHostName());
    QCOMPARE(holder.userName, QStringLiteral("postgres"));
    QCOMPARE(holder.mode, LockMode::Shared);
    QCOMPARE(holder.liveness, Holdfast::Liveness::Alive);
    QVERIFY(qAbs(holder.since.secsTo(QDateTime::currentDateTime())) < 60);
}

void tst_Postgres::saysWhichForeignerHoldsIt()
{
    QSqlDatabase foreigner = m_server->describe();
    foreigner.setConnectOptions(QStringLiteral("application_name=nightly"));
    QVERIFY(foreigner.open());
    const ReadWriteLock lock(m_server->describe(), Name);
    QVERIFY(QSqlQuery(foreigner).exec(QStringLiteral("SELECT pg_advisory_lock(%1)").arg(lock.key())));
    const Holdfast::LockHolder holder = lock.holder();
    QCOMPARE(holder.application, QStringLiteral("nightly"));
    QCOMPARE(holder.processId, qint64(0)); // the server's process is none of the holder's machine
    QCOMPARE(holder.mode, LockMode::Exclusive);
    foreigner.close();
}

void tst_Postgres::aPairIsTwoStatements()
{
    m_server->ask(QStringLiteral("ALTER ROLE postgres SET log_statement = 'all'"));
    m_server->ask(QStringLiteral("ALTER ROLE postgres SET log_min_messages = 'log'"));
    ReadWriteLock lock(m_server->describe(), Name,
                       {.lossBound = 1h}); // a session of its own, not asked for signs of life
    QVERIFY(lock.tryAcquireWrite() && lock.release());
    QVERIFY(lock.tryAcquireRead() && lock.release()); // the first of each kind is prepared
    m_server->ask(QStringLiteral("ALTER ROLE postgres RESET ALL"));
    const auto statements = [this] {
        QFile log(m_server->directory() + QStringLiteral("/log"));
        return log.open(QIODevice::ReadOnly) ? log.readAll().count("statement: ") : -1;
    };
    const auto before = statements();
    for (int i = 0; i < 50; ++i) {
        QVERIFY(i % 2 == 0 ? lock.tryAcquireWrite() : lock.tryAcquireRead());
        QVERIFY(lock.release());
    }
    QCOMPARE(statements() - before, 100);
}

void tst_Postgres::fiveHundredWaitersShareOneSession()
{
    const auto other = otherProcess();
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    std::vector<std::unique_ptr<ReadWriteLock>> locks;
    int got = 0;
    for (int i = 0; i < 500; ++i) {
        const QString name = i % 2 ? Name : QStringLiteral("lock %1").arg(i);
        auto &lock = locks.emplace_back(std::make_unique<ReadWriteLock>(m_server->describe(), name));
        lock->setPollInterval(Never);
        connect(lock.get(), &ReadWriteLock::acquired, this, [&got] { ++got; });
        lock->acquireRead({});
    }
    QTRY_COMPARE_WITH_TIMEOUT(got, 250, Patience);                 // those under names of their own
    QTRY_COMPARE_WITH_TIMEOUT(sessionsOn(*m_server), 2, Patience); // those of earlier tests end
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_COMPARE_WITH_TIMEOUT(got, 500, Patience);
    QCOMPARE(sessionsOn(*m_server), 2);
}

void tst_Postgres::theSessionEndsAfterTheLastLock()
{
    {
        ReadWriteLock lock(m_server->describe(), Name);
        QVERIFY(lock.tryAcquireRead());
        QVERIFY(sessionsOn(*m_server) >= 1);
    }
    QTRY_COMPARE_WITH_TIMEOUT(sessionsOn(*m_server), 0, Patience);
    ReadWriteLock lock(m_server->describe(), Name);
    QVERIFY(lock.tryAcquireRead());
}

void tst_Postgres::differentDatabasesAreDifferentLocks()
{
    m_server->ask(QStringLiteral("CREATE DATABASE second"));
    ReadWriteLock here(m_server->describe(), Name);
    ReadWriteLock there(m_server->describe(QStringLiteral("postgres"), {}, QStringLiteral("second")), Name);
    QVERIFY(here.tryAcquireWrite());
    QVERIFY2(there.tryAcquireWrite(), qPrintable(there.errorString()));
}

void tst_Postgres::sharesOneObjectPerName()
{
    const auto first = ReadWriteLock::shared(m_server->describe(), Name, {.timeout = 5s});
    QVERIFY(first);
    QCOMPARE(ReadWriteLock::shared(m_server->describe(), Name, {.timeout = 5s}).lock, first.lock);
    QVERIFY(ReadWriteLock::shared(m_server->describe(), QStringLiteral("another"), {.timeout = 5s}).lock != first.lock);
    QVERIFY(ReadWriteLock::shared(m_server->describe(QStringLiteral("guest")), Name, {.timeout = 5s}).lock
            != first.lock);
    const auto different = ReadWriteLock::shared(m_server->describe(), Name, {.timeout = 5s, .lossBound = 1s});
    QVERIFY(!different);
    QVERIFY2(different.errorString.contains(QStringLiteral("lossBound")), qPrintable(different.errorString));
    QVERIFY(first->tryAcquireWrite());
    QVERIFY(!ReadWriteLock(m_server->describe(), Name).tryAcquireRead());
    first->close();
    const auto next = ReadWriteLock::shared(m_server->describe(), Name);
    QVERIFY(next && next.lock != first.lock);
    QVERIFY(next->tryAcquireWrite());
}

QTEST_GUILESS_MAIN(tst_Postgres)
#include "tst_postgres.moc"
