// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "instances.h"

#include <holdfast/app/singleinstance.h>

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <sys/resource.h>
#include <unistd.h>
#include <vector>

using Holdfast::Activation;
using Holdfast::ActivationReply;
using Holdfast::SingleInstance;
using Outcome = Holdfast::ActivationReply::Outcome;
using namespace std::chrono_literals;

namespace {

const QStringList Impatient{QStringLiteral("timeout=200")};

/** A secondary in this process. */
class Second
{
public:
    explicit Second(const Meeting &meeting, std::chrono::milliseconds timeout = 5s)
    {
        m_instance.setDirectory(meeting.directory());
        m_instance.setTimeout(timeout);
        m_instance.tryStart();
    }

    SingleInstance *operator->() { return &m_instance; }
    SingleInstance &operator*() { return m_instance; }

private:
    SingleInstance m_instance{QStringLiteral("notes")};
};

} // namespace

class tst_Instance_Forwarding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingArrivesAsItWas();
    void theAnswerOfTheHandlerArrives();
    void aRejectionIsToldWithItsReason();
    void aThousandActivationsArriveInOrder();
    void sixteenMebibytesArriveWhole();
    void whatIsTooLargeIsRefusedByEitherEnd();
    void anAnswerThatIsTooLargeIsToldAsSuch();
    void withoutDescriptorsItCannotConnect();
    void waitsUntilFinishedIfItWantsTo();
    void aDocumentIsFinishedWithItsProgram();
    void whatNobodyHasSeenGoesToTheNextPrimary();
    void everybodyIsAnsweredWhenThePrimaryIsKilled();
    void aHandlerThatNeverReturnsHoldsUpNobody();
    void aPrimaryThatIsStoppedIsUnresponsive_data();
    void aPrimaryThatIsStoppedIsUnresponsive();
    void whoWaitsIsServedOnceItGoesOn();
    void whatQtHasTakenFromTheEnvironmentIsKnown();
    void runsAnywayIfToldTo();
    void theFutureCanBeCancelled();
    void whatIsCancelledAtOnceIsNotSent();
    void theDeadlineOfTheCallerCounts();
    void forwardingBeforeTheElectionWaitsForIt();
    void forwardingUnstartedIsMisuse();
};

void tst_Instance_Forwarding::everythingArrivesAsItWas()
{
    const Meeting meeting;
    Second primary(meeting);
    QCOMPARE(primary->status(), SingleInstance::Status::Primary);
    Activation sent = Activation::ofThisProcess({QStringLiteral("PATH")});
    sent.urls = {QUrl(QStringLiteral("file:///tmp/a%20b#c")), QUrl(QStringLiteral("https://example.org/ü?q=1"))};
    sent.activationToken = QStringLiteral("token");
    sent.startupId = QStringLiteral("startup_TIME42");
    sent.data = {{QStringLiteral("n"), 7}, {QStringLiteral("bytes"), QByteArray("\0\xff", 2)}};
    Activation got;
    connect(&*primary, &SingleInstance::activated, this, [&](const Activation &activation) { got = activation; });
    Second second(meeting);
    const auto reply = second->forward(sent);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().outcome, Outcome::Accepted);
    QCOMPARE(got.arguments, QCoreApplication::arguments());
    QCOMPARE(got.workingDirectory, QDir::currentPath());
    QCOMPARE(got.urls, sent.urls);
    QCOMPARE(got.activationToken, sent.activationToken);
    QCOMPARE(got.startupId, sent.startupId);
    QCOMPARE(got.environment.value(QStringLiteral("PATH")).toString(), qEnvironmentVariable("PATH"));
    QVERIFY(got.data == sent.data);
    QCOMPARE(got.senderProcessId, QCoreApplication::applicationPid());
    QCOMPARE(got.senderUserId, ::geteuid());
    QCOMPARE(got.urlOf(QStringLiteral("x y.txt")),
             QUrl::fromLocalFile(QDir::currentPath() + QStringLiteral("/x y.txt")));
}

void tst_Instance_Forwarding::theAnswerOfTheHandlerArrives()
{
    const Meeting meeting;
    Second primary(meeting);
    connect(&*primary, &SingleInstance::activated, this, [](const Activation &activation) {
        QVERIFY(!activation.isFinished());
        activation.finish(-3, QCborMap{{QStringLiteral("line"), 12}});
        activation.finish(4, QCborMap()); // only the first one counts
        QVERIFY(activation.isFinished());
    });
    Second second(meeting);
    const auto reply = second->forward({});
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().exitCode, -3);
    QCOMPARE(reply.result().data.value(QStringLiteral("line")).toInteger(), 12);
}

