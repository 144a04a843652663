// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/attempt.h"
#include "sql/serveraddress.h"

#include <QtSql/qsqldriver.h>

#include <cstdint>
#include <functional>

namespace Holdfast {

/** The socket of an open connection; negative: not known. */
std::intptr_t socketOf(const QSqlDriver &driver);

/** Whether @p session, as whoever answers calls it, is the one that was named when the connection was made. A pooler speaks for
    itself then, so it is not. False also when that is not known. */
bool isSessionAsAnnounced(const QSqlDriver &driver, const QString &session);

/** What the first row of the answer to @p statement begins with; empty: there is none. */
QString askForOne(const QSqlDatabase &database, const QString &statement);

/**
 * Finds out, by a second connection, whether somebody gives each statement another session than ours, @p session; unset: nobody does,
 * as far as can be seen. @p askAgain: asks something through our connection, and says whether it is still ours.
 */
Failure findPooler(const ServerAddress &address, const QString &session, const std::function<Failure()> &askAgain);

} // namespace Holdfast
