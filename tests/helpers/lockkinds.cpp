// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "lockkinds.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>
#include <holdfast/softreadwritelock.h>
#include <holdfast/sql/readwritelock.h>
#include <holdfast/strictsoftfilelock.h>

std::unique_ptr<Holdfast::AbstractLock> makeLock(const QString &kind, const QString &path)
{
    if (kind == QLatin1String("file"))
        return std::make_unique<Holdfast::FileLock>(path);
    if (kind == QLatin1String("soft"))
        return std::make_unique<Holdfast::SoftFileLock>(path);
    if (kind == QLatin1String("lease"))
        return std::make_unique<Holdfast::SoftFileLease>(path);
    if (kind == QLatin1String("strict"))
        return std::make_unique<Holdfast::StrictSoftFileLock>(path);
    if (kind == QLatin1String("soft-rw"))
        return std::make_unique<Holdfast::SoftReadWriteLock>(path);
    if (kind == QLatin1String("soft-rw-brief")) {
        const Holdfast::SoftReadWriteLockOptions brief{.heartbeatInterval = std::chrono::milliseconds(50),
                                                       .staleThreshold = std::chrono::milliseconds(400)};
        return std::make_unique<Holdfast::SoftReadWriteLock>(path, brief);
    }
    if (kind == QLatin1String("sqlite-rw"))
        return std::make_unique<Holdfast::ReadWriteLock>(path);
    return nullptr;
}
