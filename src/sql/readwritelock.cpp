// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/sql/readwritelock.h>

#include "engine/attemptpool.h"
#include "engine/canonicalname.h"
#include "sql/postgresbackend.h"
#include "sql/postgresinspection.h"
#include "sql/postgreskeys.h"
#include "sql/readwritelock_p.h"
#include "sql/sqlitebackend.h"

#include <QtCore/qfile.h>

#include <utility>

namespace Holdfast {

using std::chrono::milliseconds;

// A relative path is one from where the program was when the lock was made, as in Python's filelock.
SqliteLockPrivate::SqliteLockPrivate(const QString &path) : PathLockPrivate(path, Anchor::Creation)
{
    core->options.builtInPool = attemptPool(AttemptPool::Files);
    publish();
}

LockCore::BackendFactory SqliteLockPrivate::factoryFor(const std::string &path) const
{
    return [path](const LockOptions &) { return std::make_unique<SqliteBackend>(path); };
}

LockInspection SqliteLockPrivate::inspect() const
{
    return inspectLock(checkPath(name()).isSet() ? name() : QFile::decodeName(place().c_str()));
}

ServerLockPrivate::ServerLockPrivate(const QSqlDatabase &connection, QString name, qint64 key, milliseconds lossBound)
    : m_address(ServerAddress::of(connection, lossBound)), m_name(std::move(name)), m_key(key)
{
    core->options.builtInPool = attemptPool(AttemptPool::Servers);
    core->setBackendFactory(postgresBackends(m_address, m_name, m_key));
}

LockInspection ServerLockPrivate::inspect() const
{
    if (const Failure why = whyNotOnServer(m_address, m_name); why.isSet())
        return {.family = LockEntry::Family::ReadWrite, .error = why.error, .errorString = why.text};
    return inspectServer(m_address, m_key);
}

ReadWriteLock::ReadWriteLock(const QString &path, const ReadWriteLockOptions &options, QObject *parent)
    : ReadWriteLock(std::make_unique<SqliteLockPrivate>(path), Storage::File, options, parent)
{ }

ReadWriteLock::ReadWriteLock(const QSqlDatabase &connection, const QString &name, const ReadWriteLockOptions &options,
                             QObject *parent)
    : ReadWriteLock(std::make_unique<ServerLockPrivate>(connection, name, keyOf(name), options.lossBound),
                    Storage::Server, options, parent)
{ }

ReadWriteLock::ReadWriteLock(const QSqlDatabase &connection, qint64 key, const ReadWriteLockOptions &options,
                             QObject *parent)
    : ReadWriteLock(std::make_unique<ServerLockPrivate>(connection, QString::number(key), key, options.lossBound),
                    Storage::Server, options, parent)
{ }

ReadWriteLock::ReadWriteLock(std::unique_ptr<AbstractLockPrivate> d, Storage storage,
                             const ReadWriteLockOptions &options, QObject *parent)
    : AbstractReadWriteLock(std::move(d), parent), m_storage(storage), m_lossBound(options.lossBound)
{
    d_ptr->core->options.mode = options.mode;
    takeCommonOptions(*this, options);
}

ReadWriteLock::~ReadWriteLock() = default;

QString ReadWriteLock::path() const
{
    return m_storage == Storage::File ? d_ptr->name() : QString();
}

QString ReadWriteLock::name() const
{
    return m_storage == Storage::Server ? d_ptr->name() : QString();
}

qint64 ReadWriteLock::key() const
{
    return m_storage == Storage::Server ? static_cast<const ServerLockPrivate &>(*d_ptr).key() : 0;
}

qint64 ReadWriteLock::keyOf(const QString &name)
{
    return PostgresKeys::of(name);
}

milliseconds ReadWriteLock::lossBound() const
{
    return m_lossBound;
}

qint64 ReadWriteLock::fencingToken() const
{
    return d_ptr->token().toLongLong();
}

LockHolder ReadWriteLock::holder() const
{
    const MadeBackend made = d_ptr->core->makeBackend();
    return made.backend ? made.backend->holder() : LockHolder();
}

LockInspection ReadWriteLock::inspect() const
{
    if (m_storage == Storage::Server)
        return static_cast<const ServerLockPrivate &>(*d_ptr).inspect();
    return static_cast<const SqliteLockPrivate &>(*d_ptr).inspect();
}

} // namespace Holdfast
