// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Many readers and some writers in processes of their own, some killed, some stopped for longer than their markers last: no
// writer is ever together with anybody who has not been told that his hold is lost, and at the end nothing is stuck.

#include "history.h"
#include "lockkinds.h"

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtCore/qrandom.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr int Readers = 8;
constexpr int Writers = 3;
constexpr int Seconds = 8;
constexpr int Threshold = 400; // ms, of the kind soft-rw-brief; it gives a hold up 50 before

/** One hold, or, with a process and no more, one stop of it. */
struct Stretch
{
    std::int64_t asked = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
    int worker = 0;
    bool writes = false;
    bool isLost = false;
};

QString describe(const Stretch &hold)
{
    return QStringLiteral("%1 %2 from %3 to %4%5")
        .arg(hold.writes ? QStringLiteral("writer") : QStringLiteral("reader"))
        .arg(hold.worker)
        .arg(hold.from)
        .arg(hold.to)
        .arg(hold.isLost ? QStringLiteral(" (lost)") : QString());
}

QList<Stretch> readHolds(const QString &path, int worker, bool writes)
{
    QList<Stretch> holds;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return holds;
    while (!file.atEnd()) {
        const QList<QByteArray> words = file.readLine().split(' ');
        if (words.size() != 3 || !words.last().endsWith('\n'))
            continue;
        const std::int64_t first = words.at(1).toLongLong();
        if (words.first() == "granted") {
            const std::int64_t granted = words.at(2).trimmed().toLongLong();
            holds.append({first, granted, granted, worker, writes, false});
        } else if (!holds.isEmpty()) {
            holds.last().to = first;
            holds.last().isLost = words.first() == "lost";
        }
    }
    return holds;
}

bool overlap(std::int64_t from, std::int64_t to, std::int64_t otherFrom, std::int64_t otherTo)
{
    return from < otherTo && otherFrom < to;
}

/** What is wrong in a history, in words; empty when nothing is. */
class Checker
{
public:
    Checker(QList<Stretch> holds, QList<Stretch> stops) : m_holds(std::move(holds)), m_stops(std::move(stops))
    {
        std::sort(m_holds.begin(), m_holds.end(), [](const Stretch &a, const Stretch &b) { return a.from < b.from; });
    }

    QString check() const
    {
        for (qsizetype i = 0; i < m_holds.size(); ++i) {
            if (const QString problem = checkHold(m_holds.at(i)); !problem.isEmpty())
                return problem;
            for (qsizetype j = i + 1; j < m_holds.size() && m_holds.at(j).from < m_holds.at(i).to + Longest; ++j) {
                const QString problem = checkPair(m_holds.at(i), m_holds.at(j));
                if (!problem.isEmpty())
                    return problem;
            }
        }
        return {};
    }

private:
    static constexpr std::int64_t Longest = 10'000'000'000;

    // A stop so long that others may have taken the marker for stale, a little tolerance included.
    bool wasStopped(const Stretch &hold, std::int64_t since) const
    {
        return std::any_of(m_stops.begin(), m_stops.end(), [&](const Stretch &stop) {
            return stop.worker == hold.worker && stop.to - stop.from > (Threshold - 60) * 1'000'000LL
                   && overlap(since, hold.to, stop.from, stop.to);
        });
    }

    QString checkHold(const Stretch &hold) const
    {
        const bool hasHadTime = hold.to - hold.from > 280'000'000; // nobody loses what he refreshed a moment ago
        if (hold.isLost && !hasHadTime && !wasStopped(hold, hold.asked))
            return QStringLiteral("lost without a reason: ") + describe(hold);
        return {};
    }

    QString checkPair(const Stretch &a, const Stretch &b) const
    {
        if (!(a.writes || b.writes) || !overlap(a.from, a.to, b.from, b.to))
            return {};
        if (a.isLost || b.isLost)
            return {};
        // One who was stopped just before he wrote down that he has it, and gave it back at once.
        if ((wasStopped(a, a.asked) && !wasStopped(a, a.from + 1))
            || (wasStopped(b, b.asked) && !wasStopped(b, b.from + 1)))
            return {};
        return QStringLiteral("together: ") + describe(a) + QStringLiteral(", ") + describe(b);
    }

    QList<Stretch> m_holds;
    QList<Stretch> m_stops;
};

} // namespace

class tst_ReadWriteHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCheckerFindsWhatIsWrong();
    void noWriterIsWithAnybody();

private:
    void start(int slot);
    void disturb();
    void resume(bool everybody);
    void stop();

    struct Worker
    {
        std::unique_ptr<QProcess> process;
        int number = 0;
        std::int64_t stoppedAt = 0;
        std::int64_t resumeAt = 0; // 0: is not stopped
    };

    std::unique_ptr<QTemporaryDir> m_directory;
    std::vector<Worker> m_workers; // by slot: first the readers, then the writers
    std::map<int, int> m_slots;    // of each worker that ever was
    QList<Stretch> m_stops;
    int m_kills = 0;
};

