// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A minute of readers and writers on one soft read/write lock, killed and stopped at random, and whether all went well.

#include "../tests/stress/readwritescene.h"
#include "groups.h"

#include <cstdio>
#include <string>

namespace Bench {

namespace {

void play(const char *name, const ReadWriteMix &mix, Report &report)
{
    const ReadWriteHistory history = ReadWriteScene(mix).play();
    if (!history.problem.isEmpty())
        std::printf("  %s\n", qPrintable(history.problem));
    const std::string who = std::string(name) + ", " + std::to_string(mix.readers) + " readers, "
                            + std::to_string(mix.writers) + " writers, " + std::to_string(mix.duration.count()) + " s";
    report.judge(who + ": history", history.problem.isEmpty() ? "in order" : "BROKEN",
                 "no writer with anybody, nothing stuck", history.problem.isEmpty());
    report.judge(who + ": turns of the writer who had fewest", std::to_string(history.fewestWrites), "at least 1",
                 history.fewestWrites > 0);
    report.inform(who + ": turns of the reader who had fewest", std::to_string(history.fewestReads));
    report.inform(who + ": holds, those for writing, those lost", std::to_string(history.holds) + ", "
                                                                      + std::to_string(history.writes) + ", "
                                                                      + std::to_string(history.lost));
    report.inform(who + ": killed, stopped", std::to_string(history.kills) + ", " + std::to_string(history.stops));
}

} // namespace

void measureReadersAndWriters(const Setup &setup, Report &report)
{
    const ReadWriteMix mix{.readers = 16,
                           .writers = 4,
                           .duration = std::chrono::seconds(setup.amount(60, 10)),
                           .longestStop = std::chrono::seconds(2)};
    play("SoftReadWriteLock", mix, report);
    ReadWriteMix database = mix;
    database.kind = QStringLiteral("sqlite-rw");
    play("ReadWriteLock on SQLite", database, report);
}

} // namespace Bench
