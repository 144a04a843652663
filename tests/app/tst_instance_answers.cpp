// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Answers that are larger than what the system keeps for the other end.

#include "instances.h"

#include <QtTest/qtest.h>

#include <optional>

/** What is answered was done: it arrives, or its end is an error, but it is never done twice. */
class tst_Instance_Answers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whoReadsLateGetsItAll();
    void whoLeavesSendsItFirst();
    void whoDiesInTheMiddleHasDoneIt();

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
