// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Sessions that end: who held is told, who waited goes on or hears why not.

#include "postgrestest.h"

#include <QtSql/qsqlquery.h>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

class tst_PostgresLosses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void aHolderIsToldThatHisSessionHasEnded();
    void everyHolderOfTheSessionIsTold();
    void verifyingTellsAtOnce();
    void aReleaseAfterTheEndIsNoRelease();
    void aWaiterWhoseSessionEndsGoesOn();
    void aWaiterWhoFindsTheEndHimselfGoesOn();
    void aWaiterComesAgainForAGateOfWhichNobodyTells();
    void aWaiterInAnotherProcessGoesOn();
    void aHolderIsToldThatTheServerWasKilled();
    void aWaiterHearsThatTheServerWasKilled();
    void aRestartLosesWhatIsHeld();
    void whatIsLostIsFreeForOthers();
    void aChildKeepsNoSessionOfItsDeadParent();

private:
    void endSessions() const;
    std::unique_ptr<PostgresServer> m_server;
};

void tst_PostgresLosses::initTestCase()
{
    START_SERVER_OR_SKIP(m_server);
}

/** Ends the sessions of this process, as an administrator may. */
void tst_PostgresLosses::endSessions() const
{
    const QString mine = QStringLiteral("%(holdfast %1@%").arg(QCoreApplication::applicationPid());
    QVERIFY(m_server
                ->ask(QStringLiteral("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                     " WHERE application_name LIKE '%1'")
                          .arg(mine))
                .toInt()
            >= 1);
}

void tst_PostgresLosses::aHolderIsToldThatHisSessionHasEnded()
{
    ReadWriteLock lock(m_server->describe(), Name);
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    QVERIFY(lock.tryAcquireWrite());
    QElapsedTimer timer;
    timer.start();
    endSessions();
    QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, Patience);
    QVERIFY2(milliseconds(timer.elapsed()) < lock.lossBound(), qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(lost.at(0).at(0).value<LossReason>(), LossReason::ConnectionLost);
    QCOMPARE(lock.lossReason(), LossReason::ConnectionLost);
    QVERIFY2(lock.errorString().contains(QStringLiteral("session")), qPrintable(lock.errorString()));
    QCOMPARE(lock.state(), LockState::Idle);
    QVERIFY(!lock.release());
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString())); // which connects again
    QTest::qWait(300); // in which the session is looked at three times: the passing of time is what is tested
    QCOMPARE(lost.size(), 1);
    QVERIFY(lock.isHeld());
}

void tst_PostgresLosses::everyHolderOfTheSessionIsTold()
{
    ReadWriteLock a(m_server->describe(), Name);
    ReadWriteLock b(m_server->describe(), Name);
    ReadWriteLock c(m_server->describe(), QStringLiteral("another lock"));
    QSignalSpy aLost(&a, &ReadWriteLock::lost);
    QSignalSpy bLost(&b, &ReadWriteLock::lost);
    QSignalSpy cLost(&c, &ReadWriteLock::lost);
    QVERIFY(a.tryAcquireRead() && b.tryAcquireRead() && c.tryAcquireWrite());
    endSessions();
    QTRY_COMPARE_WITH_TIMEOUT(aLost.size() + bLost.size() + cLost.size(), 3, Patience);
    QVERIFY(a.tryAcquireWrite());
    QVERIFY(!b.tryAcquireRead());
}

void tst_PostgresLosses::verifyingTellsAtOnce()
{
    ReadWriteLock lock(m_server->describe(), Name);
    QVERIFY(lock.tryAcquireWrite());
    QVERIFY(lock.verifyHeld());
    endSessions();
    QTRY_VERIFY_WITH_TIMEOUT(!lock.verifyHeld(), Patience);
}

void tst_PostgresLosses::aReleaseAfterTheEndIsNoRelease()
{
    ReadWriteLock lock(m_server->describe(), Name);
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    QVERIFY(lock.tryAcquireWrite());
    endSessions();
    QVERIFY(!lock.release()); // for who knows how long nobody has been kept out
    QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, Patience);
    QVERIFY(lock.tryAcquireWrite());
}

