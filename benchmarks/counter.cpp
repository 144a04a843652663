// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Several processes that add to one number in a file.

#include "child.h"
#include "groups.h"
#include "stats.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace Bench {

namespace {

constexpr int Processes = 8;

struct Contest
{
    std::string name;
    std::string kind;
    std::vector<double> throughputs = {}; // increments per second
    std::vector<double> fairnesses = {};
    std::vector<double> longestWaits = {};
    std::int64_t lost = 0;
};

/** The number in a file, at first 0. */
class Number
{
public:
    explicit Number(const std::string &path)
        : m_descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666))
    {
        if (m_descriptor < 0)
            throw std::system_error(errno, std::generic_category(), path);
        const std::int64_t zero = 0;
        if (pwrite(m_descriptor, &zero, sizeof zero, 0) < 0)
            throw std::system_error(errno, std::generic_category(), path);
    }
    ~Number() { close(m_descriptor); }
    Number(const Number &) = delete;
    Number &operator=(const Number &) = delete;
    std::int64_t value() const
    {
        std::int64_t number = 0;
        return pread(m_descriptor, &number, sizeof number, 0) == sizeof number ? number : -1;
    }

private:
    const int m_descriptor;
};

void countTogether(Contest &contest, const Setup &setup, int increments)
{
    const std::string file = setup.path("counter.number");
    const Number number(file);
    std::vector<std::unique_ptr<Child>> children;
    for (int i = 0; i < Processes; ++i)
        children.push_back(std::make_unique<Child>(contest.kind, setup.path("counter.lock")));
    const std::int64_t begin = now();
    for (const auto &child : children)
        child->tell("count " + std::to_string(increments) + " " + file);
    std::int64_t end = begin;
    std::vector<double> rates;
    double longest = 0;
    for (const auto &child : children) {
        const auto counted = child->expect("counted");
        end = std::max(end, counted.at(0));
        rates.push_back(1.0 / static_cast<double>(counted.at(1)));
        longest = std::max(longest, static_cast<double>(counted.at(2)));
    }
    const int all = Processes * increments;
    contest.throughputs.push_back(all * static_cast<double>(Second) / static_cast<double>(end - begin));
    contest.fairnesses.push_back(fairness(rates));
    contest.longestWaits.push_back(longest);
    contest.lost += all - number.value();
}

void compare(const Contest &ours, const Contest &theirs, double goal, Report &report)
{
    const double ratio = median(ours.throughputs) / median(theirs.throughputs);
    const auto perSecond = [](const Contest &contest) { return numberText(median(contest.throughputs), 0) + " /s"; };
    Row row{{},
            "8 processes, one counter, " + ours.name,
            perSecond(ours),
            theirs.name + " " + perSecond(theirs),
            numberText(ratio, 2) + "x",
            {},
            Verdict::Information};
    if (goal > 0) {
        row.goal = "at least " + numberText(goal, 1) + "x";
        row.verdict = ratio >= goal ? Verdict::Reached : Verdict::NotReached;
    }
    report.add(row);
}

} // namespace

void measureCounter(const Setup &setup, Report &report)
{
    std::vector<Contest> all = {{"acquire()", "holdfast-loop"},
                                {"tryAcquireFor()", "holdfast"},
                                {"blocked flock", "flock"},
                                {"blocked flock, opened each time", "flock-open"},
                                {"filelock", "filelock"}};
    for (int i = 0; i < setup.amount(7, 1); ++i) {
        for (Contest &contest : all)
            countTogether(contest, setup, setup.amount(2000, 500));
    }
    for (const Contest &ours : {all[0], all[1]}) {
        report.judge("8 processes, one counter, " + ours.name + ": lost", std::to_string(ours.lost), "0",
                     ours.lost == 0);
        compare(ours, all[2], 0.5, report);
        compare(ours, all[3], 0.5, report);
        compare(ours, all[4], 0, report);
    }
    for (const Contest &contest : all)
        report.inform("Jain's fairness index and longest wait, " + contest.name,
                      numberText(median(contest.fairnesses), 3) + ", " + timeText(median(contest.longestWaits)));
}

} // namespace Bench
