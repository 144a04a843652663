// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <cstdint>

/**
 * What one worker did, in the order it did it, each line written with one write(2) before or after the deed, so that a
 * kill -9 between two lines loses nothing that was done.
 *
 * `granted` is written as soon as the lock is had, `done` just before it is given back: the lock was certainly held
 * between the two moments. A worker that was killed in between leaves `granted` alone; it held until its death.
 */
struct HistoryLine
{
    enum Event { Asked, Granted, Done, TimedOut, Cancelled, Failed };
    std::int64_t nanoseconds = 0; ///< CLOCK_MONOTONIC, one clock for all processes
    Event event = Asked;
    int worker = 0;
};

/** A stretch of time in which a worker certainly held the lock. */
struct HeldStretch
{
    std::int64_t from = 0;
    std::int64_t to = 0;
    int worker = 0;
};

std::int64_t monotonicNow();

/** Appends one line to the open file @p descriptor. */
void record(int descriptor, HistoryLine::Event event, int worker);

/** Reads what record() wrote; an incomplete last line is left out. */
QList<HistoryLine> readHistory(const QString &path);

/** The stretches in a worker's lines; sets @p problem when asks and endings do not alternate. */
QList<HeldStretch> heldStretches(const QList<HistoryLine> &lines, QString *problem);

/** The first two of all workers' stretches that overlap, in words; empty when none do. */
QString findOverlap(QList<HeldStretch> stretches);
