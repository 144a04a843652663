// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// PgBouncer between us and the server: harmless in session mode; in transaction mode it takes a session away after each statement.

#include "postgrestest.h"

#include <QtCore/qfile.h>
#include <QtCore/qthread.h>
#include <QtSql/qsqlquery.h>

#include <atomic>
#include <csignal>
#include <vector>

class tst_PostgresPooler : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void refusesATransactionPooler_data();
    void refusesATransactionPooler();
    void refusesATransactionPoolerThatOthersUse();
    void worksThroughASessionPooler();
    void worksThroughASmallSessionPool();
    void noticesAPoolerThatIsReconfigured();
    void leavesNothingInSessionsThatMove();

private:
    std::unique_ptr<PostgresServer> m_server;
};

namespace {

const auto PoolerProgram = QStringLiteral("/usr/sbin/pgbouncer");
constexpr int PoolerPort = 6432;

/** A PgBouncer before @p server, in the mode of @p settings. */
class Pooler
{
public:
    Pooler(const PostgresServer &server, const QString &settings) : m_server(server)
    {
        write(settings);
        runAsServer(m_process, SIGKILL);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(PoolerProgram, {file()});
        QSqlDatabase probe = describe();
        QTRY_VERIFY2_WITH_TIMEOUT(probe.open() || m_process.state() == QProcess::NotRunning, "no pooler", Patience);
        probe.close();
    }
    ~Pooler()
    {
        m_process.kill();
        m_process.waitForFinished(Patience);
    }
    Pooler(const Pooler &) = delete;
    Pooler &operator=(const Pooler &) = delete;

    QSqlDatabase describe() const
    {
        QSqlDatabase made = m_server.describe();
        made.setPort(PoolerPort);
        return made;
    }

