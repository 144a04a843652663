// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What main() asks before exec(): a call that blocks, and signals that come in the middle of it.

#include "instances.h"

#include <holdfast/app/singleinstance.h>

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>

using Holdfast::ActivationReply;
using Holdfast::SingleInstance;
using Outcome = Holdfast::ActivationReply::Outcome;
using WhenUnresponsive = Holdfast::SingleInstance::WhenUnresponsive;
using namespace std::chrono_literals;

class tst_Instance_Blocking : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aHandlerMayStopOrDeleteIt_data();
    void aHandlerMayStopOrDeleteIt();
    void whoBecomesPrimaryMayStopOrDeleteIt_data();
    void whoBecomesPrimaryMayStopOrDeleteIt();
    void whoHearsOfAFailureMayStopOrDeleteIt_data();
    void whoHearsOfAFailureMayStopOrDeleteIt();
    void whoHearsThatAFailureIsOverMayDeleteIt();
    void whoWaitsIsToldThatNobodyListens_data();
    void whoWaitsIsToldThatNobodyListens();

private:
    std::unique_ptr<OtherProcess> killThePrimaryAndKeepItsLock();

    std::unique_ptr<Meeting> m_meeting;
    std::unique_ptr<OtherProcess> m_primary;
    std::unique_ptr<SingleInstance> m_second;
};

void tst_Instance_Blocking::init()
{
    m_second.reset();
    m_primary.reset();
    m_meeting = std::make_unique<Meeting>();
    m_primary = m_meeting->primary();
    QVERIFY(m_primary);
    m_second = std::make_unique<SingleInstance>(QStringLiteral("notes"));
    QVERIFY(m_second->setDirectory(m_meeting->directory()));
    QVERIFY(m_second->setTimeout(100ms));
}

// As something would that it has started.
std::unique_ptr<OtherProcess> tst_Instance_Blocking::killThePrimaryAndKeepItsLock()
{
    m_primary->kill();
    const QStringList files = QDir(m_meeting->directory()).entryList({QStringLiteral("*.lock")}, QDir::Files);
    if (files.size() != 1)
        return nullptr;
    return std::make_unique<OtherProcess>(QStringLiteral("flock"),
                                          QStringList{m_meeting->path(files.first()), QStringLiteral("sh"),
                                                      QStringLiteral("-c"), QStringLiteral("echo ready; exec cat")},
                                          QStringLiteral("ready"));
}

void tst_Instance_Blocking::aHandlerMayStopOrDeleteIt_data()
{
    QTest::addColumn<WhenUnresponsive>("policy");
    QTest::addColumn<bool>("deletes");
    QTest::addColumn<bool>("listens");
    for (const bool deletes : {false, true}) {
        for (const bool listens : {false, true}) {
            const auto row = [&](const char *policy) -> QTestData & {
                return QTest::addRow("%s, %s, %s", policy, deletes ? "delete" : "stop",
                                     listens ? "a primary is silent" : "nobody listens");
            };
            row("wait") << WhenUnresponsive::Wait << deletes << listens;
            row("fail") << WhenUnresponsive::Fail << deletes << listens;
            row("run anyway") << WhenUnresponsive::RunAnyway << deletes << listens;
        }
    }
}

