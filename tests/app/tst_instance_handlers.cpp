// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "instances.h"

#include <holdfast/app/singleinstance.h>

#include <QtCore/qeventloop.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>
#include <optional>
#include <thread>

using Holdfast::Activation;
using Holdfast::ActivationReply;
using Holdfast::SingleInstance;
using Outcome = Holdfast::ActivationReply::Outcome;
using namespace std::chrono_literals;

namespace {

Activation named(const QString &name, Activation::Wait wait = Activation::Wait::UntilHandled)
{
    Activation activation;
    activation.arguments = {name};
    activation.wait = wait;
    return activation;
}

enum class How { Error, Unresponsive };

} // namespace

class tst_Instance_Handlers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void activationsComeOneAtATimeAlsoThroughANestedLoop();
    void aHandlerMayDeleteTheInstance();
    void aHandlerMayStopTheInstance();
    void activationsAreKeptUntilSomebodyListens();
    void whatWasGivenBackIsNotSeenAnyMore();
    void ownActivationsTakeTheSameWay();
    void theLastCopyAnswersWhenItGoes();
    void aCopyMayBeFinishedInAnotherThread();
    void everyHandlerIsAskedBeforeTheAnswer();
    void anyHandlerMayDeleteTheInstance_data();
    void anyHandlerMayDeleteTheInstance();
    void whoeverHearsOfSilenceMayDeleteTheInstance();
    void aContinuationMayDeleteTheInstance();
    void fourHundredAtOnce();

private:
    std::unique_ptr<SingleInstance> make(std::chrono::milliseconds timeout = 5s) const;

    std::optional<Meeting> m_meeting;
    std::unique_ptr<SingleInstance> m_primary;
    std::unique_ptr<SingleInstance> m_second;
};

std::unique_ptr<SingleInstance> tst_Instance_Handlers::make(std::chrono::milliseconds timeout) const
{
    auto instance = std::make_unique<SingleInstance>(QStringLiteral("notes"));
    instance->setDirectory(m_meeting->directory());
    instance->setTimeout(timeout);
    return instance;
}

void tst_Instance_Handlers::init()
{
    m_meeting.emplace();
    m_primary = make();
    m_second = make();
    QCOMPARE(m_primary->tryStart(), SingleInstance::Status::Primary);
    QCOMPARE(m_second->tryStart(), SingleInstance::Status::Secondary);
}

void tst_Instance_Handlers::cleanup()
{
    m_second.reset();
    m_primary.reset();
    m_meeting.reset();
}

void tst_Instance_Handlers::activationsComeOneAtATimeAlsoThroughANestedLoop()
{
    QStringList order;
    std::optional<QFuture<ActivationReply>> second;
    connect(m_primary.get(), &SingleInstance::activated, this, [&](const Activation &activation) {
        order += QStringLiteral("begin ") + activation.arguments.first();
        if (!second)
            second = m_second->forward(named(QStringLiteral("b")));
        QEventLoop dialog;
        QTimer::singleShot(100, &dialog, &QEventLoop::quit); // long enough for the second one to arrive
        dialog.exec();
        order += QStringLiteral("end ") + activation.arguments.first();
    });
    const auto first = m_second->forward(named(QStringLiteral("a")));
    QTRY_VERIFY(first.isFinished() && second->isFinished());
    QCOMPARE(order, QStringList({QStringLiteral("begin a"), QStringLiteral("end a"), QStringLiteral("begin b"),
                                 QStringLiteral("end b")}));
}

void tst_Instance_Handlers::aHandlerMayDeleteTheInstance()
{
    connect(m_primary.get(), &SingleInstance::activated, this, [&](const Activation &) {
        QEventLoop dialog;
        QTimer::singleShot(0, &dialog, [&] {
            m_primary.reset();
            dialog.quit();
        });
        dialog.exec();
    });
    const auto first = m_second->forward(named(QStringLiteral("a")));
    const auto second = m_second->forward(named(QStringLiteral("b")));
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(first.result().outcome, Outcome::Accepted); // it was seen
    QCOMPARE(second.result().outcome, Outcome::Primary); // it was not, and now it is this one's
    QCOMPARE(m_second->status(), SingleInstance::Status::Primary);
}

void tst_Instance_Handlers::aHandlerMayStopTheInstance()
{
    connect(m_primary.get(), &SingleInstance::activated, this, [&](const Activation &activation) {
        m_primary->stop();
        activation.finish(3); // too late: whoever leaves has finished
    });
    const auto reply = m_second->forward(named(QStringLiteral("a")));
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().exitCode, 0);
    QCOMPARE(m_second->tryStart(), SingleInstance::Status::Primary);
}

void tst_Instance_Handlers::activationsAreKeptUntilSomebodyListens()
{
    const auto first = m_second->forward(named(QStringLiteral("a")));
    const auto second = m_second->forward(named(QStringLiteral("b")));
    QTest::qWait(50); // would have been enough to lose them
    QVERIFY(!first.isFinished());
    QSignalSpy activated(m_primary.get(), &SingleInstance::activated);
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(activated.size(), 2);
    QCOMPARE(activated.at(0).at(0).value<Activation>().arguments, QStringList(QStringLiteral("a")));
    QCOMPARE(activated.at(1).at(0).value<Activation>().arguments, QStringList(QStringLiteral("b")));
}

