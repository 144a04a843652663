// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include "sql/postgreskeys.h"

#include <QtCore/qstring.h>

#include <optional>

namespace Holdfast {

/** How a statement calls the three keys. */
struct PostgresTerms
{
    static const PostgresTerms &
    parameters(); ///< $1, $2, $3: for a statement that a session prepares once, for all keys
    static PostgresTerms of(const PostgresKeys &keys);

    QString lock;
    QString gate;
    QString bell;
};

/** What a session has at the server already, so that a statement need not ask for it. */
struct PostgresPossessions
{
    bool lock = false; ///< shared
    bool gate = false;
    bool bell = false;
};

/** The answer to an attempt. */
struct PostgresAnswer
{
    bool isAcquired = false;
    bool isOrderly = false; ///< what was to be given back was there
    qint64 fencingToken = 0;
    bool hasGate = false;
    bool hasBell = false;

    static std::optional<PostgresAnswer> from(const QString &text);
};

// Expressions, each for one row. Every part is a try: nothing waits at the server.
QString readExpression(const PostgresTerms &keys, const PostgresPossessions &has);
QString writeExpression(const PostgresTerms &keys, const PostgresPossessions &has, bool keepsGate,
                        const QString &token);
QString queueExpression(const PostgresTerms &keys,
                        const PostgresPossessions &has); ///< a writer's, while the lock is in use here

/** Says "true" first if there was something to give back. */
QString releaseExpression(const PostgresTerms &keys, bool isWriter);
QString openGateExpression(const PostgresTerms &keys);
QString takeBellDownExpression(const PostgresTerms &keys);

// Say "KEY true" if somebody who waits could have it now, and what has been tried is given back; else nothing.
QString canReadExpression(const PostgresKeys &numbers, bool hasLock);
QString canWriteExpression(const PostgresKeys &numbers);

/** After an attempt that broke off somewhere: gives back what it may have taken beyond @p has. */
QString undoExpression(const PostgresKeys &numbers, LockMode mode, const PostgresPossessions &has);

} // namespace Holdfast
