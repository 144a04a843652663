// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "stats.h"

#include <string>
#include <vector>

namespace Bench {

enum class Verdict { Reached, NotReached, Information };

/** One line of the table. */
struct Row
{
    std::string group;
    std::string figure;
    std::string ours;
    std::string peer;
    std::string ratio;
    std::string goal;
    Verdict verdict = Verdict::Information;
};

std::string timeText(Nanoseconds time);
std::string numberText(double number, int digits);

/** The table: shown line by line as it grows, then written as a page. */
class Report
{
public:
    void beginGroup(const std::string &group);

    /** Ours over the peer's time, which should not exceed @p limit; 0: no limit. */
    void slower(const std::string &figure, Nanoseconds ours, const std::string &peer, Nanoseconds theirs,
                double limit = 0);

    /** The peer's time over ours, which should be at least @p times; 0: no goal. */
    void faster(const std::string &figure, Nanoseconds ours, const std::string &peer, Nanoseconds theirs, double times);

    void judge(const std::string &figure, const std::string &ours, const std::string &goal, bool reached);
    void inform(const std::string &figure, const std::string &ours, const std::string &peer = {});
    void add(Row row);

    bool writePage(const std::string &path, const std::string &machine) const;

private:
    std::string notes() const;

    std::string m_group;
    std::vector<Row> m_rows;
};

} // namespace Bench
