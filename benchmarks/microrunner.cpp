// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "micro.h"

#include <QtCore/qeventloop.h>

#include <cstdlib>

namespace Bench {

namespace {

constexpr int PythonPairs = 500;

} // namespace

void require(bool condition)
{
    if (!condition)
        std::abort();
}

void acquireInTurns(benchmark::State &state, Holdfast::AbstractLock &lock, int chain)
{
    QEventLoop loop;
    int left = 0;
    QObject::connect(&lock, &Holdfast::AbstractLock::acquired, [&] {
        lock.release();
        if (--left > 0)
            lock.acquire();
        else
            loop.quit();
    });
    while (state.KeepRunningBatch(chain)) {
        left = chain;
        lock.acquire();
        loop.exec();
    }
}

void pythonPairs(benchmark::State &state, Child &python)
{
    for (auto _ : state) {
        python.tell("pairs " + std::to_string(PythonPairs));
        state.SetIterationTime(static_cast<double>(python.expect("took").at(0)) / Second / PythonPairs);
    }
}

Micro::Micro(const Setup &setup)
{
    std::string program = "holdfast-bench";
    std::string order = "--benchmark_enable_random_interleaving=true";
    std::string repetitions = "--benchmark_repetitions=" + std::to_string(setup.amount(21, 5));
    std::string time = setup.quick ? "--benchmark_min_time=0.02" : "--benchmark_min_time=0.1";
    char *arguments[] = {program.data(), order.data(), repetitions.data(), time.data(), nullptr};
    int count = 4;
    benchmark::Initialize(&count, arguments);
}

void Micro::run()
{
    benchmark::RunSpecifiedBenchmarks(this);
    benchmark::ClearRegisteredBenchmarks();
}

void Micro::ReportRuns(const std::vector<Run> &runs)
{
    for (const Run &run : runs) {
        if (run.run_type == Run::RT_Iteration)
            m_times[run.run_name.function_name].push_back(run.GetAdjustedRealTime());
    }
}

} // namespace Bench
