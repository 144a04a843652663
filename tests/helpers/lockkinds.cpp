// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "lockkinds.h"

#include <holdfast/filelock.h>

std::unique_ptr<Holdfast::AbstractLock> makeLock(const QString &kind, const QString &path)
{
    if (kind == QLatin1String("file"))
        return std::make_unique<Holdfast::FileLock>(path);
    return nullptr;
}
