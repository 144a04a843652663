// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlabstractreadwritelock.h"

namespace Holdfast {

QmlAbstractReadWriteLock::Mode QmlAbstractReadWriteLock::mode() const
{
    return lockMode() == LockMode::Shared ? Mode::Read : Mode::Write;
}

void QmlAbstractReadWriteLock::setMode(Mode mode)
{
    if (setLockMode(mode == Mode::Read ? LockMode::Shared : LockMode::Exclusive))
        Q_EMIT modeChanged();
}

} // namespace Holdfast
