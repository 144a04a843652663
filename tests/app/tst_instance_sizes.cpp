// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Activations of many megabytes, within the limit and beyond.

#include "instances.h"

#include <holdfast/app/singleinstance.h>

#include <QtTest/qtest.h>

#include <algorithm>
#include <ctime>
#include <limits>

using namespace std::chrono_literals;
using Holdfast::Activation;
using Holdfast::ActivationReply;
using Holdfast::SingleInstance;

class tst_Instance_Sizes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsTooLargeIsNotEvenSent_data();
    void whatIsTooLargeIsNotEvenSent();
    void whatHasTooManyEntriesIsRefused();
    void isDecodedBesideTheEventLoop();
    void theTimeGrowsAsTheSizeDoes();

private:
    static Activation activationOf(qsizetype bytes)
    {
        Activation activation;
        activation.data = {{QStringLiteral("bytes"), QByteArray(bytes, 'x')}};
        return activation;
    }
    static qint64 nanosecondsOn(clockid_t clock)
    {
        timespec time = {};
        clock_gettime(clock, &time);
        return time.tv_sec * qint64(1'000'000'000) + time.tv_nsec;
    }
};

void tst_Instance_Sizes::whatIsTooLargeIsNotEvenSent_data()
{
    QTest::addColumn<qsizetype>("bytes");
    QTest::newRow("one byte more than 16 MiB, with what is around it") << qsizetype(16 * 1024 * 1024 + 1 - 18);
    QTest::newRow("50 MB") << qsizetype(50'000'000);
    QTest::newRow("500 MB") << qsizetype(500'000'000);
}

// The primary is stopped: whoever sent anything, or waited for an answer, would find it unresponsive.
void tst_Instance_Sizes::whatIsTooLargeIsNotEvenSent()
{
    QFETCH(const qsizetype, bytes);
    constexpr qsizetype around = 18; // the names "data" and "bytes", and what CBOR puts before each
    const Meeting meeting;
    const auto primary = meeting.primary();
    QVERIFY(primary);
    SingleInstance second(QStringLiteral("notes"));
    second.setDirectory(meeting.directory());
    QCOMPARE(second.tryStart(), SingleInstance::Status::Secondary);
    primary->freeze();
    ActivationReply reply;
    QCOMPARE(second.forwardAndWait(activationOf(bytes), -1ms, &reply), 70);
    QCOMPARE(second.error(), SingleInstance::Error::TooLarge);
    QCOMPARE(reply.text, second.errorString());
    const QString sizes = QStringLiteral("it has %1 bytes, and 16777216 is the limit").arg(bytes + around);
    QVERIFY2(second.errorString().contains(sizes), qPrintable(second.errorString()));
    primary->unfreeze();
    QCOMPARE(second.forwardAndWait({}), 0);
    QCOMPARE(primary->hear(), QStringLiteral("activated"));
    QVERIFY(primary->isSilent()); // that one only
}

// Of 16 MiB, eight million texts would be a gigabyte.
void tst_Instance_Sizes::whatHasTooManyEntriesIsRefused()
{
    const Meeting meeting;
    const auto primary = meeting.primary();
    QVERIFY(primary);
    SingleInstance second(QStringLiteral("notes"));
    second.setDirectory(meeting.directory());
    QCOMPARE(second.tryStart(), SingleInstance::Status::Secondary);
    Activation activation;
    activation.arguments = QStringList(1'000'001, QStringLiteral("a"));
    QCOMPARE(second.forwardAndWait(activation), 70);
    QCOMPARE(second.error(), SingleInstance::Error::TooLarge);
    QVERIFY2(second.errorString().contains(QStringLiteral("a million entries")), qPrintable(second.errorString()));
    QVERIFY(primary->isSilent());
}

// Whose thread used the processor, for how long a pause is depends on whatever else runs on the machine.
void tst_Instance_Sizes::isDecodedBesideTheEventLoop()
{
    const Meeting meeting;
    SingleInstance primary(QStringLiteral("notes"));
    primary.setDirectory(meeting.directory());
    QCOMPARE(primary.tryStart(), SingleInstance::Status::Primary);
    qsizetype arguments = 0;
    connect(&primary, &SingleInstance::activated, this,
            [&](const Activation &activation) { arguments = activation.arguments.size(); });
    const auto second = meeting.program();
    QCOMPARE(second->ask(QStringLiteral("start")), QStringLiteral("secondary"));
    const qint64 threadBefore = nanosecondsOn(CLOCK_THREAD_CPUTIME_ID);
    const qint64 processBefore = nanosecondsOn(CLOCK_PROCESS_CPUTIME_ID);
    second->tell(QStringLiteral("sendMany 900000"));
    QTRY_COMPARE_WITH_TIMEOUT(arguments, 900'000, 60'000);
    const qint64 thread = nanosecondsOn(CLOCK_THREAD_CPUTIME_ID) - threadBefore;
    const qint64 process = nanosecondsOn(CLOCK_PROCESS_CPUTIME_ID) - processBefore;
    QVERIFY2(2 * thread < process, qPrintable(QStringLiteral("%1 of %2 ns").arg(thread).arg(process)));
}

// The processors' time of both ends, for that of the clock is whatever else runs on the machine's as well. Four times the size took
// seventy times as long where every piece that came copied all that was there.
void tst_Instance_Sizes::theTimeGrowsAsTheSizeDoes()
{
    constexpr int limit = 64 * 1024 * 1024;
    const Meeting meeting;
    const auto primary = meeting.primary(QStringLiteral("accept"), {QStringLiteral("maximumSize=%1").arg(limit)});
    QVERIFY(primary);
    SingleInstance second(QStringLiteral("notes"));
    second.setDirectory(meeting.directory());
    QVERIFY(second.setMaximumSize(limit));
    QCOMPARE(second.tryStart(), SingleInstance::Status::Secondary);
    clockid_t primarysClock = 0;
    QCOMPARE(clock_getcpuclockid(static_cast<pid_t>(primary->processId()), &primarysClock), 0);
    const auto worked = [&] { return nanosecondsOn(CLOCK_PROCESS_CPUTIME_ID) + nanosecondsOn(primarysClock); };
    const auto timeOf = [&](qsizetype bytes) {
        const Activation activation = activationOf(bytes);
        qint64 best = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 3; ++i) {
            const qint64 before = worked();
            if (second.forwardAndWait(activation) != 0 || primary->hear() != QLatin1String("activated"))
                return qint64(-1);
            best = std::min(best, worked() - before);
        }
        return best;
    };
    const qint64 small = timeOf(12'500'000);
    const qint64 large = timeOf(50'000'000);
    QVERIFY(small > 0 && large > 0);
    QVERIFY2(large < 12 * small, qPrintable(QStringLiteral("%1 and %2 ns").arg(small).arg(large)));
}

QTEST_GUILESS_MAIN(tst_Instance_Sizes)
#include "tst_instance_sizes.moc"
