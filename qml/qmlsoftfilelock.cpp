// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlsoftfilelock.h"

#include "qmlmilliseconds.h"

#include <holdfast/softfilelock.h>

namespace Holdfast {

QmlSoftFileLock::QmlSoftFileLock(QObject *parent)
    : QmlCoreLock(SoftFileLockOptions().pollInterval, parent),
      m_malformedGrace(toNumber(SoftFileLockOptions().malformedGrace))
{ }

void QmlSoftFileLock::setMalformedGrace(double msecs)
{
    if (setOption(m_malformedGrace, msecs))
        Q_EMIT malformedGraceChanged();
}

std::unique_ptr<AbstractLock> QmlSoftFileLock::makeLock(const QString &path) const
{
    return std::make_unique<SoftFileLock>(path);
}

bool QmlSoftFileLock::configure(AbstractLock &lock) const
{
    auto &soft = static_cast<SoftFileLock &>(lock);
    return QmlCoreLock::configure(lock) && soft.setMalformedGrace(toMilliseconds(m_malformedGrace));
}

} // namespace Holdfast