void tst_PostgresLosses::aWaiterWhoseSessionEndsGoesOn()
{
    const auto other = otherProcess();
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    ReadWriteLock lock(m_server->describe(), Name, {.pollInterval = Never});
    QSignalSpy acquired(&lock, &ReadWriteLock::acquired);
    QSignalSpy failed(&lock, &ReadWriteLock::errorOccurred);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireWrite({});
    QVERIFY(contended.wait(Patience));
    endSessions();
    // It waits again, in another session, which keeps new readers out.
    QTRY_COMPARE_WITH_TIMEOUT(m_server->ask(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                                                           " AND mode = 'ExclusiveLock'")),
                              QStringLiteral("2"), Patience);
    QCOMPARE(acquired.size() + failed.size(), 0);
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_COMPARE_WITH_TIMEOUT(acquired.size(), 1, Patience);
    QCOMPARE(failed.size(), 0);
}

// It is the answer to an attempt that tells of the end, and not the session's own look.
void tst_PostgresLosses::aWaiterWhoFindsTheEndHimselfGoesOn()
{
    QSqlDatabase holder = m_server->describe();
    QVERIFY(holder.open());
    std::vector<std::unique_ptr<ReadWriteLock>> locks;
    int failures = 0;
    for (int i = 0; i < 8; ++i) {
        locks.push_back(std::make_unique<ReadWriteLock>(m_server->describe(), QString::number(i)));
        connect(locks.back().get(), &ReadWriteLock::errorOccurred, this, [&failures] { ++failures; });
        QVERIFY(holder.exec(QStringLiteral("SELECT pg_advisory_lock(%1)").arg(locks.back()->key())).isActive());
        const auto goesOn = [] { return false; }; // asked at each look, so there is one every millisecond
        locks.back()->acquire({.pollInterval = 1ms, .cancelCheck = goesOn, .mode = LockMode::Shared});
    }
    const QString theirBells = QStringLiteral("SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                                              " WHERE locktype = 'advisory' AND mode = 'ShareLock'"
                                              " AND application_name LIKE '%(holdfast %1@%'")
                                   .arg(QCoreApplication::applicationPid());
    for (int i = 0; i < 20; ++i) {
        bool haveSession = false;
        const auto haveFoundOne = [&] { return haveSession = haveSession || m_server->ask(theirBells).toInt() > 0; };
        QTRY_VERIFY_WITH_TIMEOUT(failures > 0 || haveFoundOne(), Patience);
        QCOMPARE(failures, 0);
        endSessions();
    }
    holder.close();
    for (const auto &lock : locks)
        QTRY_VERIFY_WITH_TIMEOUT(failures > 0 || lock->isHeld(), Patience);
    QCOMPARE(failures, 0);
}

// As when the server has not yet noticed the end of the session that had it.
void tst_PostgresLosses::aWaiterComesAgainForAGateOfWhichNobodyTells()
{
    const auto other = otherProcess();
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    ReadWriteLock lock(m_server->describe(), Name, {.pollInterval = Never});
    QSqlDatabase plain = m_server->describe();
    QVERIFY(plain.open());
    plain.exec(QStringLiteral("SELECT pg_advisory_lock(%1 # 7525352680846357605)").arg(lock.key()));
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireWrite({});
    QVERIFY(contended.wait(Patience));
    QTest::qWait(100); // so that it has asked for the gate, and not only once: the passing of time is what is tested
    plain.close();
    QTRY_COMPARE_WITH_TIMEOUT(m_server->ask(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                                                           " AND mode = 'ExclusiveLock'")),
                              QStringLiteral("2"), 5000);
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_VERIFY_WITH_TIMEOUT(lock.isHeld(), Patience);
}

