// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A waiting writer goes before readers who come later, and gives up cleanly.

#include "readwrite.h"

#include <QtCore/qthread.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

class tst_Preference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWaitingWriterKeepsNewReadersOut();
    void aReaderGetsInAfterTheWriter();
    void overlappingReadersDoNotStarveAWriter();
    void aWriterWhoGivesUpLetsReadersIn_data();
    void aWriterWhoGivesUpLetsReadersIn();
    void aWaitingWriterWhoDiesLetsReadersIn();
    void oneOfTwoWaitingWritersFollowsTheOther();

private:
    static void letWait(AbstractReadWriteLock &writer);
};

const auto TryRead = QStringLiteral("tryRead");
const auto Acquired = QStringLiteral("acquired");
const auto Busy = QStringLiteral("busy");
const auto Release = QStringLiteral("release");
const auto Released = QStringLiteral("released");

/** Begins to wait for writing; on return that has been announced. */
void tst_Preference::letWait(AbstractReadWriteLock &writer)
{
    QSignalSpy contended(&writer, &AbstractLock::contended);
    writer.acquireWrite();
    QVERIFY(contended.wait(Patience));
}

void tst_Preference::aWaitingWriterKeepsNewReadersOut()
{
    const ReadWritePlace place;
    const auto reader = place.otherProcess();
    const auto late = place.otherProcess();
    const auto writer = place.lock();
    QCOMPARE(reader->ask(TryRead), Acquired);
    letWait(*writer);
    QCOMPARE(late->ask(TryRead), Busy);
    QCOMPARE(late->ask(QStringLiteral("blockRead 50")), Busy);
    QCOMPARE(reader->ask(TryRead), Acquired); // who is inside may go deeper
    QCOMPARE(reader->ask(Release), Released);
    QCOMPARE(writer->state(), LockState::Waiting);
}

void tst_Preference::aReaderGetsInAfterTheWriter()
{
    const ReadWritePlace place;
    const auto reader = place.otherProcess();
    const auto late = place.otherProcess();
    const auto writer = place.lock();
    QCOMPARE(reader->ask(TryRead), Acquired);
    letWait(*writer);
    late->tell(QStringLiteral("acquireRead -1"));
    QVERIFY(late->isSilent());
    Endings endings(writer.get());
    QCOMPARE(reader->ask(Release), Released);
    QTRY_COMPARE_WITH_TIMEOUT(endings.acquired.size(), 1, Patience);
    QVERIFY(late->isSilent());
    QVERIFY(writer->release());
    QCOMPARE(late->hear(), Acquired);
}

namespace {

/** Readers who relieve one another: whoever is alone stays until another one has come, or is refused again and again, as
    happens only because of a writer. (Now and then one is refused because another is just about to come or go.) */
class Relay
{
public:
    void enter()
    {
        const std::scoped_lock lock(m_mutex);
        ++m_inside;
        ++m_reads;
        m_refusals = 0;
        m_changed.notify_all();
    }
    void noteRefusal()
    {
        const std::scoped_lock lock(m_mutex);
        ++m_refusals;
        m_changed.notify_all();
    }
    void waitToLeave()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_inside > 1 || m_refusals >= Often || m_isOver; });
        --m_inside;
    }
    void end()
    {
        const std::scoped_lock lock(m_mutex);
        m_isOver = true;
        m_changed.notify_all();
    }
    bool isOver()
    {
        const std::scoped_lock lock(m_mutex);
        return m_isOver;
    }
    int readsSoFar()
    {
        const std::scoped_lock lock(m_mutex);
        return m_reads;
    }

private:
    static constexpr int Often = 20;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_inside = 0;
    int m_reads = 0;
    int m_refusals = 0;
    bool m_isOver = false;
};

} // namespace

