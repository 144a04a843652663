// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlfilelock.h"

#include <holdfast/filelock.h>

namespace Holdfast {

QmlFileLock::QmlFileLock(QObject *parent) : QmlCoreLock(FileLockOptions().pollInterval, parent) { }

QmlFileLock::Mode QmlFileLock::mode() const
{
    return lockMode() == LockMode::Shared ? Mode::Shared : Mode::Exclusive;
}

void QmlFileLock::setMode(Mode mode)
{
    if (setLockMode(mode == Mode::Shared ? LockMode::Shared : LockMode::Exclusive))
        Q_EMIT modeChanged();
}

std::unique_ptr<AbstractLock> QmlFileLock::makeLock(const QString &path) const
{
    return std::make_unique<FileLock>(path);
}

} // namespace Holdfast
