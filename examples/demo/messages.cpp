// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "messages.h"

#include <QJsonArray>
#include <QJsonDocument>

using std::chrono::milliseconds;

Moment now()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

QByteArray Order::toLine() const
{
    const QJsonArray fields{document, guarded, first, count, qint64(effort.count()), qint64(patience.count())};
    return QJsonDocument(fields).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<Order> Order::fromLine(const QByteArray &line)
{
    const QJsonArray fields = QJsonDocument::fromJson(line).array();
    if (fields.size() != 6)
        return std::nullopt;
    return Order{fields[0].toString(),
                 fields[1].toBool(),
                 fields[2].toInt(),
                 fields[3].toInt(),
                 milliseconds(fields[4].toInteger()),
                 milliseconds(fields[5].toInteger())};
}

QByteArray Report::toLine() const
{
    return QByteArray::number(qint64(when.count())) + ' ' + QByteArray::number(kind) + ' ' + QByteArray::number(number)
           + '\n';
}

std::optional<Report> Report::fromLine(const QByteArray &line)
{
    const QList<QByteArray> fields = line.trimmed().split(' ');
    const int kind = fields.size() == 3 ? fields[1].toInt() : -1;
    if (kind < Ready || kind > Failed)
        return std::nullopt;
    return Report{Moment(fields[0].toLongLong()), Kind(kind), fields[2].toLongLong()};
}
