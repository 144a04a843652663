// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What waiting and holding cost the event loop and the processor when nothing happens.

#include "child.h"
#include "groups.h"
#include "stats.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace Bench {

namespace {

Nanoseconds longestGap(Child &child, std::int64_t duration)
{
    child.tell("tick " + std::to_string(duration));
    return static_cast<Nanoseconds>(child.expect("gap").at(0));
}

/** How often the threads of a process have gone to sleep by themselves. */
double sleeps(const Child &child)
{
    double sum = 0;
    const std::string tasks = "/proc/" + std::to_string(child.pid()) + "/task";
    for (const auto &task : std::filesystem::directory_iterator(tasks)) {
        std::ifstream status(task.path() / "status");
        for (std::string word; status >> word;) {
            double number = 0;
            if (word == "voluntary_ctxt_switches:" && status >> number)
                sum += number;
        }
    }
    return sum;
}

double sleepsPerSecond(const Child &child, std::int64_t duration)
{
    const double before = sleeps(child);
    sleepFor(duration);
    return (sleeps(child) - before) * Second / static_cast<double>(duration);
}

} // namespace

void measureGap(const Setup &setup, Report &report)
{
    const std::string path = setup.path("gap.lock");
    Child holder("holdfast", path);
    Child idle("holdfast-loop", path);
    Child waiting("holdfast-loop", path);
    holder.tell("keep");
    holder.expect("held");
    waiting.tell("wait");
    std::vector<double> idleGaps;
    std::vector<double> waitingGaps;
    for (int i = 0; i < setup.amount(9, 2); ++i) {
        idleGaps.push_back(longestGap(idle, 5 * Second));
        waitingGaps.push_back(longestGap(waiting, 5 * Second));
    }
    const double more = median(waitingGaps) - median(idleGaps);
    report.add({{},
                "longest gap of a 5 ms timer during a wait of 5 s",
                timeText(median(waitingGaps)),
                "idle loop " + timeText(median(idleGaps)),
                "+" + timeText(std::max(more, 0.0)),
                "at most 2 ms more",
                more <= 2 * Millisecond ? Verdict::Reached : Verdict::NotReached});
}

void measureWakeups(const Setup &setup, Report &report)
{
    const std::int64_t duration = setup.amount(10, 2) * Second;
    const auto perSecond = [duration](const Child &child) {
        return numberText(sleepsPerSecond(child, duration), 1) + " /s";
    };
    const std::string path = setup.path("wakeups.lock");
    const std::string crowded = setup.path("wakeups-crowded.lock"); // with a neighbour that opens and closes the file
    Child holder("holdfast-loop", path);
    Child loop("holdfast-loop", path);
    Child blocking("holdfast", path);
    Child crowdedHolder("holdfast-loop", crowded);
    Child crowdedLoop("holdfast-loop", crowded);
    Child filelock("filelock", crowded);
    for (Child *child : {&holder, &crowdedHolder}) {
        child->tell("keep");
        child->expect("held");
    }
    for (Child *child : {&loop, &blocking, &crowdedLoop, &filelock})
        child->tell("wait");
    sleepFor(Second); // until the hold is old enough to be watched
    const std::string theirs = "filelock " + perSecond(filelock);
    report.inform("wake-ups of an idle holder", perSecond(holder));
    report.inform("wake-ups of a waiter, acquire()", perSecond(loop), theirs);
    report.inform("wake-ups of a waiter, tryAcquireFor()", perSecond(blocking), theirs);
    report.inform("beside a waiting filelock: holder", perSecond(crowdedHolder));
    report.inform("beside a waiting filelock: waiter, acquire()", perSecond(crowdedLoop));
}

} // namespace Bench