void tst_Instance_Blocking::aHandlerMayStopOrDeleteIt()
{
    QFETCH(const WhenUnresponsive, policy);
    QFETCH(const bool, deletes);
    QVERIFY(m_second->setWhenUnresponsive(policy));
    QFETCH(const bool, listens);
    std::unique_ptr<OtherProcess> heir;
    if (listens)
        m_primary->freeze();
    else
        QVERIFY(heir = killThePrimaryAndKeepItsLock());
    int told = 0;
    connect(m_second.get(), &SingleInstance::unresponsive, this, [&] {
        ++told;
        deletes ? m_second.reset() : m_second->stop();
    });
    QElapsedTimer clock;
    clock.start();
    const std::optional<int> exitCode = m_second->startOrForward({}, 40s);
    QVERIFY2(clock.elapsed() < 20'000, "it has waited for a primary that nobody wants any more");
    QCOMPARE(told, 1);
    QCOMPARE(exitCode, std::optional(70));
    QVERIFY(deletes ? !m_second : m_second->status() == SingleInstance::Status::Idle);
}

void tst_Instance_Blocking::whoBecomesPrimaryMayStopOrDeleteIt_data()
{
    QTest::addColumn<bool>("deletes");
    QTest::newRow("stop") << false;
    QTest::newRow("delete") << true;
}

void tst_Instance_Blocking::whoBecomesPrimaryMayStopOrDeleteIt()
{
    QFETCH(const bool, deletes);
    QCOMPARE(m_second->tryStart(), SingleInstance::Status::Secondary);
    m_primary->kill();
    connect(m_second.get(), &SingleInstance::promoted, this, [&] { deletes ? m_second.reset() : m_second->stop(); });
    ActivationReply reply;
    QCOMPARE(m_second->forwardAndWait({}, 20s, &reply), 70);
    QCOMPARE(reply.outcome, Outcome::Cancelled);
    QVERIFY(!reply.text.isEmpty());
}

void tst_Instance_Blocking::whoHearsOfAFailureMayStopOrDeleteIt_data()
{
    QTest::addColumn<bool>("deletes");
    QTest::newRow("stop") << false;
    QTest::newRow("delete") << true;
}

void tst_Instance_Blocking::whoHearsOfAFailureMayStopOrDeleteIt()
{
    QFETCH(const bool, deletes);
    QVERIFY(m_second->setDirectory(QStringLiteral("/dev/null/place")));
    connect(m_second.get(), &SingleInstance::errorChanged, this, [&] {
        if (m_second->error() != SingleInstance::Error::None)
            deletes ? m_second.reset() : m_second->stop();
    });
    QCOMPARE(m_second->tryStart(), SingleInstance::Status::Idle);
    QVERIFY(deletes ? !m_second : m_second->status() == SingleInstance::Status::Idle);
}

void tst_Instance_Blocking::whoHearsThatAFailureIsOverMayDeleteIt()
{
    QVERIFY(m_second->setDirectory(QStringLiteral("/dev/null/place")));
    QCOMPARE(m_second->tryStart(), SingleInstance::Status::Failed);
    QVERIFY(m_second->setDirectory(m_meeting->directory()));
    connect(m_second.get(), &SingleInstance::errorChanged, this, [&] { m_second.reset(); });
    QCOMPARE(m_second->tryStart(), SingleInstance::Status::Idle);
    QVERIFY(!m_second);
}

void tst_Instance_Blocking::whoWaitsIsToldThatNobodyListens_data()
{
    QTest::addColumn<bool>("blocks");
    QTest::newRow("blocking") << true;
    QTest::newRow("by events") << false;
}

void tst_Instance_Blocking::whoWaitsIsToldThatNobodyListens()
{
    QFETCH(const bool, blocks);
    const auto heir = killThePrimaryAndKeepItsLock();
    QVERIFY(heir);
    QVERIFY(m_second->setWhenUnresponsive(WhenUnresponsive::Wait));
    QCOMPARE(m_second->tryStart(), SingleInstance::Status::Secondary);
    QSignalSpy unresponsive(m_second.get(), &SingleInstance::unresponsive);
    if (blocks)
        QCOMPARE(m_second->forwardAndWait({}, 1s), 75);
    else
        m_second->forward({});
    QTRY_COMPARE(unresponsive.size(), 1);
    QCOMPARE(m_second->error(), SingleInstance::Error::Unresponsive);
    QCOMPARE(m_second->status(), SingleInstance::Status::Secondary);
}

QTEST_GUILESS_MAIN(tst_Instance_Blocking)
#include "tst_instance_blocking.moc"
