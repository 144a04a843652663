// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "readwritechecker.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>

namespace {

QString describe(const Stretch &hold)
{
    return QStringLiteral("%1 %2 from %3 to %4%5")
        .arg(hold.writes ? QStringLiteral("writer") : QStringLiteral("reader"))
        .arg(hold.worker)
        .arg(hold.from)
        .arg(hold.to)
        .arg(hold.isLost ? QStringLiteral(" (lost)") : QString());
}

bool overlap(std::int64_t from, std::int64_t to, std::int64_t otherFrom, std::int64_t otherTo)
{
    return from < otherTo && otherFrom < to;
}

class Checker
{
public:
    Checker(QList<Stretch> holds, QList<Stretch> stops) : m_holds(std::move(holds)), m_stops(std::move(stops))
    {
        std::sort(m_holds.begin(), m_holds.end(), [](const Stretch &a, const Stretch &b) { return a.from < b.from; });
    }

    QString check() const
    {
        for (qsizetype i = 0; i < m_holds.size(); ++i) {
            if (const QString problem = checkHold(m_holds.at(i)); !problem.isEmpty())
                return problem;
            for (qsizetype j = i + 1; j < m_holds.size() && m_holds.at(j).from < m_holds.at(i).to + Longest; ++j) {
                const QString problem = checkPair(m_holds.at(i), m_holds.at(j));
                if (!problem.isEmpty())
                    return problem;
            }
        }
        return {};
    }

private:
    static constexpr std::int64_t Longest = 10'000'000'000;

    // A stop so long that others may have taken the marker for stale, a little tolerance included.
    bool wasStopped(const Stretch &hold, std::int64_t since) const
    {
        return std::any_of(m_stops.begin(), m_stops.end(), [&](const Stretch &stop) {
            return stop.worker == hold.worker && stop.to - stop.from > (StaleThresholdMsecs - 60) * 1'000'000LL
                   && overlap(since, hold.to, stop.from, stop.to);
        });
    }

    QString checkHold(const Stretch &hold) const
    {
        const bool hasHadTime = hold.to - hold.from > 280'000'000; // nobody loses what he refreshed a moment ago
        if (hold.isLost && !hasHadTime && !wasStopped(hold, hold.asked))
            return QStringLiteral("lost without a reason: ") + describe(hold);
        return {};
    }

    QString checkPair(const Stretch &a, const Stretch &b) const
    {
        if (!(a.writes || b.writes) || !overlap(a.from, a.to, b.from, b.to))
            return {};
        if (a.isLost || b.isLost)
            return {};
        // One who was stopped just before he wrote down that he has it, and gave it back at once.
        if ((wasStopped(a, a.asked) && !wasStopped(a, a.from + 1))
            || (wasStopped(b, b.asked) && !wasStopped(b, b.from + 1)))
            return {};
        return QStringLiteral("together: ") + describe(a) + QStringLiteral(", ") + describe(b);
    }

    QList<Stretch> m_holds;
    QList<Stretch> m_stops;
};

} // namespace

QList<Stretch> readHolds(const QString &path, int worker, bool writes)
{
    QList<Stretch> holds;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return holds;
    while (!file.atEnd()) {
        const QList<QByteArray> words = file.readLine().split(' ');
        if (words.size() != 3 || !words.last().endsWith('\n'))
            continue;
        const std::int64_t first = words.at(1).toLongLong();
        if (words.first() == "granted") {
            const std::int64_t granted = words.at(2).trimmed().toLongLong();
            holds.append({first, granted, granted, worker, writes, false});
        } else if (!holds.isEmpty()) {
            holds.last().to = first;
            holds.last().isLost = words.first() == "lost";
        }
    }
    return holds;
}

QString findOverlap(QList<Stretch> holds, const QList<Stretch> &stops)
{
    return Checker(std::move(holds), stops).check();
}
