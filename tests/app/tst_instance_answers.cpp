// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Answers that are larger than what the system keeps for the other end.

#include "instances.h"

#include <holdfast/app/singleinstance.h>

#include <QtTest/qtest.h>

#include <memory>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using Holdfast::Activation;
using Holdfast::SingleInstance;

/** What is answered was done: it arrives, or its end is an error, but it is never done twice. */
class tst_Instance_Answers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whoReadsLateGetsItAll();
    void whoLeavesSendsItFirst();
    void whoDoesNotReadCostsTheOthersNothing();
    void whoDiesInTheMiddleHasDoneIt();
    void aChildHasNothingToSay();

private:
    std::optional<Meeting> m_meeting;
    std::unique_ptr<OtherProcess> m_primary;
    std::unique_ptr<OtherProcess> m_second;
};

namespace {

const QString Large = QStringLiteral(" 3 4000000");

} // namespace

// The primary has an activation, and has not answered it yet.
void tst_Instance_Answers::init()
{
    const QStringList settings{QStringLiteral("timeout=500")};
    m_meeting.emplace();
    m_primary = m_meeting->primary(QStringLiteral("keep"), settings);
    QVERIFY(m_primary);
    m_second = m_meeting->program(settings);
    m_second->tell(QStringLiteral("main a --block"));
    QCOMPARE(m_primary->hear(), QStringLiteral("activated a --block"));
}

void tst_Instance_Answers::whoReadsLateGetsItAll()
{
    m_second->freeze();
    m_primary->tell(QStringLiteral("finish") + Large);
    QTest::qWait(1200); // more than two timeouts
    m_second->unfreeze();
    QCOMPARE(m_second->hear(), QStringLiteral("exit 3 none"));
    QVERIFY(m_primary->isSilent());
}

void tst_Instance_Answers::whoLeavesSendsItFirst()
{
    m_primary->tell(QStringLiteral("finishAndStop") + Large);
    QCOMPARE(m_second->hear(), QStringLiteral("exit 3 none"));
}

void tst_Instance_Answers::whoDoesNotReadCostsTheOthersNothing()
{
    std::vector<std::unique_ptr<OtherProcess>> others;
    for (int i = 0; i < 3; ++i) {
        others.push_back(m_meeting->program());
        others.back()->tell(QStringLiteral("main a --block"));
        QCOMPARE(m_primary->hear(), QStringLiteral("activated a --block"));
    }
    m_second->freeze();
    m_primary->tell(QStringLiteral("finishAndStop") + Large);
    for (const auto &other : others)
        QCOMPARE(other->hear(), QStringLiteral("exit 3 none"));
}

// In the child of a fork all connections are the parent's.
void tst_Instance_Answers::aChildHasNothingToSay()
{
    m_primary->kill();
    QVERIFY(m_second->hear().startsWith(QStringLiteral("p"))); // promoted, or primary
    m_second.reset();
    auto primary = std::make_unique<SingleInstance>(QStringLiteral("notes"));
    primary->setDirectory(m_meeting->directory());
    QCOMPARE(primary->tryStart(), SingleInstance::Status::Primary);
    QList<Activation> kept;
    connect(primary.get(), &SingleInstance::activated, this, [&](const Activation &activation) { kept += activation; });
    const auto second = m_meeting->program();
    second->tell(QStringLiteral("main a --block"));
    QTRY_COMPARE(kept.size(), 1);
    const pid_t child = ::fork();
    if (child == 0) {
        primary.reset();
        ::_exit(0);
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    QVERIFY(second->isSilent());
    const auto third = m_meeting->program();
    third->tell(QStringLiteral("main b --block"));
    QTRY_COMPARE(kept.size(), 2);
    for (const Activation &activation : kept)
        activation.finish(5);
    QTest::qWait(0); // which sends the answers
    QCOMPARE(second->hear(), QStringLiteral("exit 5 none"));
    QCOMPARE(third->hear(), QStringLiteral("exit 5 none"));
}

void tst_Instance_Answers::whoDiesInTheMiddleHasDoneIt()
{
    m_second->freeze();
    m_primary->tell(QStringLiteral("finish") + Large);
    for (int turn = 0; turn < 2; ++turn) // of its event loop: so it has begun to answer
        QCOMPARE(m_primary->ask(QStringLiteral("status")), QStringLiteral("primary"));
    m_primary->kill();
    m_second->unfreeze();
    QCOMPARE(m_second->hear(), QStringLiteral("exit 70 unresponsive"));
    const QString why = m_second->ask(QStringLiteral("why"));
    QVERIFY2(why.contains(QStringLiteral("in the middle of it")), qPrintable(why));
}

QTEST_GUILESS_MAIN(tst_Instance_Answers)
#include "tst_instance_answers.moc"
