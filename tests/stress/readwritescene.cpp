// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "readwritescene.h"

#include "history.h"
#include "lockkinds.h"

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qrandom.h>
#include <QtCore/qthread.h>

#include <algorithm>
#include <csignal>
#include <limits>
#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr int Patience = 60'000; // ms; only a hang takes that long

int random(int least, int beyond)
{
    return QRandomGenerator::global()->bounded(least, beyond);
}

} // namespace

ReadWriteScene::ReadWriteScene(ReadWriteMix mix) : m_mix(std::move(mix)) { }

ReadWriteHistory ReadWriteScene::play()
{
    const int places = m_mix.readers + m_mix.writers;
    m_workers.resize(static_cast<std::size_t>(places));
    for (int place = 0; place < places; ++place)
        start(place);
    QElapsedTimer timer;
    for (timer.start(); std::chrono::milliseconds(timer.elapsed()) < m_mix.duration;) {
        QThread::msleep(
            static_cast<unsigned long>(random(0, 80))); // a pace, and no wait: so often somebody is disturbed
        disturb();
        resume(false);
    }
    resume(true);
    QThread::msleep(StaleThresholdMsecs); // everybody goes on for a while: more load, and no wait for anything
    stop();
    readHistories();
    lookWhatIsLeft();
    return m_history;
}

void ReadWriteScene::note(const QString &problem)
{
    if (m_history.problem.isEmpty())
        m_history.problem = problem;
}

void ReadWriteScene::start(int place)
{
    Worker worker{std::make_unique<QProcess>(), static_cast<int>(m_places.size())};
    m_places[worker.number] = place;
    worker.process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    worker.process->start(QStringLiteral(READWRITEWORKER),
                          {m_mix.kind, file("lock"),
                           m_directory.filePath(QStringLiteral("history%1").arg(worker.number)),
                           place < m_mix.readers ? QStringLiteral("read") : QStringLiteral("write"),
                           QString::number(random(1, 1'000'000))});
    if (!worker.process->waitForStarted(Patience))
        note(QStringLiteral("a worker does not start: ") + worker.process->errorString());
    m_workers[static_cast<std::size_t>(place)] = std::move(worker);
}

void ReadWriteScene::disturb()
{
    const int place = random(0, m_mix.readers + m_mix.writers);
    Worker &victim = m_workers[static_cast<std::size_t>(place)];
    if (victim.resumeAt > 0)
        return;
    const int what = random(0, 6);
    if (what == 0) {
        victim.process->kill();
        if (!victim.process->waitForFinished(Patience))
            note(QStringLiteral("a worker survives being killed"));
        ++m_history.kills;
        return start(place);
    }
    const int duration = what < 3 ? random(StaleThresholdMsecs, int(m_mix.longestStop.count())) : random(0, 60);
    victim.stoppedAt = monotonicNow();
    victim.resumeAt = victim.stoppedAt + duration * 1'000'000LL;
    ::kill(static_cast<pid_t>(victim.process->processId()), SIGSTOP);
}

void ReadWriteScene::resume(bool everybody)
{
    for (Worker &worker : m_workers) {
        if (worker.resumeAt == 0 || (!everybody && monotonicNow() < worker.resumeAt))
            continue;
        ::kill(static_cast<pid_t>(worker.process->processId()), SIGCONT);
        m_stops.append({0, worker.stoppedAt, monotonicNow(), worker.number, false, false});
        worker.resumeAt = 0;
    }
    m_history.stops = int(m_stops.size());
}

void ReadWriteScene::stop()
{
    for (const Worker &worker : m_workers)
        worker.process->closeWriteChannel();
    for (const Worker &worker : m_workers) {
        if (!worker.process->waitForFinished(Patience))
            note(QStringLiteral("a worker hangs"));
        else if (worker.process->exitStatus() != QProcess::NormalExit || worker.process->exitCode() != 0)
            note(QStringLiteral("a worker ends with %1").arg(worker.process->exitCode()));
    }
    m_workers.clear();
}

void ReadWriteScene::readHistories()
{
    QList<Stretch> holds;
    std::vector<int> byPlace(static_cast<std::size_t>(m_mix.readers + m_mix.writers));
    for (const auto &[number, place] : m_places) {
        const QString name = m_directory.filePath(QStringLiteral("history%1").arg(number));
        const QList<Stretch> theirs = readHolds(name, number, place >= m_mix.readers);
        byPlace[static_cast<std::size_t>(place)] += static_cast<int>(theirs.size());
        holds += theirs;
    }
    m_history.holds = int(holds.size());
    m_history.writes = int(std::count_if(holds.begin(), holds.end(), [](const Stretch &hold) { return hold.writes; }));
    m_history.lost = int(std::count_if(holds.begin(), holds.end(), [](const Stretch &hold) { return hold.isLost; }));
    const auto writers = byPlace.begin() + m_mix.readers;
    m_history.fewestReads = *std::min_element(byPlace.begin(), writers);
    m_history.fewestWrites = *std::min_element(writers, byPlace.end());
    note(findOverlap(holds, m_stops));
}

// Nothing is stuck, and nothing is left but what may be cleared away at leisure.
void ReadWriteScene::lookWhatIsLeft()
{
    const auto lock = makeLock(m_mix.kind, file("lock"));
    if (!lock->tryAcquireFor(30s) || !lock->release())
        note(QStringLiteral("the lock is stuck: ") + lock->errorString());
    for (const char *name : {"lock.state", "lock.write"}) {
        if (QFile::exists(file(name)))
            note(QStringLiteral("left behind: ") + QLatin1String(name));
    }
    const auto all = QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot;
    for (const QString &name : QDir(file("lock.readers")).entryList(all)) {
        if (!name.contains(QLatin1String(".break.")) && !name.startsWith(u'.'))
            note(QStringLiteral("left behind among the readers: ") + name);
    }
}
