// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../engine/patience.h"
#include "os/alarm.h"
#include "os/clock.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using Holdfast::os::Alarm;
using namespace std::chrono_literals;

/** Every wait here is for ever, or so long that only the event itself can end it within the limit of the test. */
class tst_Alarm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEndedByARingBeforeTheWait();
    void isEndedByARingOfAnotherThread();
    void isEndedByAReadableDescriptor();
    void isEndedByItsMoment();
    void isEndedByAMomentThatIsPast();
    void isEndedByAMomentThatIsSetDuringTheWait();
    void isNotDeafForEverWithoutADescriptor();
    void forgetsAMomentThatIsTakenBack();
    void isEndedByTheLimit();
    void ringsOnceForSeveralRings();
    void worksAfterBeingAbandoned();
};

void tst_Alarm::isEndedByARingBeforeTheWait()
{
    Alarm alarm;
    alarm.ring();
    alarm.wait(std::nullopt);
}

void tst_Alarm::isEndedByARingOfAnotherThread()
{
    Alarm alarm;
    std::jthread ringer([&alarm] { alarm.ring(); });
    alarm.wait(std::nullopt);
}

void tst_Alarm::isEndedByAReadableDescriptor()
{
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    Alarm alarm;
    QCOMPARE(::write(ends[1], "x", 1), 1);
    alarm.wait(std::nullopt, ends[0]);
    char byte = 0;
    QCOMPARE(::read(ends[0], &byte, 1), 1); // it is the caller's to read
    ::close(ends[0]);
    ::close(ends[1]);
}

void tst_Alarm::isEndedByItsMoment()
{
    Alarm alarm;
    const auto moment = Holdfast::os::bootTime() + 20ms;
    alarm.ringAt(moment);
    alarm.wait(std::nullopt);
    QVERIFY(Holdfast::os::bootTime() >= moment);
}

void tst_Alarm::isEndedByAMomentThatIsPast()
{
    Alarm alarm;
    alarm.ringAt(0ns);
    alarm.wait(std::nullopt);
    alarm.ringAt(Holdfast::os::bootTime() - 1s);
    alarm.wait(std::nullopt);
}

void tst_Alarm::isEndedByAMomentThatIsSetDuringTheWait()
{
    Alarm alarm;
    alarm.prepare();
    std::atomic<pid_t> waiter{0};
    std::atomic<bool> ended{false};
    std::thread thread([&] {
        waiter = gettid();
        alarm.wait(std::nullopt); // ended by the news of the moment
        alarm.wait(std::nullopt); // and this one by the moment itself
        ended = true;
    });
    QVERIFY(Holdfast::Testing::comesTrueElsewhere([&] { return waiter > 0 && Holdfast::Testing::isAsleep(waiter); }));
    alarm.ringAt(Holdfast::os::bootTime() + 20ms);
    QVERIFY(Holdfast::Testing::comesTrueElsewhere([&] { return ended.load(); }));
    thread.join();
}

void tst_Alarm::isNotDeafForEverWithoutADescriptor()
{
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none{0, before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    Alarm alarm;
    alarm.wait(std::nullopt);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    alarm.ring(); // the next wait finds one
    alarm.wait(std::nullopt);
}

void tst_Alarm::forgetsAMomentThatIsTakenBack()
{
    Alarm alarm;
    alarm.ringAt(0ns);
    alarm.ringAt(std::nullopt);
    const auto before = Holdfast::os::monotonicTime();
    alarm.wait(30ms);
    QVERIFY(Holdfast::os::monotonicTime() - before >= 30ms);
}

void tst_Alarm::isEndedByTheLimit()
{
    Alarm alarm;
    const auto before = Holdfast::os::monotonicTime();
    alarm.wait(20ms);
    QVERIFY(Holdfast::os::monotonicTime() - before >= 20ms);
    alarm.wait(0ns);
    alarm.wait(-5s); // the deadline has passed: no wait
}

void tst_Alarm::ringsOnceForSeveralRings()
{
    Alarm alarm;
    alarm.ring();
    alarm.ring();
    alarm.wait(std::nullopt);
    const auto before = Holdfast::os::monotonicTime();
    alarm.wait(20ms);
    QVERIFY(Holdfast::os::monotonicTime() - before >= 20ms);
}

void tst_Alarm::worksAfterBeingAbandoned()
{
    Alarm alarm;
    alarm.ring();
    alarm.ringAt(0ns);
    alarm.abandon();
    const auto before = Holdfast::os::monotonicTime();
    alarm.wait(20ms); // the rings of before are gone
    QVERIFY(Holdfast::os::monotonicTime() - before >= 20ms);
    alarm.ring();
    alarm.wait(std::nullopt);
}

QTEST_GUILESS_MAIN(tst_Alarm)
#include "tst_alarm.moc"
