// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresbackend.h"

namespace Holdfast {

LockCore::BackendFactory postgresBackends(const QSqlDatabase &connection, const QString &name,
                                          std::chrono::milliseconds)
{
    return LockCore::refuse(
        {LockError::Unsupported,
         QStringLiteral("Cannot lock \"%1\": the driver %2 is not supported.").arg(name, connection.driverName())});
}

} // namespace Holdfast
