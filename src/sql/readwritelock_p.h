// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/pathlock_p.h"

#include <QtSql/qsqldatabase.h>

#include <chrono>

namespace Holdfast {

/** Behind a lock on a SQLite file. */
class SqliteLockPrivate final : public PathLockPrivate
{
public:
    explicit SqliteLockPrivate(const QString &path);

private:
    LockCore::BackendFactory factoryFor(const std::string &path) const override;
};

/** Behind a lock on a server. */
class ServerLockPrivate final : public AbstractLockPrivate
{
public:
    ServerLockPrivate(const QSqlDatabase &connection, QString name, std::chrono::milliseconds lossBound);
    QString name() const override { return m_name; }

private:
    const QString m_name;
};

} // namespace Holdfast
