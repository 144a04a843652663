// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One lock object per path in a process, for those who ask for it.

#include <holdfast/softreadwritelock.h>

#include "core/sharedtable_p.h"
#include "core/softreadwritelock_p.h"
#include "engine/canonicalname.h"

namespace Holdfast {

namespace {

OptionDifferences differences(const SoftReadWriteLockOptions &wanted, const SoftReadWriteLockOptions &frozen)
{
    OptionDifferences all = commonDifferences(wanted, frozen);
    all.compare(wanted.mode, frozen.mode, "mode");
    all.compare(wanted.heartbeatInterval, frozen.heartbeatInterval, "heartbeatInterval");
    all.compare(wanted.staleThreshold, frozen.staleThreshold, "staleThreshold");
    return all;
}

} // namespace

SharedSoftReadWriteLock SoftReadWriteLock::shared(const QString &path, const SoftReadWriteLockOptions &options)
{
    using Table = SharedTable<SoftReadWriteLock, SoftReadWriteLockOptions>;
    Failure failure;
    // A link at the end keeps its own name: the markers lie beside it, where all look who are not asked for a shared one.
    const std::string key = canonicalName(path, &failure);
    if (failure.isSet())
        return {nullptr, failure.error, failure.text};
    return Table::get(key, path, options,
                      {.differences = differences,
                       .isUsable = [](const SoftReadWriteLock &lock) { return !lock.isClosed(); },
                       .freeze = [](SoftReadWriteLock &lock) { lock.d_func()->frozen = true; }});
}

} // namespace Holdfast
