// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlsoftfilelease.h"

#include "qmlmilliseconds.h"

#include <holdfast/softfilelease.h>

namespace Holdfast {

QmlSoftFileLease::QmlSoftFileLease(QObject *parent)
    : QmlCoreLock(SoftFileLeaseOptions().pollInterval, parent),
      m_duration(toInt(SoftFileLeaseOptions().duration)),
      m_heartbeat(toInt(SoftFileLeaseOptions().heartbeat)),
      m_malformedGrace(toInt(SoftFileLeaseOptions().malformedGrace))
{ }

void QmlSoftFileLease::setDuration(int msecs)
{
    if (setOption(m_duration, msecs))
        Q_EMIT durationChanged();
}

void QmlSoftFileLease::setHeartbeat(int msecs)
{
    if (setOption(m_heartbeat, msecs))
        Q_EMIT heartbeatChanged();
}

void QmlSoftFileLease::setMalformedGrace(int msecs)
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
    return QmlCoreLock::configure(lock) && lease.setDuration(milliseconds(m_duration))
           && lease.setHeartbeat(milliseconds(m_heartbeat)) && lease.setMalformedGrace(milliseconds(m_malformedGrace));
}

} // namespace Holdfast
