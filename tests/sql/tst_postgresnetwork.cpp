// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A server at the other end of a real TCP connection, in a network of the test's own that can be taken down.

#include "postgrestest.h"

#include <QtCore/qdir.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

class tst_PostgresNetwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void cleanup();
    void theSystemIsToldHowPatientWeAre();
    void theServerIsToldHowPatientWeAre();
    void aNetworkThatIsGoneIsALoss();
    void aShortOutageIsNone();
    void anAttemptEndsWithTheLossBound();

private:
    QSqlDatabase describe() const;
    std::unique_ptr<PostgresServer> m_server;
};

namespace {

// Everything between two processes of this program's network goes through it.
bool setLoopback(bool isUp)
{
    const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    bool done = ioctl(any, SIOCGIFFLAGS, &request) == 0;
    const int flags = isUp ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP;
    request.ifr_flags = static_cast<short>(flags);
    done = done && ioctl(any, SIOCSIFFLAGS, &request) == 0;
    close(any);
    return done;
}

/** This process's socket to @p port; -1: there is none. */
int socketTo(int port)
{
    for (const QString &name : QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::System | QDir::Files)) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        const bool isSocket = getpeername(name.toInt(), reinterpret_cast<sockaddr *>(&peer), &size) == 0;
        if (isSocket && peer.sin_family == AF_INET && ntohs(peer.sin_port) == port)
            return name.toInt();
    }
    return -1;
}

int option(int socket, int level, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(socket, level, name, &value, &size) == 0 ? value : -1;
}

bool s_isAlone = false; // in a network of its own

} // namespace

void tst_PostgresNetwork::initTestCase()
{
    if (!s_isAlone)
        QSKIP("this user, or this place, cannot have a network of its own");
    START_SERVER_OR_SKIP(m_server, QStringList{QStringLiteral("listen_addresses=127.0.0.1")});
}

void tst_PostgresNetwork::cleanup()
{
    QVERIFY(setLoopback(true));
}

QSqlDatabase tst_PostgresNetwork::describe() const
{
    QSqlDatabase made = m_server->describe();
    made.setHostName(QStringLiteral("127.0.0.1"));
    return made;
}

void tst_PostgresNetwork::theSystemIsToldHowPatientWeAre()
{
    ReadWriteLock lock(describe(), Name, {.lossBound = 7s});
    QVERIFY2(lock.tryAcquireRead(), qPrintable(lock.errorString()));
    const int socket = socketTo(m_server->port());
    QVERIFY(socket >= 0);
    QCOMPARE(option(socket, SOL_SOCKET, SO_KEEPALIVE), 1);
    QCOMPARE(option(socket, IPPROTO_TCP, TCP_KEEPIDLE), 7);
    QCOMPARE(option(socket, IPPROTO_TCP, TCP_KEEPINTVL), 2);
    QCOMPARE(option(socket, IPPROTO_TCP, TCP_KEEPCNT), 3);
    QCOMPARE(option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 7000);
}

// For what only a session itself can see of its settings, it shows them in the name that others see.
void tst_PostgresNetwork::theServerIsToldHowPatientWeAre()
{
    const QString settings = QStringLiteral(
        "SELECT concat_ws(' ', current_setting('tcp_keepalives_idle'), current_setting('tcp_keepalives_interval'),"
        " current_setting('tcp_keepalives_count'), current_setting('tcp_user_timeout'))");
    m_server->ask(QStringLiteral("CREATE FUNCTION public.tell() RETURNS event_trigger LANGUAGE plpgsql AS $$"
                                 " BEGIN PERFORM set_config('application_name', (%1), false); END $$")
                      .arg(settings));
    m_server->ask(QStringLiteral("CREATE ROLE telling SUPERUSER LOGIN"));
    m_server->ask(QStringLiteral("DROP SEQUENCE IF EXISTS public.holdfast_fencing")); // which the session will make
    m_server->ask(QStringLiteral("CREATE EVENT TRIGGER tell ON ddl_command_end EXECUTE FUNCTION public.tell()"));
    QSqlDatabase connection = describe();
    connection.setUserName(QStringLiteral("telling"));
    ReadWriteLock lock(connection, Name, {.lossBound = 8s});
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QCOMPARE(m_server->ask(QStringLiteral("SELECT application_name FROM pg_stat_activity WHERE usename = 'telling'")),
             QStringLiteral("8 2 4 16000"));
    m_server->ask(QStringLiteral("DROP EVENT TRIGGER tell"));
}

void tst_PostgresNetwork::aNetworkThatIsGoneIsALoss()
{
    ReadWriteLock lock(describe(), Name, {.lossBound = 1s});
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    const QString take = QStringLiteral("SELECT pg_try_advisory_xact_lock(%1)").arg(lock.key());
    QElapsedTimer timer;
    timer.start();
    QVERIFY(setLoopback(false));
    QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, Patience);
    const qint64 lostAfter = timer.elapsed();
    QVERIFY2(lostAfter > 500 && lostAfter < 2500,
             qPrintable(QString::number(lostAfter))); // the bound, and a busy machine
    QCOMPARE(lock.lossReason(), LossReason::ConnectionLost);
    QVERIFY(!lock.tryAcquireWrite());
    QCOMPARE(lock.error(), LockError::ConnectionFailed);
    // The server finds out as well, which hears nothing more than we do, and later.
    QTRY_COMPARE_WITH_TIMEOUT(m_server->ask(take), QStringLiteral("true"), Patience);
    QVERIFY2(timer.elapsed() > 1000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(setLoopback(true));
    QTRY_VERIFY_WITH_TIMEOUT(lock.tryAcquireWrite(), Patience);
    QCOMPARE(lost.size(), 1);
}

void tst_PostgresNetwork::aShortOutageIsNone()
{
    ReadWriteLock lock(describe(), Name, {.lossBound = 6s});
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    const QString take = QStringLiteral("SELECT pg_try_advisory_xact_lock(%1)").arg(lock.key());
    QVERIFY(setLoopback(false));
    QTest::qWait(
        1500); // far below the bound, and longer than the sign of life that is due: the passing of time is what is tested
    QVERIFY(lock.isHeld());
    QCOMPARE(m_server->ask(take), QStringLiteral("false"));
    QVERIFY(setLoopback(true));
    QTest::qWait(7000); // so that it would show if nobody had noticed the end of the outage
    QCOMPARE(lost.size(), 0);
    QVERIFY(lock.verifyHeld());
    QCOMPARE(m_server->ask(take), QStringLiteral("false"));
    QVERIFY(lock.release());
    QTRY_COMPARE_WITH_TIMEOUT(m_server->ask(take), QStringLiteral("true"), Patience);
}

void tst_PostgresNetwork::anAttemptEndsWithTheLossBound()
{
    ReadWriteLock lock(describe(), Name, {.lossBound = 500ms});
    QVERIFY2(lock.tryAcquireRead() && lock.release(), qPrintable(lock.errorString()));
    QVERIFY(setLoopback(false));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!lock.tryAcquireRead());
    QCOMPARE(lock.error(), LockError::ConnectionFailed);
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

int main(int argc, char *argv[])
{
    s_isAlone = unshare(CLONE_NEWNET) == 0 && setLoopback(true); // before there is a thread that would stay outside
    QCoreApplication app(argc, argv);
    tst_PostgresNetwork test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_postgresnetwork.moc"
