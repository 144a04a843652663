// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// How long it takes from the end of one hold, in one process, to the beginning of the next, in another.
#pragma once

#include "messages.h"

#include <QSet>
#include <QString>

#include <optional>
#include <vector>

/** Follows the lock from holder to holder. Wants the reports of all processes, in the order of their time. */
class HandOvers
{
public:
    struct HandOver
    {
        std::chrono::nanoseconds duration{};
        QString from = {};
        bool byDeath = false;
    };

    /** Something when this is a waiter's becoming the holder. */
    std::optional<HandOver> take(const QString &name, const Report &report);

    int count() const { return int(m_all.size()); }
    std::chrono::nanoseconds median() const;
    std::chrono::nanoseconds longest() const;

private:
    std::optional<HandOver> begin(const QString &name, Moment when);
    void end(const QString &name, const Report &report);

    QString m_holder;
    std::optional<HandOver> m_next; // the last hold has ended, and so
    Moment m_freed{};
    QSet<QString> m_waiting;
    std::vector<std::chrono::nanoseconds> m_all;
};
