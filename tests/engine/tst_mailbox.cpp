// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/agent.h"
#include "engine/mailbox.h"
#include "patience.h"

#include <QtCore/qsemaphore.h>
#include <QtTest/qtest.h>

#include <thread>

using namespace Holdfast;
using namespace Holdfast::Testing;

class tst_Mailbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsMessagesInItsThreadAndInOrder();
    void runsMessagesInsideAMessage();
    void dropsWhatComesForADeadThread();
    void dropsWhatADyingThreadHasNotRead();
    void takesMessagesWhileItsThreadDies();
    void leavesOtherEventsAlone();
};

namespace {

/** Counts as long as a copy of the message that has it lives. */
struct Cargo
{
    explicit Cargo(std::atomic<int> &alive) : m_alive(alive) { ++m_alive; }
    ~Cargo() { --m_alive; }
    Cargo(const Cargo &) = delete;
    Cargo &operator=(const Cargo &) = delete;
    std::atomic<int> &m_alive;
};

} // namespace

void tst_Mailbox::runsMessagesInItsThreadAndInOrder()
{
    const auto mailbox = Agent::current()->mailbox();
    QList<int> order;
    std::thread::id thread;
    std::jthread([&] {
        for (int i = 0; i < 3; ++i)
            mailbox->post([&, i] {
                order += i;
                thread = std::this_thread::get_id();
            });
    }).join();
    QVERIFY(order.isEmpty());
    QVERIFY(comesTrue([&] { return order.size() == 3; }));
    QCOMPARE(order, QList<int>({0, 1, 2}));
    QVERIFY(thread == std::this_thread::get_id());
}

void tst_Mailbox::runsMessagesInsideAMessage()
{
    const auto mailbox = Agent::current()->mailbox();
    bool second = false;
    bool came = false;
    mailbox->post([&] { came = comesTrue([&] { return second; }); });
    mailbox->post([&] { second = true; });
    QVERIFY(comesTrue([&] { return second; }));
    settle();
    QVERIFY(came);
}

void tst_Mailbox::dropsWhatComesForADeadThread()
{
    std::shared_ptr<Mailbox> mailbox;
    std::thread([&] { mailbox = Agent::current()->mailbox(); }).join();
    std::atomic<int> alive{0};
    bool ran = false;
    mailbox->post([&ran, cargo = std::make_shared<Cargo>(alive)] { ran = true; });
    settle();
    QVERIFY(!ran);
    QCOMPARE(alive, 0); // what it carried has gone with it
}

void tst_Mailbox::dropsWhatADyingThreadHasNotRead()
{
    std::atomic<int> alive{0};
    std::atomic<bool> ran{false};
    std::thread([&] {
        Agent::current()->mailbox()->post([&ran, cargo = std::make_shared<Cargo>(alive)] { ran = true; });
    }).join();
    QVERIFY(!ran);
    QCOMPARE(alive, 0);
}

void tst_Mailbox::takesMessagesWhileItsThreadDies()
{
    for (int round = 0; round < 50; ++round) {
        std::atomic<int> alive{0};
        std::shared_ptr<Mailbox> mailbox;
        QSemaphore ready;
        std::thread dying([&] {
            mailbox = Agent::current()->mailbox();
            ready.release();
        });
        ready.acquire();
        for (int i = 0; i < 100; ++i)
            mailbox->post([cargo = std::make_shared<Cargo>(alive)] {});
        dying.join();
        QCOMPARE(alive, 0);
    }
}

void tst_Mailbox::leavesOtherEventsAlone()
{
    QEvent other(QEvent::User);
    QVERIFY(!Mailbox::deliver(&other));
}

QTEST_GUILESS_MAIN(tst_Mailbox)
#include "tst_mailbox.moc"
