// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlsoftreadwritelock.h"

#include "qmlmilliseconds.h"

#include <holdfast/softreadwritelock.h>

namespace Holdfast {

QmlSoftReadWriteLock::QmlSoftReadWriteLock(QObject *parent)
    : QmlAbstractReadWriteLock(SoftReadWriteLockOptions().pollInterval, parent),
      m_heartbeatInterval(toInt(SoftReadWriteLockOptions().heartbeatInterval)),
      m_staleThreshold(toInt(SoftReadWriteLockOptions().staleThreshold))
{ }

void QmlSoftReadWriteLock::setHeartbeatInterval(int msecs)
{
    if (setOption(m_heartbeatInterval, msecs))
        Q_EMIT heartbeatIntervalChanged();
}

void QmlSoftReadWriteLock::setStaleThreshold(int msecs)
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
    // The threshold is checked against the heartbeat whenever one of them is set, so both are given at once.
    return std::make_unique<SoftReadWriteLock>(
        path, SoftReadWriteLockOptions{.heartbeatInterval = milliseconds(m_heartbeatInterval),
                                       .staleThreshold = milliseconds(m_staleThreshold)});
}

} // namespace Holdfast
