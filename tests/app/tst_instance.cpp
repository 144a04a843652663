// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "instances.h"

#include <holdfast/app/singleinstance.h>

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using Holdfast::Activation;
using Holdfast::ActivationReply;
using Holdfast::SingleInstance;
using namespace std::chrono_literals;

class tst_Instance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstIsPrimaryAndTheSecondIsNot();
    void handsOverWhatItWasAskedToDo();
};

void tst_Instance::theFirstIsPrimaryAndTheSecondIsNot()
{
    const Meeting meeting;
    const auto first = meeting.program();
    const auto second = meeting.program();
    QCOMPARE(first->ask(QStringLiteral("start")), QStringLiteral("primary"));
    QCOMPARE(second->ask(QStringLiteral("start")), QStringLiteral("secondary"));
}

void tst_Instance::handsOverWhatItWasAskedToDo()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("finish"));
    QVERIFY(primary);
    const auto second = meeting.program();
    QCOMPARE(second->ask(QStringLiteral("main 7 letter.txt")), QStringLiteral("exit 7 none"));
    QCOMPARE(primary->hear(), QStringLiteral("activated 7 letter.txt"));
}

QTEST_GUILESS_MAIN(tst_Instance)
#include "tst_instance.moc"
