// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "child.h"
#include "groups.h"
#include "stats.h"

#include <holdfast/abstractlock.h>

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace Bench {

/** Ends the program when a call that must succeed does not: there is nothing to measure then. */
void require(bool condition);

/** acquire(), and in the handler of acquired() release() and the next acquire(), @p chain times in a running event loop. */
void acquireInTurns(benchmark::State &state, Holdfast::AbstractLock &lock, int chain);

/** Takes and gives a lock of Python's, many times in its own process. */
void pythonPairs(benchmark::State &state, Child &python);

/** Runs what is registered with Google Benchmark, in random order again and again, and keeps the medians. */
class Micro : private benchmark::BenchmarkReporter
{
public:
    explicit Micro(const Setup &setup);

    void run();
    Nanoseconds operator[](const std::string &name) const { return median(m_times.at(name)); }

private:
    bool ReportContext(const Context &) override { return true; }
    void ReportRuns(const std::vector<Run> &runs) override;

    std::map<std::string, std::vector<double>> m_times;
};

} // namespace Bench