void tst_Instance_Forwarding::aRejectionIsToldWithItsReason()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("reject"));
    QVERIFY(primary);
    Second second(meeting);
    ActivationReply reply;
    QCOMPARE(second->forwardAndWait({}, -1ms, &reply), 1);
    QCOMPARE(reply.outcome, Outcome::Rejected);
    QCOMPARE(reply.text, QStringLiteral("not now"));
}

void tst_Instance_Forwarding::aThousandActivationsArriveInOrder()
{
    const Meeting meeting;
    const auto primary = meeting.primary();
    QVERIFY(primary);
    Second second(meeting);
    Activation activation;
    activation.data = {{QStringLiteral("text"), QString(1024, u'x')}};
    for (int i = 0; i < 1000; ++i) {
        activation.arguments = {QString::number(i)};
        QCOMPARE(second->forwardAndWait(activation), 0);
        QCOMPARE(primary->hear(), QStringLiteral("activated %1").arg(i));
    }
}

void tst_Instance_Forwarding::sixteenMebibytesArriveWhole()
{
    const Meeting meeting;
    Second primary(meeting);
    const int size = 16 * 1024 * 1024 - 100; // with its frame, just below the limit
    QByteArray bytes(size, '\0');
    for (qsizetype i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 7 >> 3);
    QByteArray got;
    connect(&*primary, &SingleInstance::activated, this, [&](const Activation &activation) {
        got = activation.data.value(QStringLiteral("bytes")).toByteArray();
        activation.finish(0, activation.data); // and all the way back
    });
    Second second(meeting);
    Activation activation;
    activation.data = {{QStringLiteral("bytes"), bytes}};
    const auto reply = second->forward(activation);
    QTRY_VERIFY_WITH_TIMEOUT(reply.isFinished(), 20000);
    QVERIFY(got == bytes);
    QVERIFY(reply.result().data == activation.data);
}

void tst_Instance_Forwarding::whatIsTooLargeIsRefusedByEitherEnd()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("accept"), {QStringLiteral("maximumSize=100000")});
    QVERIFY(primary);
    Second second(meeting);
    Activation activation;
    activation.data = {{QStringLiteral("bytes"), QByteArray(3'000'000, 'x')}};
    ActivationReply reply;
    QCOMPARE(second->forwardAndWait(activation, -1ms, &reply), 70);
    QCOMPARE(reply.outcome, Outcome::Failed);
    QCOMPARE(second->error(), SingleInstance::Error::TooLarge);
    activation.data = {{QStringLiteral("bytes"), QByteArray(20'000'000, 'x')}};
    const auto future = second->forward(activation);
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(future.result().outcome, Outcome::Failed);
    QVERIFY2(second->errorString().contains(QStringLiteral("16777216")), qPrintable(second->errorString()));
    activation.data = {};
    QCOMPARE(second->forwardAndWait(activation), 0); // nothing is left of it
}

// It has been done, and must not be said to have failed to arrive.
void tst_Instance_Forwarding::anAnswerThatIsTooLargeIsToldAsSuch()
{
    const Meeting meeting;
    Second primary(meeting);
    int handled = 0;
    connect(&*primary, &SingleInstance::activated, this, [&](const Activation &activation) {
        ++handled;
        activation.finish(0, QCborMap{{QStringLiteral("bytes"), QByteArray(17 << 20, 'x')}});
    });
    Second second(meeting);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("answer to the activation .* is not sent")));
    const auto reply = second->forward({});
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(handled, 1);
    QCOMPARE(reply.result().outcome, Outcome::Failed);
    QCOMPARE(second->error(), SingleInstance::Error::TooLarge);
    QVERIFY2(second->errorString().startsWith(QLatin1String("The running instance has the activation, but its answer"))
                 && second->errorString().contains(QLatin1String("16777216")),
             qPrintable(second->errorString()));
}

void tst_Instance_Forwarding::withoutDescriptorsItCannotConnect()
{
    const Meeting meeting;
    const auto primary = meeting.primary();
    QVERIFY(primary);
    Second second(meeting);
    QCOMPARE(second->status(), SingleInstance::Status::Secondary);
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const int lowest = ::dup(STDERR_FILENO); // the one that comes next
    QVERIFY(lowest >= 0 && ::close(lowest) == 0);
    const rlimit tight{static_cast<rlim_t>(lowest), before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    const int status = second->forwardAndWait({});
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QCOMPARE(status, 70);
    QCOMPARE(second->error(), SingleInstance::Error::CannotConnect);
    QVERIFY2(second->errorString().contains(QLatin1String("Too many open files")), qPrintable(second->errorString()));
    QCOMPARE(second->forwardAndWait({}), 0);
}

void tst_Instance_Forwarding::waitsUntilFinishedIfItWantsTo()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("keep"), Impatient);
    QVERIFY(primary);
    const auto editor = meeting.program(Impatient);
    editor->tell(QStringLiteral("main --block letter.txt"));
    QCOMPARE(primary->hear(), QStringLiteral("activated --block letter.txt"));
    QTest::qWait(400); // longer than any timeout: whoever edits takes his time
    QVERIFY(editor->isSilent());
    primary->tell(QStringLiteral("finish 9"));
    QCOMPARE(editor->hear(), QStringLiteral("exit 9 none"));
}

