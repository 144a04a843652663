// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "report.h"

#include <string>

namespace Bench {

struct Setup
{
    std::string directory; ///< where the lock files lie
    bool quick = false;

    std::string path(const std::string &name) const { return directory + "/" + name; }

    /** The first number, or in a short run the second. */
    int amount(int full, int shortly) const { return quick ? shortly : full; }

    /** The same in a new directory, whose files lie far from those of all others. */
    Setup apart() const;
};

// The groups of the table.
void measureCalls(const Setup &setup, Report &report);
void measureHandOver(const Setup &setup, Report &report);
void measureKill(const Setup &setup, Report &report);
void measureGap(const Setup &setup, Report &report);
void measureCrowd(const Setup &setup, Report &report);
void measureCounter(const Setup &setup, Report &report);
void measureSoftCalls(const Setup &setup, Report &report);
void measureSoftHandOver(const Setup &setup, Report &report);
void measureDatabaseCalls(const Setup &setup, Report &report);
void measureDatabaseHandOver(const Setup &setup, Report &report);
void measureServerCalls(const Setup &setup, Report &report);
void measureServerHandOver(const Setup &setup, Report &report);
void measureReadersAndWriters(const Setup &setup, Report &report);
void measureDocumentLock(const Setup &setup, Report &report);
void measureSingleInstance(const Setup &setup, Report &report);
void measureWakeups(const Setup &setup, Report &report);

} // namespace Bench
