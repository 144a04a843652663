// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What the lock objects say.

#include "qmlcorelock.h"

#include <algorithm>
#include <utility>

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
    connect(lock, &AbstractLock::released, this, [this, which] { handleReleased(which); });
}

// Ends whatever a lock does. What it holds is given back on the pool, and the object is kept until that is done.
bool QmlCoreLock::letGo(std::unique_ptr<Grip> &grip, bool isTold)
{
    if (!grip || !grip->lock->isHeld()) {
        grip.reset();
        return true;
    }
    Grip *leaving = m_leaving.emplace_back(std::move(grip)).get();
    leaving->isLeaving = true;
    leaving->isTold = isTold;
    if (leaving->lock->forceRelease())
        return true;
    std::unique_ptr<Grip> stayed = takeLeaving(leaving);
    if (!stayed->lock->isHeld()) // it was lost in this moment
        return true;
    handleReleaseFailed(std::move(stayed));
    return false;
}

std::unique_ptr<QmlCoreLock::Grip> QmlCoreLock::takeLeaving(const Grip *grip)
{
    const auto found =
        std::find_if(m_leaving.begin(), m_leaving.end(), [grip](const auto &other) { return other.get() == grip; });
    if (found == m_leaving.end())
        return nullptr;
    std::unique_ptr<Grip> taken = std::move(*found);
    m_leaving.erase(found);
    return taken;
}

void QmlCoreLock::handleAcquired(const Grip *grip)
{
    if (!isCurrent(grip))
        return;
    letGo(m_former, false);
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
    if (std::unique_ptr<Grip> stayed = takeLeaving(grip))
        return handleReleaseFailed(std::move(stayed));
    if (isCurrent(grip) && isHeld()) { // again, before it was told that giving back had failed
        m_current->isLeaving = false;
        report(error, grip->lock->errorString());
    } else if (isCurrent(grip)) {
        fail(error, grip->lock->errorString());
    }
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
    } else if (grip == m_former.get()) {
        m_former.reset();
    }
    if (publish(known))
        Q_EMIT lost(reason);
}

void QmlCoreLock::handleReleased(const Grip *grip)
{
    const std::unique_ptr<Grip> gone = takeLeaving(grip);
    Grip *which = gone ? gone.get() : isCurrent(grip) ? m_current.get() : nullptr;
    const bool isTold = which && which->isTold;
    if (which)
        which->isLeaving = which->isTold = false;
    if (publish(facts()) && isTold)
        Q_EMIT released();
}

// It is still held, whatever was wished, and who wants that can try again.
void QmlCoreLock::handleReleaseFailed(std::unique_ptr<Grip> grip)
{
    grip->isLeaving = false;
    Facts known = facts();
    known.error = grip->lock->error();
    known.errorString = grip->lock->errorString();
    if (!m_current && !m_former && grip->mode == m_mode && grip->path == path()) {
        known.status = Status::Held;
        m_current = std::move(grip);
    } else if (!m_former && !isHeld()) {
        m_former = std::move(grip);
    }
    const LockError error = known.error;
    if (publish(known))
        Q_EMIT errorOccurred(error);
}

} // namespace Holdfast
