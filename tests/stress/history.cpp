// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "history.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <unistd.h>

std::int64_t monotonicNow()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

void record(int descriptor, HistoryLine::Event event, int worker)
{
    char line[64];
    const int size = std::snprintf(line, sizeof line, "%lld %d %d\n", static_cast<long long>(monotonicNow()),
                                   static_cast<int>(event), worker);
    if (write(descriptor, line, static_cast<std::size_t>(size)) != size)
        _exit(70);
}

QList<HistoryLine> readHistory(const QString &path)
{
    QFile file(path);
    QList<HistoryLine> lines;
    if (!file.open(QIODevice::ReadOnly))
        return lines;
    while (!file.atEnd()) {
        const QByteArray text = file.readLine();
        const QList<QByteArray> words = text.trimmed().split(' ');
        if (text.endsWith('\n') && words.size() == 3)
            lines.append({words[0].toLongLong(), static_cast<HistoryLine::Event>(words[1].toInt()), words[2].toInt()});
    }
    return lines;
}

QList<HeldStretch> heldStretches(const QList<HistoryLine> &lines, QString *problem)
{
    QList<HeldStretch> stretches;
    HistoryLine::Event last = HistoryLine::Done;
    for (const HistoryLine &line : lines) {
        const bool mayFollow = line.event == HistoryLine::Asked
                                   ? last != HistoryLine::Asked && last != HistoryLine::Granted
                               : line.event == HistoryLine::Done ? last == HistoryLine::Granted
                                                                 : last == HistoryLine::Asked;
        if (!mayFollow)
            *problem = QStringLiteral("worker %1: event %2 after event %3").arg(line.worker).arg(line.event).arg(last);
        if (line.event == HistoryLine::Granted)
            stretches.append({line.nanoseconds, line.nanoseconds, line.worker});
        else if (line.event == HistoryLine::Done && !stretches.isEmpty())
            stretches.last().to = line.nanoseconds;
        last = line.event;
    }
    return stretches;
}

QString findOverlap(QList<HeldStretch> stretches)
{
    std::sort(stretches.begin(), stretches.end(), [](const auto &a, const auto &b) { return a.from < b.from; });
    const HeldStretch *latest = nullptr;
    for (const HeldStretch &stretch : stretches) {
        if (latest && stretch.from < latest->to)
            return QStringLiteral("worker %1 held from %2 to %3, worker %4 from %5 to %6")
                .arg(latest->worker)
                .arg(latest->from)
                .arg(latest->to)
                .arg(stretch.worker)
                .arg(stretch.from)
                .arg(stretch.to);
        if (!latest || stretch.to > latest->to)
            latest = &stretch;
    }
    return {};
}
