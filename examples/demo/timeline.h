// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What happens, told line by line while it happens.
#pragma once

#include "handovers.h"
#include "messages.h"
#include "terminal.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <map>

/**
 * Puts the reports of all processes into the order of their time. They come through different pipes, so each line is
 * held back for a moment, in case that an earlier one is still on its way.
 */
class Timeline : public QObject
{
    Q_OBJECT

public:
    Timeline();

    void introduce(const QString &name, qint64 processId) { m_names[processId] = name; }
    void begin() { m_start = now(); }
    void setSilent(bool silent); ///< goes on measuring
    void add(const QString &name, const Report &report);
    void flush(); ///< holds nothing back any longer

    const HandOvers &handOvers() const { return m_handOvers; }

    static QString inWords(std::chrono::nanoseconds duration); ///< "184 us", "1.2 ms", "0.52 s"

private:
    struct Entry
    {
        QString name;
        Report report;
    };

    void tellUntil(Moment moment);
    void tell(const Entry &entry);
    void printLine(const Entry &entry, Terminal::Colour colour, const QString &event, const QString &detail);
    QString holder(qint64 processId) const;

    Moment m_start = now();
    bool m_silent = false;
    std::multimap<Moment, Entry> m_heldBack;
    QTimer m_timer;
    QHash<qint64, QString> m_names;
    HandOvers m_handOvers;
};
