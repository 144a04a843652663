// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What the lock objects say.

#include "qmlcorelock.h"

namespace Holdfast {

void QmlCoreLock::listenTo(Grip &grip)
{
    const AbstractLock *lock = grip.lock.get();
    const Grip *which = &grip;
    connect(lock, &AbstractLock::acquired, this, [this, which] { handleAcquired(which); });
    connect(lock, &AbstractLock::timedOut, this, [this, which] { handleTimedOut(which); });
    connect(lock, &AbstractLock::errorOccurred, this, [this, which](LockError error) { handleError(which, error); });
    connect(lock, &AbstractLock::contended, this,
            [this, which](const LockHolder &holder) { handleContended(which, holder); });
    connect(lock, &AbstractLock::lost, this, [this, which](LossReason reason) { handleLost(which, reason); });
}

// Ends whatever a lock does. When letting go failed it is still held, and stays so.
bool QmlCoreLock::letGo(std::unique_ptr<Grip> &grip)
{
    if (grip && !grip->lock->forceRelease() && grip->lock->isHeld()) {
        report(grip->lock->error(), grip->lock->errorString());
        return false;
    }
    grip.reset();
    return true;
}

void QmlCoreLock::handleAcquired(const Grip *grip)
{
    if (!isCurrent(grip))
        return;
    letGo(m_former);
    if (enter(Status::Held))
        Q_EMIT acquired();
}

void QmlCoreLock::handleTimedOut(const Grip *grip)
{
    if (!isCurrent(grip))
        return;
    if (publish({.status = Status::LockedByOther, .owner = facts().owner}))
        Q_EMIT timedOut();
}

void QmlCoreLock::handleError(const Grip *grip, LockError error)
{
    if (isCurrent(grip))
        fail(error, grip->lock->errorString());
}

void QmlCoreLock::handleContended(const Grip *grip, const LockHolder &holder)
{
    if (!isCurrent(grip))
        return;
    Facts known = facts();
    known.owner = holder;
    if (publish(known))
        Q_EMIT contended(holder);
}

void QmlCoreLock::handleLost(const Grip *grip, LossReason reason)
{
    Facts known = facts();
    if (isCurrent(grip)) {
        known = {.status = Status::Lost,
                 .error = grip->lock->error(),
                 .errorString = grip->lock->errorString(),
                 .lossReason = reason};
    } else {
        m_former.reset();
    }
    if (publish(known))
        Q_EMIT lost(reason);
}

} // namespace Holdfast
