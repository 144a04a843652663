// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// One lock object per marker, or strict lock, in a process, for those who ask for it.

#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>
#include <holdfast/strictsoftfilelock.h>

#include "core/sharedtable_p.h"

namespace Holdfast {

namespace {

template<class Options>
OptionDifferences markerDifferences(const Options &wanted, const Options &frozen)
{
    OptionDifferences all = commonDifferences(wanted, frozen);
    all.compare(wanted.permissions, frozen.permissions, "permissions");
    all.compare(wanted.malformedGrace, frozen.malformedGrace, "malformedGrace");
    return all;
}

OptionDifferences leaseDifferences(const SoftFileLeaseOptions &wanted, const SoftFileLeaseOptions &frozen)
{
    OptionDifferences all = markerDifferences(wanted, frozen);
    all.compare(wanted.duration, frozen.duration, "duration");
    all.compare(wanted.heartbeat, frozen.heartbeat, "heartbeat");
    return all;
}

OptionDifferences strictDifferences(const StrictSoftFileLockOptions &wanted, const StrictSoftFileLockOptions &frozen)
{
    OptionDifferences all = commonDifferences(wanted, frozen);
    all.compare(wanted.permissions, frozen.permissions, "permissions");
    return all;
}

} // namespace

SharedSoftFileLock SoftFileLock::shared(const QString &path, const SoftFileLockOptions &options)
{
    return SharedTable<SoftFileLock, SoftFileLockOptions>::getByName(
        path, options, markerDifferences<SoftFileLockOptions>, [](SoftFileLock &lock) { lock.d_ptr->frozen = true; });
}

SharedSoftFileLease SoftFileLease::shared(const QString &path, const SoftFileLeaseOptions &options)
{
    return SharedTable<SoftFileLease, SoftFileLeaseOptions>::getByName(
        path, options, leaseDifferences, [](SoftFileLease &lock) { lock.d_ptr->frozen = true; });
}

SharedStrictSoftFileLock StrictSoftFileLock::shared(const QString &path, const StrictSoftFileLockOptions &options)
{
    return SharedTable<StrictSoftFileLock, StrictSoftFileLockOptions>::getByName(
        path, options, strictDifferences, [](StrictSoftFileLock &lock) { lock.d_ptr->frozen = true; });
}

} // namespace Holdfast