void tst_Preference::overlappingReadersDoNotStarveAWriter()
{
    const ReadWritePlace place;
    Relay relay;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back(QThread::create([&] {
            const auto lock = place.lock();
            const auto noteRefusal = [&] {
                relay.noteRefusal();
                return false;
            };
            while (!relay.isOver() && lock->tryAcquireReadFor(30s, {.pollInterval = 2ms, .cancelCheck = noteRefusal})) {
                relay.enter();
                relay.waitToLeave();
                lock->release();
            }
        }));
        threads.back()->start();
    }
    QTRY_VERIFY_WITH_TIMEOUT(relay.readsSoFar() > 10, Patience);
    const auto writer = place.lock();
    bool got = true;
    for (int i = 0; got && i < 10; ++i) {
        got = writer->tryAcquireWriteFor(20s);
        writer->forceRelease();
    }
    relay.end();
    for (const auto &thread : threads)
        QVERIFY(thread->wait(Patience));
    QVERIFY(got);
}

void tst_Preference::aWriterWhoGivesUpLetsReadersIn_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"timeout", "cancel", "destruction", "no wait", "stop request"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

void tst_Preference::aWriterWhoGivesUpLetsReadersIn()
{
    QFETCH(QString, how);
    const ReadWritePlace place;
    const auto reader = place.lock();
    const auto late = place.otherProcess();
    auto writer = place.lock();
    QVERIFY(reader->tryAcquireRead());
    Endings endings(writer.get());
    std::stop_source stop;
    if (how == QLatin1String("timeout")) {
        writer->acquireWrite({.timeout = 40ms});
        QVERIFY(endings.timedOut.wait(Patience));
        QVERIFY(!writer->tryAcquireWriteFor(20ms));
    } else if (how == QLatin1String("no wait")) {
        QVERIFY(!writer->tryAcquireWrite());
        writer->acquireWrite({.blocking = false});
        QVERIFY(endings.timedOut.wait(Patience));
    } else if (how == QLatin1String("destruction")) {
        letWait(*writer);
        writer.reset();
    } else {
        writer->acquireWrite({.stopToken = stop.get_token()});
        settle();
        how == QLatin1String("cancel") ? writer->cancel() : static_cast<void>(stop.request_stop());
        QVERIFY(endings.cancelled.wait(Patience));
    }
    // Whoever destroys it does not wait for an attempt that is under way on the pool; nor, with a server, does who calls it off.
    const bool isCalledOff = how == QLatin1String("cancel") || how == QLatin1String("stop request");
    const bool isOnServer = kind() == QLatin1String("postgres-rw");
    const bool atOnce = how != QLatin1String("destruction") && !(isOnServer && isCalledOff);
    QCOMPARE(late->ask(atOnce ? TryRead : QStringLiteral("blockRead 30000")), Acquired);
}

void tst_Preference::aWaitingWriterWhoDiesLetsReadersIn()
{
    const ReadWritePlace place;
    const auto reader = place.otherProcess();
    const auto writer = place.otherProcess();
    const auto late = place.lock();
    QCOMPARE(reader->ask(TryRead), Acquired);
    writer->tell(QStringLiteral("blockWrite -1"));
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            const bool busy = !late->tryAcquireRead();
            late->forceRelease();
            return busy;
        }(),
        Patience);
    writer->kill();
    QVERIFY(late->tryAcquireReadFor(30s));
}

void tst_Preference::oneOfTwoWaitingWritersFollowsTheOther()
{
    const ReadWritePlace place;
    const auto reader = place.lock();
    const auto a = place.otherProcess();
    const auto b = place.otherProcess();
    QVERIFY(reader->tryAcquireRead());
    a->tell(QStringLiteral("acquireWrite -1"));
    b->tell(QStringLiteral("acquireWrite -1"));
    QVERIFY(a->isSilent());
    QVERIFY(reader->release());
    OtherProcess *first = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((first = !a->isSilent() ? a.get() : !b->isSilent() ? b.get() : nullptr), Patience);
    OtherProcess *second = first == a.get() ? b.get() : a.get();
    QCOMPARE(first->hear(), Acquired);
    QVERIFY(second->isSilent());
    QCOMPARE(first->ask(Release), Released);
    QCOMPARE(second->hear(), Acquired);
}

QTEST_GUILESS_MAIN(tst_Preference)
#include "tst_preference.moc"
