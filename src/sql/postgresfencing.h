// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "sql/postgresconnection.h"

namespace Holdfast {

/** Makes sure that there is a sequence to draw fencing tokens from; false, with a warning: there is none for this role. */
bool prepareFencing(PostgresConnection &connection);

QString nextTokenExpression();

/** Says once a session what the server's administrator can do about it. */
void warnOfFencing(const ServerAddress &address, const QString &reason);

} // namespace Holdfast
