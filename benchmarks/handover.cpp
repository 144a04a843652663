// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// How long it takes from the end of one process's hold to the beginning of another's.

#include "child.h"
#include "filelockpackage.h"
#include "groups.h"
#include "postgresserver.h"
#include "stats.h"

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace Bench {

namespace {

struct Contest
{
    std::string name;
    std::string holderKind;
    std::string waiterKind;
    std::string path;
    bool polls;
    bool isOurs;
    std::vector<double> times = {};
    std::unique_ptr<Child> holder = {};
    std::unique_ptr<Child> waiter = {};
};

struct Entrant
{
    std::string name;
    const char *holder;
    const char *waiter;
    bool polls = false;
    bool isOurs = false;
};

const std::vector<Entrant> Native{{"blocked flock", "flock", "flock"},
                                  {"acquire()", "holdfast", "holdfast-loop", false, true},
                                  {"tryAcquireFor()", "holdfast", "holdfast", false, true},
                                  {"50 ms QTimer", "flock", "timer", true},
                                  {"QLockFile", "qlockfile", "qlockfile", true},
                                  {"filelock", "filelock", "filelock", true}};

const std::vector<Entrant> Soft{{"blocked flock", "flock", "flock"},
                                {"SoftFileLock", "soft", "soft-loop", false, true},
                                {"SoftFileLock, tryAcquireFor()", "soft", "soft", false, true},
                                {"SoftFileLease", "lease-loop", "lease-loop", false, true},
                                {"SoftReadWriteLock", "soft-rw-loop", "soft-rw-loop", false, true},
                                {"filelock's SoftFileLock", "filelock-soft", "filelock-soft", true}};

std::vector<Entrant> databaseEntrants()
{
    return {{"blocked flock", "flock", "flock"},
            {"ReadWriteLock", "sqlite-loop", "sqlite-loop", false, true},
            {"ReadWriteLock, tryAcquireFor()", "sqlite", "sqlite", false, true},
            {FilelockPackage::found().readWriteLock(), "database-write", "database-write", true}};
}

const std::vector<Entrant> Server{{"one NOTIFY", "notify", "listen"},
                                  {"ReadWriteLock", "server-loop", "server-loop", false, true}};

// Not those that nobody takes for gone when their owner dies: filelock 3.9's, and a writer before his threshold.
const std::vector<Entrant> SoftKill{Soft.begin(), Soft.begin() + 4};

std::vector<Contest> contests(const Setup &setup, const std::string &prefix, const std::vector<Entrant> &entrants)
{
    std::vector<Contest> all;
    for (const Entrant &entrant : entrants) {
        const std::string path = setup.path(prefix + "." + entrant.waiter);
        all.push_back({entrant.name, entrant.holder, entrant.waiter, path, entrant.polls, entrant.isOurs});
        all.back().waiter = std::make_unique<Child>(entrant.waiter, path);
    }
    return all;
}

void handOver(Contest &contest, std::int64_t holdTime)
{
    contest.holder->tell("hold " + std::to_string(holdTime));
    contest.holder->expect("held");
    contest.waiter->tell("wait");
    const std::int64_t got = contest.waiter->expect("got").at(0); // first: nobody else is woken by the holder's answer
    const std::int64_t released = contest.holder->expect("released").at(0);
    contest.times.push_back(static_cast<double>(got - released));
}

void killHolder(Contest &contest, std::int64_t holdTime)
{
    Child holder(contest.holderKind, contest.path);
    holder.tell("keep");
    holder.expect("held");
    contest.waiter->tell("wait");
    sleepFor(holdTime);
    const std::int64_t killed = now();
    holder.kill();
    holder.reap(); // a zombie still counts as alive for QLockFile
    contest.times.push_back(static_cast<double>(contest.waiter->expect("got").at(0) - killed));
}

// Turn by turn, everybody under the same waits; those who poll take part in some rounds only.
template<class Round>
void play(std::vector<Contest> &all, int rounds, int pollersEvery, Round round)
{
    std::mt19937_64 random(4711);
    std::uniform_int_distribution<std::int64_t> holdTime(20 * Millisecond, 60 * Millisecond);
    for (int i = 0; i < rounds; ++i) {
        const std::int64_t time = holdTime(random);
        for (Contest &contest : all) {
            if (!contest.polls || i % pollersEvery == 0)
                round(contest, time);
        }
    }
}

// How many times faster than those who poll: no goal of the kill, where the death of a process takes most of the time.
void tell(const std::vector<Contest> &all, const std::string &what, double limit, double timesFaster, Report &report)
{
    const Contest &blocked = all.front();
    for (const Contest &ours : all) {
        if (!ours.isOurs)
            continue;
        const std::string figure = what + ", " + ours.name;
        report.slower(figure + ", median", median(ours.times), blocked.name, median(blocked.times), limit);
        report.slower(figure + ", p99", quantile(ours.times, 0.99), blocked.name, quantile(blocked.times, 0.99));
        for (const Contest &polling : all) {
            if (polling.polls)
                report.faster(figure + ", median", median(ours.times), polling.name, median(polling.times),
                              timesFaster);
        }
    }
    for (const Contest &polling : all) {
        if (polling.polls)
            report.inform(what + ", p99 of " + polling.name, "-", timeText(quantile(polling.times, 0.99)));
    }
}

} // namespace

namespace {

constexpr int PollersEvery = 5; // rounds

void measureReleases(const Setup &setup, const std::string &prefix, const std::vector<Entrant> &entrants, int rounds,
                     double limit, double timesFaster, Report &report)
{
    std::vector<Contest> all = contests(setup, prefix, entrants);
    for (Contest &contest : all)
        contest.holder = std::make_unique<Child>(contest.holderKind, contest.path);
    play(all, rounds, PollersEvery, handOver);
    tell(all, "hand-over after release()", limit, timesFaster, report);
}

void measureDeaths(const Setup &setup, const std::string &prefix, const std::vector<Entrant> &entrants, int rounds,
                   double limit, Report &report)
{
    std::vector<Contest> all = contests(setup, prefix, entrants);
    play(all, rounds, PollersEvery, killHolder);
    tell(all, "hand-over after SIGKILL", limit, 0, report);
}

} // namespace

void measureHandOver(const Setup &setup, Report &report)
{
    measureReleases(setup, "handover", Native, setup.amount(400, 40), 4, 50, report);
}

void measureKill(const Setup &setup, Report &report)
{
    measureDeaths(setup, "kill", Native, setup.amount(300, 25), 4, report);
}

void measureSoftHandOver(const Setup &setup, Report &report)
{
    measureReleases(setup, "soft", Soft, setup.amount(200, 30), 5, 0, report);
    measureDeaths(setup, "softkill", SoftKill, setup.amount(100, 15), 0, report);
}

void measureDatabaseHandOver(const Setup &setup, Report &report)
{
    measureReleases(setup, "database", databaseEntrants(), setup.amount(200, 30), 10, 0, report);
    measureDeaths(setup, "databasekill", databaseEntrants(), setup.amount(100, 15), 0, report);
}

void measureServerHandOver(const Setup &setup, Report &report)
{
    if (const QString why = PostgresServer::whyNot(); !why.isEmpty())
        return report.inform("left out", why.toStdString());
    const PostgresServer server;
    qputenv("HOLDFAST_POSTGRES", server.url().toUtf8());
    measureReleases(setup, "server", Server, setup.amount(200, 30), 3, 0, report);
}

} // namespace Bench