void tst_Instance_Forwarding::aDocumentIsFinishedWithItsProgram()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("keep"));
    QVERIFY(primary);
    const auto editor = meeting.program();
    editor->tell(QStringLiteral("main --block letter.txt"));
    QCOMPARE(primary->hear(), QStringLiteral("activated --block letter.txt"));
    QVERIFY(primary->end());
    QCOMPARE(editor->hear(), QStringLiteral("exit 0 none"));
}

void tst_Instance_Forwarding::whatNobodyHasSeenGoesToTheNextPrimary()
{
    const Meeting meeting;
    const auto first = meeting.program(); // without a handler
    QCOMPARE(first->ask(QStringLiteral("start")), QStringLiteral("primary"));
    const auto second = meeting.program();
    second->tell(QStringLiteral("main letter.txt"));
    QVERIFY(second->isSilent());
    first->tell(QStringLiteral("stop"));
    QCOMPARE(second->hear(), QStringLiteral("promoted"));
    QCOMPARE(second->hear(), QStringLiteral("primary"));
}

void tst_Instance_Forwarding::everybodyIsAnsweredWhenThePrimaryIsKilled()
{
    const Meeting meeting;
    const QStringList patient{QStringLiteral("timeout=60000")}; // twenty programs take a while to start
    const auto primary = meeting.program(patient);
    QCOMPARE(primary->ask(QStringLiteral("start")), QStringLiteral("primary"));
    std::vector<std::unique_ptr<OtherProcess>> others;
    for (int i = 0; i < 20; ++i) {
        others.push_back(meeting.program(patient));
        QCOMPARE(others.back()->ask(QStringLiteral("handle finish")), QStringLiteral("handling"));
        others.back()->tell(QStringLiteral("main %1").arg(100 + i));
    }
    for (const auto &other : others)
        QVERIFY(other->isSilent()); // each of them forwards to somebody who will never look
    primary->kill();
    int heirs = 0;
    for (int i = 0; i < 20; ++i) {
        const QString said = others[static_cast<std::size_t>(i)]->hear();
        heirs += said == u"promoted" ? 1 : 0;
        QVERIFY2(said == u"promoted" || said == QStringLiteral("exit %1 none").arg(100 + i), qPrintable(said));
    }
    QCOMPARE(heirs, 1);
}

void tst_Instance_Forwarding::aHandlerThatNeverReturnsHoldsUpNobody()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("hang"));
    QVERIFY(primary);
    const auto first = meeting.program(Impatient);
    first->tell(QStringLiteral("main letter.txt"));
    QCOMPARE(primary->hear(), QStringLiteral("activated letter.txt"));
    QCOMPARE(first->hear(), QStringLiteral("exit 0 none")); // it is there, only not done
    const auto second = meeting.program(Impatient);
    second->tell(QStringLiteral("main letter.txt"));
    QCOMPARE(second->hear(), QStringLiteral("unresponsive %1").arg(primary->processId()));
    QCOMPARE(second->hear(), QStringLiteral("exit 75 unresponsive"));
}

void tst_Instance_Forwarding::aPrimaryThatIsStoppedIsUnresponsive_data()
{
    QTest::addColumn<int>("bytes");
    QTest::newRow("10 bytes") << 10;
    QTest::newRow("150 KB") << 150'000;
    QTest::newRow("1 MB") << 1'000'000;
}

