// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlfilelock.h"

#include <holdfast/filelock.h>

namespace Holdfast {

static_assert(int(QmlFileLock::Mode::Exclusive) == int(LockMode::Exclusive)
              && int(QmlFileLock::Mode::Shared) == int(LockMode::Shared));

QmlFileLock::QmlFileLock(QObject *parent) : QmlCoreLock(FileLockOptions().pollInterval, parent) { }

QmlFileLock::Mode QmlFileLock::mode() const
{
    return static_cast<Mode>(lockMode());
}

void QmlFileLock::setMode(Mode mode)
{
    if (setLockMode(static_cast<LockMode>(mode)))
        Q_EMIT modeChanged();
}

std::unique_ptr<AbstractLock> QmlFileLock::makeLock(const QString &path) const
{
    return std::make_unique<FileLock>(path);
}

} // namespace Holdfast
