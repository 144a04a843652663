// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <cstdint>

/** One hold of a read/write lock, or, with a worker and no more, one stop of it; nanoseconds of one clock for all. */
struct Stretch
{
    std::int64_t asked = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
    int worker = 0;
    bool writes = false;
    bool isLost = false;
};

/** Of the kind soft-rw-brief, which gives a hold up 50 ms before others may take it. */
constexpr int StaleThresholdMsecs = 400;

/** What a readwriteworker wrote down. One that was killed in a hold has held until then, at least. */
QList<Stretch> readHolds(const QString &path, int worker, bool writes);

/**
 * What is wrong in a history, in words; empty when nothing is. No writer may be together with anybody, unless one of the two
 * was told that he has lost his hold; and nobody may lose it without having been stopped, or having held it for a while.
 */
QString findOverlap(QList<Stretch> holds, const QList<Stretch> &stops);