void tst_Instance_Forwarding::aPrimaryThatIsStoppedIsUnresponsive()
{
    QFETCH(const int, bytes);
    const Meeting meeting;
    const auto primary = meeting.primary();
    QVERIFY(primary);
    primary->freeze();
    Second second(meeting, 200ms);
    QSignalSpy unresponsive(&*second, &SingleInstance::unresponsive);
    Activation activation;
    activation.data = {{QStringLiteral("bytes"), QByteArray(bytes, 'x')}};
    ActivationReply reply;
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(second->forwardAndWait(activation, -1ms, &reply), 75);
    QVERIFY2(clock.elapsed() >= 190 && clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(reply.outcome, Outcome::Unresponsive);
    QCOMPARE(second->error(), SingleInstance::Error::Unresponsive);
    QCOMPARE(unresponsive.size(), 1);
    QCOMPARE(unresponsive.first().first().value<Holdfast::LockHolder>().processId, primary->processId());
    const auto future = second->forward(activation);
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(future.result().outcome, Outcome::Unresponsive);
    QCOMPARE(unresponsive.size(), 2);
}

void tst_Instance_Forwarding::whatQtHasTakenFromTheEnvironmentIsKnown()
{
    const Meeting meeting;
    OtherProcess program(QStringLiteral("env"),
                         {QStringLiteral("DESKTOP_STARTUP_ID=id7"), QStringLiteral(HOLDFAST_INSTANCEPROCESS),
                          meeting.directory(), QStringLiteral("notes")},
                         QStringLiteral("ready"));
    QCOMPARE(program.ask(QStringLiteral("own")), QStringLiteral("startup id id7"));
}

void tst_Instance_Forwarding::whoWaitsIsServedOnceItGoesOn()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("finish"));
    QVERIFY(primary);
    primary->freeze();
    const auto second = meeting.program(Impatient + QStringList{QStringLiteral("whenUnresponsive=Wait")});
    second->tell(QStringLiteral("main 5"));
    QCOMPARE(second->hear(), QStringLiteral("unresponsive %1").arg(primary->processId()));
    QTest::qWait(400); // two more timeouts, in which nothing is to happen
    QVERIFY(second->isSilent());
    primary->unfreeze();
    QCOMPARE(second->hear(), QStringLiteral("exit 5 none"));
    QCOMPARE(primary->hear(), QStringLiteral("activated 5"));
    QVERIFY(primary->isSilent()); // once
}

void tst_Instance_Forwarding::runsAnywayIfToldTo()
{
    const Meeting meeting;
    const auto primary = meeting.primary();
    QVERIFY(primary);
    primary->freeze();
    const auto second = meeting.program(Impatient + QStringList{QStringLiteral("whenUnresponsive=RunAnyway")});
    second->tell(QStringLiteral("main letter.txt"));
    QCOMPARE(second->hear(), QStringLiteral("unresponsive %1").arg(primary->processId()));
    QCOMPARE(second->hear(), QStringLiteral("secondary"));
}

void tst_Instance_Forwarding::theFutureCanBeCancelled()
{
    const Meeting meeting;
    const auto primary = meeting.primary();
    QVERIFY(primary);
    primary->freeze();
    Second second(meeting);
    auto reply = second->forward({});
    reply.cancel();
    QTRY_VERIFY(reply.isFinished());
    auto other = std::make_unique<Second>(meeting);
    const auto orphan = (*other)->forward({});
    other.reset();
    QVERIFY(orphan.isFinished());
    QCOMPARE(orphan.result().outcome, Outcome::Cancelled);
}

void tst_Instance_Forwarding::whatIsCancelledAtOnceIsNotSent()
{
    const Meeting meeting;
    const auto primary = meeting.primary();
    QVERIFY(primary);
    Second second(meeting);
    Activation activation;
    activation.arguments = QStringList(QStringLiteral("unwanted"));
    second->forward(activation).cancel();
    QTest::qWait(50); // it would have been on its way by now
    activation.arguments = QStringList(QStringLiteral("wanted"));
    const auto reply = second->forward(activation);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(primary->hear(), QStringLiteral("activated wanted"));
}

void tst_Instance_Forwarding::theDeadlineOfTheCallerCounts()
{
    const Meeting meeting;
    const auto primary = meeting.primary();
    QVERIFY(primary);
    primary->freeze();
    Second second(meeting, 60s);
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(second->forwardAndWait({}, 100ms), 75);
    QVERIFY(clock.elapsed() < 30000);
}

void tst_Instance_Forwarding::forwardingBeforeTheElectionWaitsForIt()
{
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("finish"));
    QVERIFY(primary);
    SingleInstance second(QStringLiteral("notes"));
    second.setDirectory(meeting.directory());
    second.start();
    Activation activation;
    activation.arguments = {QStringLiteral("8")};
    const auto reply = second.forward(activation);
    QVERIFY(!reply.isFinished());
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().exitCode, 8);
}

void tst_Instance_Forwarding::forwardingUnstartedIsMisuse()
{
    SingleInstance instance(QStringLiteral("notes"));
    QCOMPARE(instance.forwardAndWait({}), 70);
    QCOMPARE(instance.error(), SingleInstance::Error::Misuse);
    QCOMPARE(instance.forward({}).result().outcome, Outcome::Failed);
}

QTEST_GUILESS_MAIN(tst_Instance_Forwarding)
#include "tst_instance_forwarding.moc"