// Nobody has seen it, so its sender was told that this one leaves, and deals with it himself.
void tst_Instance_Handlers::whatWasGivenBackIsNotSeenAnyMore()
{
    const auto reply = m_second->forward(named(QStringLiteral("a")));
    QTest::qWait(50); // it is kept here
    m_primary->stop();
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().outcome, Outcome::Primary);
    QSignalSpy activated(m_primary.get(), &SingleInstance::activated);
    QTest::qWait(50); // would have been enough
    QCOMPARE(activated.size(), 0);
}

void tst_Instance_Handlers::ownActivationsTakeTheSameWay()
{
    QSignalSpy activated(m_primary.get(), &SingleInstance::activated);
    m_primary->activate(named(QStringLiteral("own")));
    QCOMPARE(activated.size(), 0); // through the event loop
    QTRY_COMPARE(activated.size(), 1);
    const auto activation = activated.first().first().value<Activation>();
    QVERIFY(activation.isFinished());
    QCOMPARE(activation.senderUserId, Activation::UnknownUser);
    activation.finish(4, QCborMap());
    activation.reject(QStringLiteral("nobody hears it"));
}

void tst_Instance_Handlers::theLastCopyAnswersWhenItGoes()
{
    QList<Activation> kept;
    connect(m_primary.get(), &SingleInstance::activated, this, [&](const Activation &activation) {
        kept += activation;
        kept += activation;
    });
    const auto reply = m_second->forward(named(QStringLiteral("a"), Activation::Wait::UntilFinished));
    QTRY_COMPARE(kept.size(), 2);
    kept.removeLast();
    QTest::qWait(50); // an answer would have come
    QVERIFY(!reply.isFinished());
    kept.clear();
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().outcome, Outcome::Accepted);
}

void tst_Instance_Handlers::aCopyMayBeFinishedInAnotherThread()
{
    std::thread worker;
    connect(m_primary.get(), &SingleInstance::activated, this, [&](const Activation &activation) {
        worker = std::thread([activation] { activation.finish(11, QCborMap()); });
    });
    const auto reply = m_second->forward(named(QStringLiteral("a"), Activation::Wait::UntilFinished));
    QTRY_VERIFY(reply.isFinished());
    worker.join();
    QCOMPARE(reply.result().exitCode, 11);
}

void tst_Instance_Handlers::everyHandlerIsAskedBeforeTheAnswer()
{
    connect(m_primary.get(), &SingleInstance::activated, this, [] {});
    connect(m_primary.get(), &SingleInstance::activated, this,
            [](const Activation &activation) { activation.finish(2, QCborMap()); });
    const auto reply = m_second->forward(named(QStringLiteral("a")));
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().exitCode, 2);
}

void tst_Instance_Handlers::anyHandlerMayDeleteTheInstance_data()
{
    using Signal = void (SingleInstance::*)();
    QTest::addColumn<Signal>("signal");
    QTest::newRow("statusChanged") << &SingleInstance::statusChanged;
    QTest::newRow("promoted") << &SingleInstance::promoted;
}

void tst_Instance_Handlers::anyHandlerMayDeleteTheInstance()
{
    using Signal = void (SingleInstance::*)();
    QFETCH(const Signal, signal);
    connect(m_second.get(), signal, this, [&] { m_second.reset(); });
    const auto reply = m_second->forward(named(QStringLiteral("a")));
    m_primary.reset();
    QTRY_VERIFY(!m_second);
    QVERIFY(reply.isFinished());
}

void tst_Instance_Handlers::whoeverHearsOfSilenceMayDeleteTheInstance()
{
    m_primary.reset();
    const auto primary = m_meeting->primary();
    QVERIFY(primary);
    primary->freeze();
    for (const auto how : {How::Error, How::Unresponsive}) {
        auto fragile = make(50ms);
        QCOMPARE(fragile->tryStart(), SingleInstance::Status::Secondary);
        if (how == How::Error)
            connect(fragile.get(), &SingleInstance::errorChanged, this, [&] { fragile.reset(); });
        else
            connect(fragile.get(), &SingleInstance::unresponsive, this, [&] { fragile.reset(); });
        const auto reply = fragile->forward(named(QStringLiteral("a")));
        QTRY_VERIFY(!fragile);
        QVERIFY(reply.isFinished());
    }
}

void tst_Instance_Handlers::aContinuationMayDeleteTheInstance()
{
    bool isAnswered = false;
    auto future = m_second->forward(named(QStringLiteral("a"))).then([&](const ActivationReply &) {
        m_second.reset();
        isAnswered = true;
    });
    const auto other = m_second->forward(named(QStringLiteral("b")));
    m_primary.reset(); // both are the primary's now
    QTRY_VERIFY(isAnswered && other.isFinished());
}

void tst_Instance_Handlers::fourHundredAtOnce()
{
    int count = 0;
    connect(m_primary.get(), &SingleInstance::activated, this, [&](const Activation &activation) {
        activation.finish(activation.arguments.first().toInt(), QCborMap());
        ++count;
    });
    QList<QFuture<ActivationReply>> replies;
    for (int i = 0; i < 400; ++i) // two descriptors each, and a process may have 1,024
        replies += m_second->forward(named(QString::number(i)));
    QTRY_COMPARE(count, 400);
    for (int i = 0; i < 400; ++i) {
        QTRY_VERIFY(replies.at(i).isFinished());
        QCOMPARE(replies.at(i).result().exitCode, i);
    }
}

QTEST_GUILESS_MAIN(tst_Instance_Handlers)
#include "tst_instance_handlers.moc"
