// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "director.h"

#include "conclusion.h"
#include "terminal.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>
#include <utility>

using namespace std::chrono_literals;
using Terminal::print;

constexpr int InTurns = 2;    // entries of each writer, one after the other
constexpr int AfterDeath = 1; // and when the hanging holder is gone
constexpr int InHurry = 30;   // and in a hurry
constexpr int Each = InTurns + AfterDeath + InHurry;

constexpr auto Leisurely = 120ms; // slow enough to watch
constexpr auto Hurried = 5ms;
constexpr auto Patience = 500ms;
constexpr auto Pause = 250ms;
constexpr auto Forever = 1h;

// A machine under load and a sanitizer take their time; a demo that hangs must end.
constexpr auto LongestRun = 100s;

Director::Director() : m_directory(QDir::temp().filePath("holdfast-demo-XXXXXX"))
{
    m_document = m_directory.filePath("ledger.json");
    m_unguarded = m_directory.filePath("ledger-without-lock.json");
    connect(&m_watchdog, &QTimer::timeout, this, [this] { fail("This takes too long."); });
}

void Director::start()
{
    if (!m_directory.isValid())
        return fail(m_directory.errorString());
    m_watchdog.start(LongestRun);
    for (const char *name : {"anna", "ben", "carla"})
        m_writers.push_back(engage(name));
    m_hanging = engage("eve");
    m_impatient = engage("tim");
    m_cancelled = engage("cleo");
    print(Terminal::in(Terminal::Bold, QString("%1 processes, one document: %2").arg(m_actors.size()).arg(m_document)));
    once([this] { return std::ranges::all_of(m_actors, [](auto &actor) { return actor->hasSeen(Report::Ready); }); },
         &Director::takeTurns);
}

void Director::takeTurns()
{
    announce("1. anna, ben and carla read it, add an entry and write it back, twice each, under a lock.");
    m_timeline.begin();
    tellWriters({.document = m_document, .first = 1, .count = InTurns, .effort = Leisurely});
    once([this] { return allWriters(Report::Done); }, &Director::hang);
}

void Director::hang()
{
    announce("2. eve takes the lock and hangs. tim waits 500 ms at most; cleo is told to stop waiting; eve is killed.");
    m_hanging->tell({.document = m_document, .effort = Forever});
    once([this] { return m_hanging->hasSeen(Report::Acquired); }, &Director::othersWait);
}

void Director::othersWait()
{
    tellWriters({.document = m_document, .first = InTurns + 1, .count = AfterDeath, .effort = Leisurely});
    m_impatient->tell({.document = m_document, .patience = Patience});
    m_cancelled->tell({.document = m_document});
    once(
        [this] {
            return allWriters(Report::Contended) && m_cancelled->hasSeen(Report::Contended)
                   && m_impatient->hasSeen(Report::TimedOut);
        },
        &Director::cancelOne);
}

void Director::cancelOne()
{
    QTimer::singleShot(Pause, this, [this] { m_cancelled->cancel(); });
    once([this] { return m_cancelled->hasSeen(Report::Cancelled); }, &Director::killHolder);
}

void Director::killHolder()
{
    QTimer::singleShot(Pause, this, [this] { m_hanging->kill(); });
    once([this] { return allWriters(Report::Done); }, &Director::hurry);
}

void Director::hurry()
{
    announce(QString("3. anna, ben and carla add %1 more entries each, as fast as they can.").arg(InHurry));
    m_timeline.setSilent(true);
    tellWriters({.document = m_document, .first = Each - InHurry + 1, .count = InHurry, .effort = Hurried});
    once([this] { return allWriters(Report::Done); }, &Director::withoutLock);
}

void Director::withoutLock()
{
    m_timeline.flush();
    const HandOvers &handOvers = m_timeline.handOvers();
    print(QString("   %1 hand-overs from one process to another so far: median %2, longest %3.")
              .arg(handOvers.count())
              .arg(Timeline::inWords(handOvers.median()), Timeline::inWords(handOvers.longest())));
    announce(QString("4. The same three add the same %1 entries to another document, without the lock.")
                 .arg(m_writers.size() * Each));
    m_measuring = false;
    tellWriters({.document = m_unguarded, .guarded = false, .count = Each, .effort = Hurried});
    once([this] { return allWriters(Report::Done); }, &Director::drawConclusion);
}

void Director::drawConclusion()
{
    QStringList names;
    for (const Actor *writer : m_writers)
        names += writer->name();
    try {
        Ledger guarded(m_document);
        Ledger unguarded(m_unguarded);
        guarded.read();
        unguarded.read();
        stop(printConclusion(guarded.audit(names, Each), unguarded.audit(names, Each)) ? 0 : 1);
    } catch (const LedgerError &error) {
        fail(error.what());
    }
}

void Director::once(std::function<bool()> isTrue, void (Director::*next)())
{
    m_condition = std::move(isTrue);
    m_next = next;
}

void Director::onReport(Actor &actor, const Report &report)
{
    if (m_measuring)
        m_timeline.add(actor.name(), report);
    if (report.kind == Report::Failed)
        return fail(actor.name() + " failed.");
    if (m_condition && m_condition()) {
        m_condition = nullptr;
        (this->*m_next)();
    }
}

void Director::fail(const QString &why)
{
    if (m_isOver)
        return; // one reason is enough
    m_timeline.flush();
    qCritical().noquote() << why;
    stop(1);
}

void Director::stop(int exitCode)
{
    m_isOver = true;
    m_condition = nullptr;
    m_watchdog.stop();
    Q_EMIT ended(exitCode);
}

void Director::announce(const QString &text)
{
    m_timeline.flush();
    print();
    print(Terminal::in(Terminal::Bold, text));
}

Actor *Director::engage(const QString &name)
{
    m_actors.push_back(std::make_unique<Actor>(name, m_document + ".lock"));
    Actor *actor = m_actors.back().get();
    connect(actor, &Actor::reported, this, [this, actor](const Report &report) { onReport(*actor, report); });
    connect(actor, &Actor::died, this, [this, actor] { fail(actor->name() + " has ended before its time."); });
    m_timeline.introduce(name, actor->processId());
    if (!actor->isRunning())
        fail(name + " could not be started.");
    return actor;
}

void Director::tellWriters(Order order)
{
    for (Actor *writer : m_writers)
        writer->tell(order);
}

bool Director::allWriters(Report::Kind kind) const
{
    return std::ranges::all_of(m_writers, [kind](const Actor *writer) { return writer->hasSeen(kind); });
}
