// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "timeline.h"

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

Timeline::Timeline()
{
    constexpr auto delay = 60ms;
    connect(&m_timer, &QTimer::timeout, this, [this, delay] { tellUntil(now() - delay); });
    m_timer.start(20ms);
}

void Timeline::setSilent(bool silent)
{
    flush();
    m_silent = silent;
}

void Timeline::add(const QString &name, const Report &report)
{
    m_heldBack.emplace(report.when, Entry{name, report});
}

void Timeline::flush()
{
    tellUntil(Moment::max());
}

void Timeline::tellUntil(Moment moment)
{
    while (!m_heldBack.empty() && m_heldBack.begin()->first <= moment) {
        tell(m_heldBack.begin()->second);
        m_heldBack.erase(m_heldBack.begin());
    }
}

void Timeline::tell(const Entry &entry)
{
    using namespace Terminal;
    const auto handOver = m_handOvers.take(entry.name, entry.report);
    const QString after = QString("after %1 ms").arg(entry.report.number);
    switch (entry.report.kind) {
    case Report::Contended:
        return printLine(entry, Yellow, "waits", holder(entry.report.number) + " has the lock");
    case Report::Acquired:
        if (!handOver)
            return printLine(entry, Green, "acquired", "it was free");
        return printLine(
            entry, Green, "acquired",
            QString("%1 after %2 %3")
                .arg(inWords(handOver->duration), handOver->from, handOver->byDeath ? "was killed" : "let go"));
    case Report::Released:
        return printLine(entry, Plain, "released", QString("entry %1 is written").arg(entry.report.number));
    case Report::TimedOut:
        return printLine(entry, Magenta, "timed out", after);
    case Report::Cancelled:
        return printLine(entry, Magenta, "cancelled", after);
    case Report::Killed:
        return printLine(entry, Red, "killed", "with SIGKILL, between reading and writing");
    case Report::Ready:
    case Report::Done:
    case Report::Failed:
        break;
    }
}

void Timeline::printLine(const Entry &entry, Terminal::Colour colour, const QString &event, const QString &detail)
{
    if (m_silent)
        return;
    const QString time = QString("%1").arg(Seconds(entry.report.when - m_start).count(), 8, 'f', 3);
    Terminal::print(Terminal::in(Terminal::Dim, time) + "  " + entry.name.leftJustified(7)
                    + Terminal::in(colour, event.leftJustified(11)) + detail);
}

QString Timeline::holder(qint64 processId) const
{
    const QString name = m_names.value(processId, "somebody");
    return processId == 0 ? name : QString("%1 (pid %2)").arg(name).arg(processId);
}

QString Timeline::inWords(std::chrono::nanoseconds duration)
{
    if (duration < 1ms)
        return QString("%1 us").arg(duration / 1us);
    if (duration < 10ms)
        return QString("%1 ms").arg(Seconds(duration).count() * 1e3, 0, 'f', 1);
    return QString("%1 ms").arg(duration / 1ms);
}