void tst_PostgresLosses::aWaiterInAnotherProcessGoesOn()
{
    ReadWriteLock lock(m_server->describe(), Name);
    const auto other = otherProcess();
    QVERIFY(lock.tryAcquireWrite());
    other->tell(QStringLiteral("blockWrite -1"));
    QTRY_VERIFY_WITH_TIMEOUT(sessionsOn(*m_server) >= 2, Patience);
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    endSessions(); // ours: he gets it
    QCOMPARE(other->hear(), QStringLiteral("acquired"));
    QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, Patience);
}

void tst_PostgresLosses::aHolderIsToldThatTheServerWasKilled()
{
    ReadWriteLock lock(m_server->describe(), Name);
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    QVERIFY(lock.tryAcquireRead());
    QElapsedTimer timer;
    timer.start();
    m_server->kill();
    QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, Patience);
    QVERIFY2(milliseconds(timer.elapsed()) < lock.lossBound(), qPrintable(QString::number(timer.elapsed())));
    QVERIFY(!lock.tryAcquireRead());
    QCOMPARE(lock.error(), LockError::ConnectionFailed);
    m_server->start();
    QVERIFY2(lock.tryAcquireRead(), qPrintable(lock.errorString()));
}

void tst_PostgresLosses::aWaiterHearsThatTheServerWasKilled()
{
    ReadWriteLock holder(m_server->describe(), Name);
    ReadWriteLock lock(m_server->describe(), Name, {.pollInterval = Never});
    QVERIFY(holder.tryAcquireWrite());
    QSignalSpy failed(&lock, &ReadWriteLock::errorOccurred);
    QSignalSpy contended(&lock, &ReadWriteLock::contended);
    lock.acquireWrite({});
    QVERIFY(contended.wait(Patience));
    m_server->kill();
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, Patience);
    QCOMPARE(failed.at(0).at(0).value<LockError>(), LockError::ConnectionFailed);
    QCOMPARE(lock.state(), LockState::Idle);
    m_server->start();
}

void tst_PostgresLosses::aRestartLosesWhatIsHeld()
{
    const auto other = otherProcess();
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    m_server->stop();
    m_server->start();
    QCOMPARE(other->hear(), QStringLiteral("lost %1").arg(static_cast<int>(LossReason::ConnectionLost)));
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
}

void tst_PostgresLosses::whatIsLostIsFreeForOthers()
{
    ReadWriteLock lock(m_server->describe(), Name);
    const auto other = otherProcess();
    QVERIFY(lock.tryAcquireWrite());
    QCOMPARE(other->ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
    endSessions();
    QCOMPARE(other->ask(QStringLiteral("blockRead 30000")), QStringLiteral("acquired"));
    QTRY_VERIFY_WITH_TIMEOUT(!lock.isHeld(), Patience);
}

//   P.1 asks who holds the lock: a session, with nothing locked through it
//   P.2 forks Q, who lives
//   P.3 locks, and is killed
//
// The server sees the end of the session only when Q has no copy of its socket.
void tst_PostgresLosses::aChildKeepsNoSessionOfItsDeadParent()
{
    int gate[2];
    QCOMPARE(pipe(gate), 0);
    const pid_t p = fork();
    if (p == 0) {
        ReadWriteLock lock(m_server->describe(), Name, {.lossBound = 1h});
        const bool isFree = !lock.holder().isValid(); // P.1
        if (fork() == 0) {                            // P.2
            char byte = 0;
            close(gate[1]);
            const ssize_t size = read(gate[0], &byte, 1); // until the test closes it
            _exit(size == 0 ? 0 : 1);
        }
        if (!isFree || !lock.tryAcquireWrite())
            _exit(1);
        raise(SIGKILL); // P.3
    }
    int status = 0;
    QCOMPARE(waitpid(p, &status, 0), p);
    QVERIFY(WIFSIGNALED(status));
    ReadWriteLock next(m_server->describe(), Name);
    const bool acquired = next.tryAcquireWriteFor(20s);
    close(gate[0]);
    close(gate[1]);
    QVERIFY(acquired);
}

QTEST_GUILESS_MAIN(tst_PostgresLosses)
#include "tst_postgreslosses.moc"
