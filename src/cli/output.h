// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

namespace Holdfast::Cli {

bool print(const QString &text); ///< to standard output, as it is; false when it cannot be written

/** Prints @p text, and answers with @p exitCode; or complains that it cannot, and answers with ExitCode::System. */
int printAndEnd(const QString &text, int exitCode);

/** "holdfast: " and @p sentence as one line on standard error. */
void complain(const QString &sentence);

/** @p text without control characters: the name of a file or of a stranger's program must not steer the terminal. */
QString printable(QString text);

/** A duration for people who wait: `7 s`, `2 min 5 s`, `3 h 10 min`. */
QString inWords(qint64 seconds);

} // namespace Holdfast::Cli
