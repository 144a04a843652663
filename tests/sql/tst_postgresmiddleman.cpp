// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Somebody between us and the server: keeps back what is said, as a network does that has gone, or says something of his own.

#include "middleman.h"
#include "postgrestest.h"

#include <QtCore/qregularexpression.h>

#include <thread>

class tst_PostgresMiddleman : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void init() { m_middleman = std::make_unique<Middleman>(*m_server); }
    void cleanup() { m_middleman.reset(); }
    void opensOneConnectionToAServer();
    void whatIsKeptBackTooLongIsALoss();
    void whatIsKeptBackForAWhileIsNone();
    void aReleaseOfWhatWasGivenBackAlreadyIsNone_data();
    void aReleaseOfWhatWasGivenBackAlreadyIsNone();
    void verifyingAsksWhetherItIsStillHeld();
    void verifyingWaitsForASlowAnswer();
    void verifyingWithoutAnAnswerIsALoss();

private:
    std::unique_ptr<PostgresServer> m_server;
    std::unique_ptr<Middleman> m_middleman;
};

namespace {

const QByteArray GiveAllBack = "SELECT pg_advisory_unlock_all()";

// And not its bell, whose turn comes later, and would hide that nobody has missed the lock.
const QRegularExpression TheLockWasGone(QStringLiteral("has ended: a lock was gone from it"));

} // namespace

void tst_PostgresMiddleman::initTestCase()
{
    START_SERVER_OR_SKIP(m_server);
}

// It has said which session it is. Who passes on all that is said, as we do here, is no pooler.
void tst_PostgresMiddleman::opensOneConnectionToAServer()
{
    ReadWriteLock lock(m_middleman->describe(), Name);
    QVERIFY2(lock.tryAcquireWriteFor(30s), qPrintable(lock.errorString()));
    QVERIFY(lock.release());
    QCOMPARE(m_middleman->connections(), 1);
}

void tst_PostgresMiddleman::whatIsKeptBackTooLongIsALoss()
{
    ReadWriteLock lock(m_middleman->describe(), Name, {.lossBound = 1s});
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    QElapsedTimer timer;
    timer.start();
    m_middleman->holdBack();
    QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, Patience);
    QVERIFY2(timer.elapsed() > 500 && timer.elapsed() < 2500, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(lock.lossReason(), LossReason::ConnectionLost);
    QCOMPARE(otherProcess()->ask(QStringLiteral("tryRead")), QStringLiteral("busy")); // nor is it free
    m_middleman->passOn();
    QCOMPARE(otherProcess()->ask(QStringLiteral("blockRead 30000")), QStringLiteral("acquired"));
    QTRY_VERIFY_WITH_TIMEOUT(lock.tryAcquireRead(), Patience);
    QCOMPARE(lost.size(), 1);
}

void tst_PostgresMiddleman::whatIsKeptBackForAWhileIsNone()
{
    ReadWriteLock lock(m_middleman->describe(), Name, {.lossBound = 4s});
    QSignalSpy lost(&lock, &ReadWriteLock::lost);
    QVERIFY2(lock.tryAcquireWrite(), qPrintable(lock.errorString()));
    m_middleman->holdBack();
    QTest::qWait(2000); // well below the bound: the passing of time is what is tested
    QVERIFY(lock.isHeld());
    QCOMPARE(otherProcess()->ask(QStringLiteral("tryRead")), QStringLiteral("busy"));
    m_middleman->passOn();
    QTest::qWait(4500); // so that it would show if nobody had noticed the end of the silence
    QCOMPARE(lost.size(), 0);
    QVERIFY(lock.verifyHeld());
    QVERIFY(lock.release());
}

void tst_PostgresMiddleman::aReleaseOfWhatWasGivenBackAlreadyIsNone_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("reading") << LockMode::Shared;
    QTest::newRow("writing") << LockMode::Exclusive;
}

