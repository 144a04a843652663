// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One lock object per file in a process, for those who ask for it.

#include <holdfast/sql/readwritelock.h>

#include "core/sharedtable_p.h"
#include "engine/canonicalname.h"
#include "sql/serveraddress.h"

namespace Holdfast {

namespace {

OptionDifferences differences(const ReadWriteLockOptions &wanted, const ReadWriteLockOptions &frozen)
{
    OptionDifferences all = commonDifferences(wanted, frozen);
    all.compare(wanted.mode, frozen.mode, "mode");
    all.compare(wanted.lossBound, frozen.lossBound, "lossBound");
    return all;
}

} // namespace

SharedReadWriteLock ReadWriteLock::shared(const QString &path, const ReadWriteLockOptions &options)
{
    Failure failure;
    const std::string key = canonicalTarget(path, &failure);
    if (failure.isSet())
        return {nullptr, failure.error, failure.text};
    return SharedTable<ReadWriteLock, ReadWriteLockOptions>::get(
        key, path, options,
        {.differences = differences,
         .isUsable = [](const ReadWriteLock &lock) { return !lock.isClosed(); },
         .freeze = [](ReadWriteLock &lock) { lock.d_ptr->frozen = true; }});
}

SharedReadWriteLock ReadWriteLock::shared(const QSqlDatabase &connection, const QString &name,
                                          const ReadWriteLockOptions &options)
{
    return SharedTable<ReadWriteLock, ReadWriteLockOptions>::get(
        ServerAddress::of(connection, options.lossBound).identity() + name.toStdString(), name, options,
        {.differences = differences,
         .isUsable = [](const ReadWriteLock &lock) { return !lock.isClosed(); },
         .freeze = [](ReadWriteLock &lock) { lock.d_ptr->frozen = true; },
         .make = [&] { return std::make_shared<ReadWriteLock>(connection, name, options); }});
}

} // namespace Holdfast
