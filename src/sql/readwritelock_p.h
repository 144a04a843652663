// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockinspection.h>

#include "core/pathlock_p.h"
#include "sql/serveraddress.h"

#include <QtSql/qsqldatabase.h>

#include <chrono>

namespace Holdfast {

/** Behind a lock on a SQLite file. */
class SqliteLockPrivate final : public PathLockPrivate
{
public:
    explicit SqliteLockPrivate(const QString &path);
    LockInspection inspect() const;

private:
    LockCore::BackendFactory factoryFor(const std::string &path) const override;
};

/** Behind a lock on a server. */
class ServerLockPrivate final : public AbstractLockPrivate
{
public:
    ServerLockPrivate(const QSqlDatabase &connection, QString name, qint64 key, std::chrono::milliseconds lossBound);
    qint64 key() const { return m_key; }
    QString name() const override { return m_name; }
    LockInspection inspect() const;

private:
    const ServerAddress m_address;
    const QString m_name;
    const qint64 m_key;
};

} // namespace Holdfast
