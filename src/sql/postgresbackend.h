// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/abstractlock_p.h"

#include <QtSql/qsqldatabase.h>

#include <chrono>

namespace Holdfast {

/** What makes the backends of the lock @p name on the server that @p connection describes. */
LockCore::BackendFactory postgresBackends(const QSqlDatabase &connection, const QString &name,
                                          std::chrono::milliseconds lossBound);

} // namespace Holdfast
