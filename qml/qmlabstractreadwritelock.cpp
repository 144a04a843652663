// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlabstractreadwritelock.h"

namespace Holdfast {

static_assert(int(QmlAbstractReadWriteLock::Mode::Write) == int(LockMode::Exclusive)
              && int(QmlAbstractReadWriteLock::Mode::Read) == int(LockMode::Shared));

QmlAbstractReadWriteLock::Mode QmlAbstractReadWriteLock::mode() const
{
    return static_cast<Mode>(lockMode());
}

void QmlAbstractReadWriteLock::setMode(Mode mode)
{
    if (setLockMode(static_cast<LockMode>(mode)))
        Q_EMIT modeChanged();
}

} // namespace Holdfast
