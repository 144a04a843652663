// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlreadwritelock.h"

#include <holdfast/sql/readwritelock.h>

namespace Holdfast {

QmlReadWriteLock::QmlReadWriteLock(QObject *parent)
    : QmlAbstractReadWriteLock(ReadWriteLockOptions().pollInterval, parent)
{ }

std::unique_ptr<AbstractLock> QmlReadWriteLock::makeLock(const QString &path) const
{
    return std::make_unique<ReadWriteLock>(path);
}

} // namespace Holdfast