// The server says so, and so do we: nobody knows since when others have been let in. Given back at once, before anything else looks
// whether it is still held. If the server takes longer than a release waits for it, there is only the warning, and the end of the
// session for all who hold through it: then once more.
void tst_PostgresMiddleman::aReleaseOfWhatWasGivenBackAlreadyIsNone()
{
    QFETCH(LockMode, mode);
    ReadWriteLock lock(m_middleman->describe(), Name, {.mode = mode});
    ReadWriteLock another(m_middleman->describe(), QStringLiteral("another lock"));
    bool isReleased = true;
    constexpr int chances = 5;
    for (int i = 0; i < chances && isReleased; ++i) {
        // Once the end of the middleman before, or of the last session, has been noticed.
        QTRY_VERIFY_WITH_TIMEOUT(another.isHeld() || another.tryAcquireReadFor(1s), Patience);
        QVERIFY2(lock.tryAcquireFor(30s), qPrintable(lock.errorString()));
        QTest::ignoreMessage(QtWarningMsg, TheLockWasGone);
        QVERIFY(m_middleman->say(GiveAllBack));
        QVERIFY(lock.isHeld()); // as far as anybody here knows
        isReleased = lock.release();
        QTRY_VERIFY_WITH_TIMEOUT(!another.isHeld(), Patience);
    }
    QVERIFY(!isReleased);
    QTRY_VERIFY_WITH_TIMEOUT(!lock.isHeld(), Patience);
    QCOMPARE(another.lossReason(), LossReason::ConnectionLost);
    QCOMPARE(lock.lossReason(), LossReason::ConnectionLost);
    QVERIFY2(lock.errorString().contains(QStringLiteral("gone")), qPrintable(lock.errorString()));
    const auto other = otherProcess();
    QCOMPARE(other->ask(QStringLiteral("tryWrite")), QStringLiteral("acquired"));
    QCOMPARE(other->ask(QStringLiteral("release")), QStringLiteral("released"));
    QTRY_VERIFY2_WITH_TIMEOUT(lock.tryAcquireFor(1s), qPrintable(lock.errorString()), Patience); // in another session
}

void tst_PostgresMiddleman::verifyingAsksWhetherItIsStillHeld()
{
    ReadWriteLock lock(m_middleman->describe(), Name);
    for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
        QTRY_VERIFY_WITH_TIMEOUT(lock.tryAcquireFor(1s, {.mode = mode}), Patience);
        QVERIFY(lock.verifyHeld());
        QTest::ignoreMessage(QtWarningMsg, TheLockWasGone);
        QVERIFY(m_middleman->say(GiveAllBack));
        QVERIFY(!lock.verifyHeld());
        QVERIFY(!lock.isHeld());
        QCOMPARE(lock.lossReason(), LossReason::ConnectionLost);
        QVERIFY2(lock.errorString().contains(QStringLiteral("gone")), qPrintable(lock.errorString()));
    }
}

// Of a server that is far away.
void tst_PostgresMiddleman::verifyingWaitsForASlowAnswer()
{
    ReadWriteLock lock(m_middleman->describe(), Name);
    QTRY_VERIFY_WITH_TIMEOUT(lock.tryAcquireWriteFor(1s), Patience);
    QTest::ignoreMessage(QtWarningMsg, TheLockWasGone);
    QVERIFY(m_middleman->say(GiveAllBack));
    m_middleman->holdBack();
    std::thread distance([this] {
        std::this_thread::sleep_for(200ms); // the delay is what is tested
        m_middleman->passOn();
    });
    const bool isHeld = lock.verifyHeld();
    distance.join();
    QVERIFY(!isHeld);
    QCOMPARE(lock.lossReason(), LossReason::ConnectionLost);
}

void tst_PostgresMiddleman::verifyingWithoutAnAnswerIsALoss()
{
    ReadWriteLock lock(m_middleman->describe(), Name, {.lossBound = 1s});
    QTRY_VERIFY_WITH_TIMEOUT(lock.tryAcquireWriteFor(1s), Patience);
    m_middleman->holdBack();
    const bool isHeld = lock.verifyHeld();
    m_middleman->passOn();
    QVERIFY(!isHeld);
    QCOMPARE(lock.lossReason(), LossReason::ConnectionLost);
}

QTEST_GUILESS_MAIN(tst_PostgresMiddleman)
#include "tst_postgresmiddleman.moc"
