// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "lockkinds.h"

#include <holdfast/filelock.h>
#include <holdfast/softfilelease.h>
#include <holdfast/softfilelock.h>

std::unique_ptr<Holdfast::AbstractLock> makeLock(const QString &kind, const QString &path)
{
    if (kind == QLatin1String("file"))
        return std::make_unique<Holdfast::FileLock>(path);
    if (kind == QLatin1String("soft"))
        return std::make_unique<Holdfast::SoftFileLock>(path);
    if (kind == QLatin1String("lease"))
        return std::make_unique<Holdfast::SoftFileLease>(path);
    return nullptr;
}
