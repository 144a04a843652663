// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlsoftfilelease.h"

#include "qmlmilliseconds.h"

#include <holdfast/softfilelease.h>

namespace Holdfast {

QmlSoftFileLease::QmlSoftFileLease(QObject *parent)
    : QmlCoreLock(SoftFileLeaseOptions().pollInterval, parent),
      m_duration(toNumber(SoftFileLeaseOptions().duration)),
      m_heartbeat(toNumber(SoftFileLeaseOptions().heartbeat)),
      m_malformedGrace(toNumber(SoftFileLeaseOptions().malformedGrace))
{ }

void QmlSoftFileLease::setDuration(double msecs)
{
    if (setOption(m_duration, msecs))
        Q_EMIT durationChanged();
}

void QmlSoftFileLease::setHeartbeat(double msecs)
{
    if (setOption(m_heartbeat, msecs))
        Q_EMIT heartbeatChanged();
}

void QmlSoftFileLease::setMalformedGrace(double msecs)
{
    if (setOption(m_malformedGrace, msecs))
        Q_EMIT malformedGraceChanged();
}

QString QmlSoftFileLease::token() const
{
    const auto *lease = static_cast<const SoftFileLease *>(heldLock());
    return lease ? lease->token() : QString();
}

std::unique_ptr<AbstractLock> QmlSoftFileLease::makeLock(const QString &path) const
{
    return std::make_unique<SoftFileLease>(path);
}

bool QmlSoftFileLease::configure(AbstractLock &lock) const
{
    auto &lease = static_cast<SoftFileLease &>(lock);
    return QmlCoreLock::configure(lock) && lease.setDuration(toMilliseconds(m_duration))
           && lease.setHeartbeat(toMilliseconds(m_heartbeat))
           && lease.setMalformedGrace(toMilliseconds(m_malformedGrace));
}

} // namespace Holdfast
