// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlsoftreadwritelock.h"

#include "qmlmilliseconds.h"

#include <holdfast/softreadwritelock.h>

namespace Holdfast {

QmlSoftReadWriteLock::QmlSoftReadWriteLock(QObject *parent)
    : QmlAbstractReadWriteLock(SoftReadWriteLockOptions().pollInterval, parent),
      m_heartbeatInterval(toNumber(SoftReadWriteLockOptions().heartbeatInterval)),
      m_staleThreshold(toNumber(SoftReadWriteLockOptions().staleThreshold))
{ }

void QmlSoftReadWriteLock::setHeartbeatInterval(double msecs)
{
    if (setOption(m_heartbeatInterval, msecs))
        Q_EMIT heartbeatIntervalChanged();
}

void QmlSoftReadWriteLock::setStaleThreshold(double msecs)
{
    if (setOption(m_staleThreshold, msecs))
        Q_EMIT staleThresholdChanged();
}

QString QmlSoftReadWriteLock::token() const
{
    const auto *lock = static_cast<const SoftReadWriteLock *>(heldLock());
    return lock ? lock->token() : QString();
}

std::unique_ptr<AbstractLock> QmlSoftReadWriteLock::makeLock(const QString &path) const
{
    return std::make_unique<SoftReadWriteLock>(path);
}

// The threshold is checked against the heartbeat whenever one of them is set, so the one of before does not take part.
bool QmlSoftReadWriteLock::configure(AbstractLock &lock) const
{
    auto &soft = static_cast<SoftReadWriteLock &>(lock);
    return QmlCoreLock::configure(lock) && soft.setStaleThreshold(SoftReadWriteLockOptions().staleThreshold)
           && soft.setHeartbeatInterval(toMilliseconds(m_heartbeatInterval))
           && soft.setStaleThreshold(toMilliseconds(m_staleThreshold));
}

} // namespace Holdfast