    void reconfigure(const QString &settings)
    {
        write(settings);
        ::kill(static_cast<pid_t>(m_process.processId()), SIGHUP);
    }

private:
    QString file() const { return m_server.directory() + QStringLiteral("/pgbouncer.ini"); }
    void write(const QString &settings)
    {
        QFile ini(file());
        QVERIFY(ini.open(QIODevice::WriteOnly));
        ini.write(
            QStringLiteral("[databases]\n* = host=%1 port=%2 user=postgres\n"
                           "[pgbouncer]\nlisten_addr =\nlisten_port = %3\nunix_socket_dir = %1\nauth_type = any\n%4\n")
                .arg(m_server.directory())
                .arg(m_server.port())
                .arg(PoolerPort)
                .arg(settings)
                .toUtf8());
        QVERIFY(ini.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    }

    const PostgresServer &m_server;
    QProcess m_process;
};

/** Other clients of a pooler, who take sessions and give them back all the time. */
class OtherClients
{
public:
    OtherClients(const Pooler &pooler, int count)
    {
        for (int i = 0; i < count; ++i) {
            m_threads.emplace_back(QThread::create([this, described = pooler.describe(), i] {
                const QString name = QStringLiteral("client %1").arg(i);
                {
                    QSqlDatabase client = QSqlDatabase::cloneDatabase(described, name);
                    while (!m_isOver && (client.isOpen() || client.open()))
                        client.exec(QStringLiteral("SELECT pg_sleep(0.004)"));
                }
                QSqlDatabase::removeDatabase(name);
            }));
            m_threads.back()->start();
        }
    }
    ~OtherClients()
    {
        m_isOver = true;
        for (const auto &thread : m_threads)
            thread->wait();
    }
    OtherClients(const OtherClients &) = delete;
    OtherClients &operator=(const OtherClients &) = delete;

private:
    std::atomic<bool> m_isOver{false};
    std::vector<std::unique_ptr<QThread>> m_threads;
};

} // namespace

void tst_PostgresPooler::initTestCase()
{
    if (!QFile::exists(PoolerProgram))
        QSKIP("there is no PgBouncer (Debian: pgbouncer)");
    START_SERVER_OR_SKIP(m_server);
}

void tst_PostgresPooler::refusesATransactionPooler_data()
{
    QTest::addColumn<QString>("settings");
    QTest::newRow("transaction mode") << QStringLiteral("pool_mode = transaction");
    QTest::newRow("transaction mode, one session") << QStringLiteral("pool_mode = transaction\ndefault_pool_size = 1");
    QTest::newRow("transaction mode, taking turns")
        << QStringLiteral("pool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = 4");
    QTest::newRow("statement mode") << QStringLiteral("pool_mode = statement");
    QTest::newRow("statement mode, one session") << QStringLiteral("pool_mode = statement\ndefault_pool_size = 1");
}

void tst_PostgresPooler::refusesATransactionPooler()
{
    QFETCH(QString, settings);
    const Pooler pooler(*m_server, settings);
    ReadWriteLock lock(pooler.describe(), Name);
    QVERIFY(!lock.tryAcquireWrite());
    QVERIFY2(lock.error() == LockError::Unsupported, qPrintable(lock.errorString()));
    QVERIFY2(lock.errorString().contains(QStringLiteral("pooler")), qPrintable(lock.errorString()));
    ReadWriteLock direct(m_server->describe(), Name);
    QVERIFY(direct.tryAcquireWrite()); // nothing is left behind
}

// It happens to give us the same session twice, and three times, and the second connection another one.
void tst_PostgresPooler::refusesATransactionPoolerThatOthersUse()
{
    const Pooler pooler(*m_server, QStringLiteral("pool_mode = transaction"));
    const OtherClients others(pooler, 3);
    constexpr int atOnce = 6;
    for (int i = 0; i < 20 * atOnce; i += atOnce) {
        std::vector<std::unique_ptr<ReadWriteLock>> locks;
        for (int k = 0; k < atOnce; ++k) { // each with a session of its own, for its own lossBound
            const auto bound = 5000ms + milliseconds(i + k);
            locks.push_back(std::make_unique<ReadWriteLock>(pooler.describe(), QString::number(k),
                                                            Holdfast::ReadWriteLockOptions{.lossBound = bound}));
            locks.back()->acquire();
        }
        for (const auto &lock : locks) {
            QTRY_VERIFY_WITH_TIMEOUT(lock->state() != LockState::Waiting, Patience);
            QVERIFY(!lock->isHeld());
            QVERIFY2(lock->error() == LockError::Unsupported, qPrintable(lock->errorString()));
        }
    }
}

void tst_PostgresPooler::worksThroughASessionPooler()
{
    const Pooler pooler(*m_server, QStringLiteral("pool_mode = session"));
    const auto other = otherProcess(); // without it
    ReadWriteLock lock(pooler.describe(), Name, {.pollInterval = Never});
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QVERIFY(lock.fencingToken() > 0);
    QCOMPARE(other->ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
    QCOMPARE(lock.holder().processId, QCoreApplication::applicationPid());
    QVERIFY(lock.release());
    QVERIFY(QTest::qWaitFor( // a release need not wait for the server
        [&] { return other->ask(QStringLiteral("tryWrite")) == QStringLiteral("acquired"); }));
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireRead({});
    QVERIFY(contended.wait(Patience));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_COMPARE_WITH_TIMEOUT(acquired.size(), 1, Patience);
}

// There is no second session for looking whether the first one is ours.
void tst_PostgresPooler::worksThroughASmallSessionPool()
{
    const Pooler pooler(*m_server, QStringLiteral("pool_mode = session\ndefault_pool_size = 1"));
    ReadWriteLock lock(pooler.describe(), Name);
    QVERIFY2(lock.tryAcquireWriteFor(15s), qPrintable(lock.errorString()));
    QVERIFY(lock.release());
}

// It looked well when the session began; so every answer says in which session it was given.
void tst_PostgresPooler::noticesAPoolerThatIsReconfigured()
{
    Pooler pooler(*m_server, QStringLiteral("pool_mode = session"));
    ReadWriteLock lock(pooler.describe(), Name);
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    pooler.reconfigure(QStringLiteral("pool_mode = transaction\nserver_round_robin = 1"));
    // Those who come now take the sessions in turn; ours is given back after its next statement, and passed on.
    std::vector<QSqlDatabase> others;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            auto &other = others.emplace_back(pooler.describe());
            if (other.open() && other.transaction())
                other.exec(QStringLiteral("SELECT 1"));
            return lost.size() == 1;
        }(),
        Patience);
    QCOMPARE(lock.lossReason(), LossReason::ConnectionLost);
    for (QSqlDatabase &other : others)
        other.close();
}

// Two clients of a pooler who have prepared the same, and then find themselves in each other's session.
void tst_PostgresPooler::leavesNothingInSessionsThatMove()
{
    Pooler pooler(*m_server, QStringLiteral("pool_mode = session"));
    const QByteArray direct = qgetenv("HOLDFAST_POSTGRES");
    QByteArray through = direct;
    through.replace(QByteArray::number(m_server->port()), QByteArray::number(PoolerPort));
    QVERIFY(through != direct);
    qputenv("HOLDFAST_POSTGRES", through);
    const auto other = otherProcess(QStringLiteral("another lock"));
    ReadWriteLock lock(pooler.describe(), Name, {.lossBound = 4001ms});
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    qputenv("HOLDFAST_POSTGRES", direct);
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QVERIFY(lock.release());
    pooler.reconfigure(QStringLiteral("pool_mode = transaction\nserver_round_robin = 1"));
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            other->ask(QStringLiteral("tryWrite"));
            other->ask(QStringLiteral("release"));
            if (lock.tryAcquireWrite())
                lock.release();
            return lock.error() == LockError::Unsupported;
        }(),
        Patience);
    other->end();
    QCOMPARE(m_server->ask(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
                                          " AND mode = 'ExclusiveLock'")),
             QStringLiteral("0"));
}

QTEST_GUILESS_MAIN(tst_PostgresPooler)
#include "tst_postgrespooler.moc"