void tst_ReadWriteHistory::theCheckerFindsWhatIsWrong()
{
    constexpr std::int64_t ms = 1'000'000;
    const Stretch reads{0, 10 * ms, 20 * ms, 1, false, false};
    const Stretch alsoReads{0, 15 * ms, 25 * ms, 2, false, false};
    const Stretch writes{0, 18 * ms, 30 * ms, 3, true, false};
    const Stretch writesLater{0, 31 * ms, 40 * ms, 4, true, false};
    const Stretch loses{0, 10 * ms, 900 * ms, 5, true, true};
    const Stretch losesAtOnce{0, 10 * ms, 20 * ms, 5, true, true};
    const Stretch keeps{0, 10 * ms, 900 * ms, 5, true, false};
    const QList<Stretch> stops{{0, 12 * ms, 890 * ms, 5, false, false}};
    QVERIFY(Checker({reads, alsoReads, writesLater}, {}).check().isEmpty());
    QVERIFY(!Checker({reads, writes}, {}).check().isEmpty());
    QVERIFY(!Checker({writes, reads}, {}).check().isEmpty());
    QVERIFY(Checker({writes, writesLater}, {}).check().isEmpty());
    QVERIFY(Checker({loses, writesLater}, stops).check().isEmpty());
    QVERIFY(!Checker({keeps, writesLater}, stops).check().isEmpty()); // was stopped, and not told
    QVERIFY(!Checker({losesAtOnce}, {}).check().isEmpty());
}

void tst_ReadWriteHistory::start(int slot)
{
    Worker worker{std::make_unique<QProcess>(), static_cast<int>(m_slots.size())};
    m_slots[worker.number] = slot;
    worker.process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    worker.process->start(QStringLiteral(READWRITEWORKER),
                          {QStringLiteral("soft-rw-brief"), m_directory->filePath(QStringLiteral("lock")),
                           m_directory->filePath(QStringLiteral("history%1").arg(worker.number)),
                           slot < Readers ? QStringLiteral("read") : QStringLiteral("write"),
                           QString::number(QRandomGenerator::global()->bounded(1, 1'000'000))});
    QVERIFY(worker.process->waitForStarted(30000));
    m_workers[static_cast<std::size_t>(slot)] = std::move(worker);
}

void tst_ReadWriteHistory::disturb()
{
    const int slot = QRandomGenerator::global()->bounded(Readers + Writers);
    Worker &victim = m_workers[static_cast<std::size_t>(slot)];
    if (victim.resumeAt > 0)
        return;
    const int what = QRandomGenerator::global()->bounded(6);
    if (what == 0) {
        victim.process->kill();
        QVERIFY(victim.process->waitForFinished(30000));
        ++m_kills;
        return start(slot);
    }
    const int duration = what < 3 ? QRandomGenerator::global()->bounded(Threshold, 2 * Threshold)
                                  : QRandomGenerator::global()->bounded(60);
    victim.stoppedAt = monotonicNow();
    victim.resumeAt = victim.stoppedAt + duration * 1'000'000LL;
    ::kill(static_cast<pid_t>(victim.process->processId()), SIGSTOP);
}

void tst_ReadWriteHistory::resume(bool everybody)
{
    for (Worker &worker : m_workers) {
        if (worker.resumeAt == 0 || (!everybody && monotonicNow() < worker.resumeAt))
            continue;
        ::kill(static_cast<pid_t>(worker.process->processId()), SIGCONT);
        m_stops.append({0, worker.stoppedAt, monotonicNow(), worker.number, false, false});
        worker.resumeAt = 0;
    }
}

void tst_ReadWriteHistory::stop()
{
    for (const Worker &worker : m_workers)
        worker.process->closeWriteChannel();
    for (const Worker &worker : m_workers) {
        QVERIFY(worker.process->waitForFinished(60000)); // nobody hangs
        QCOMPARE(worker.process->exitStatus(), QProcess::NormalExit);
        QCOMPARE(worker.process->exitCode(), 0);
    }
    m_workers.clear();
}

void tst_ReadWriteHistory::noWriterIsWithAnybody()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_workers.resize(Readers + Writers);
    for (int slot = 0; slot < Readers + Writers; ++slot)
        start(slot);
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < Seconds * 1000;) {
        QTest::qWait(QRandomGenerator::global()->bounded(80));
        disturb();
        resume(false);
    }
    resume(true);
    QTest::qWait(Threshold); // everybody goes on for a while
    stop();
    QList<Stretch> holds;
    std::map<int, int> bySlot;
    for (const auto &[number, slot] : m_slots) {
        const QList<Stretch> theirs =
            readHolds(m_directory->filePath(QStringLiteral("history%1").arg(number)), number, slot >= Readers);
        bySlot[slot] += static_cast<int>(theirs.size());
        holds += theirs;
    }
    const auto count = [&holds](bool Stretch::*what) {
        return std::count_if(holds.begin(), holds.end(), std::mem_fn(what));
    };
    qInfo("%d holds, %d for writing, %d lost; %d kills, %d stops", int(holds.size()), int(count(&Stretch::writes)),
          int(count(&Stretch::isLost)), m_kills, int(m_stops.size()));
    const QString problem = Checker(holds, m_stops).check();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    for (int slot = 0; slot < Readers + Writers; ++slot)
        QVERIFY2(bySlot[slot] > 3, qPrintable(QStringLiteral("slot %1 got in %2 times").arg(slot).arg(bySlot[slot])));
    // Nothing is stuck, and nothing is left.
    const auto lock = makeLock(QStringLiteral("soft-rw-brief"), m_directory->filePath(QStringLiteral("lock")));
    QVERIFY(lock->tryAcquireFor(30s));
    QVERIFY(lock->release());
    QVERIFY(!QFile::exists(m_directory->filePath(QStringLiteral("lock.state"))));
    QVERIFY(!QFile::exists(m_directory->filePath(QStringLiteral("lock.write"))));
    const QStringList left = QDir(m_directory->filePath(QStringLiteral("lock.readers")))
                                 .entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot);
    QVERIFY2(std::all_of(
                 left.begin(), left.end(),
                 [](const QString &name) { return name.contains(QLatin1String(".break.")) || name.startsWith(u'.'); }),
             qPrintable(left.join(u' ')));
}

QTEST_GUILESS_MAIN(tst_ReadWriteHistory)
#include "tst_readwritehistory.moc"
