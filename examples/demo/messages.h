// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What director and workers say to each other: one line of text each, through the worker's standard input and output.
#pragma once

#include <QByteArray>
#include <QString>

#include <chrono>
#include <optional>

/** Nanoseconds of the steady clock, which is one and the same for all processes of a machine. */
using Moment = std::chrono::nanoseconds;
Moment now();

/** What a worker shall do. */
struct Order
{
    QString document = {};
    bool guarded = true;                    ///< under the lock, or without
    int first = 1;                          ///< the worker's own number of the first entry
    int count = 1;                          ///< how many entries to add, one after the other
    std::chrono::milliseconds effort{0};    ///< between reading the document and writing it
    std::chrono::milliseconds patience{-1}; ///< for each lock; -1 ms: for ever

    QByteArray toLine() const;
    static std::optional<Order> fromLine(const QByteArray &line);
};

/** What a worker has seen. */
struct Report
{
    enum Kind {
        Ready,     ///< waits for orders
        Contended, ///< number: the process that holds the lock, 0 when unknown
        Acquired,
        Released,  ///< number: of the entry that was added
        TimedOut,  ///< number: after so many milliseconds
        Cancelled, ///< likewise
        Killed,    ///< said by the director, for a worker that no longer can
        Done,      ///< the order is carried out, or given up
        Failed
    };
    Moment when{};
    Kind kind = Ready;
    qint64 number = 0;

    QByteArray toLine() const;
    static std::optional<Report> fromLine(const QByteArray &line);
};
