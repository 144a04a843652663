// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "handovers.h"

#include <algorithm>
#include <utility>

std::optional<HandOvers::HandOver> HandOvers::take(const QString &name, const Report &report)
{
    switch (report.kind) {
    case Report::Contended:
        m_waiting.insert(name);
        break;
    case Report::Acquired:
        return begin(name, report.when);
    case Report::TimedOut:
    case Report::Cancelled:
        m_waiting.remove(name);
        break;
    case Report::Released:
    case Report::Killed:
        end(name, report);
        break;
    case Report::Ready:
    case Report::Done:
    case Report::Failed:
        break;
    }
    return std::nullopt;
}

std::optional<HandOvers::HandOver> HandOvers::begin(const QString &name, Moment when)
{
    m_holder = name;
    auto handOver = std::exchange(m_next, std::nullopt);
    if (!m_waiting.remove(name) || !handOver || handOver->from == name)
        return std::nullopt;
    handOver->duration = when - m_freed;
    m_all.push_back(handOver->duration);
    return handOver;
}

void HandOvers::end(const QString &name, const Report &report)
{
    if (m_holder != name)
        return;
    m_holder.clear();
    m_freed = report.when;
    m_next = HandOver{{}, name, report.kind == Report::Killed};
}

std::chrono::nanoseconds HandOvers::median() const
{
    if (m_all.empty())
        return {};
    auto sorted = m_all;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
}

std::chrono::nanoseconds HandOvers::longest() const
{
    return m_all.empty() ? std::chrono::nanoseconds() : *std::max_element(m_all.begin(), m_all.end());
}
