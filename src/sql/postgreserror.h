// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/attempt.h"
#include "sql/serveraddress.h"

#include <QtSql/qsqlerror.h>

namespace Holdfast {

/** The sentences for a driver other than PostgreSQL's, and for one that is not installed. */
Failure wrongDriver(const ServerAddress &address, const QString &name);
Failure driverIsMissing(const QString &name);

/** The sentence for a connection that could not be made. */
Failure connectFailure(const ServerAddress &address, const QSqlError &error);

/** The sentence for a statement that a server, which is still there, has refused. */
Failure statementFailure(const ServerAddress &address, const QSqlError &error);

/** The sentence for a session that has ended. */
Failure sessionEnded(const ServerAddress &address, const QString &words);

/** The sentence for a server that has not answered for so long. */
Failure noAnswer(const ServerAddress &address);

/** The sentence for a pooler that gives us another server process for each statement. */
Failure movesSessions(const ServerAddress &address);

/** The sentence for a server that only replays what another one does. */
Failure isStandby(const ServerAddress &address);

} // namespace Holdfast
