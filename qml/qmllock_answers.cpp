// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What the lock objects say, and how it is told on.

#include "qmllock.h"

#include <QtCore/qpointer.h>

namespace Holdfast {

void QmlLock::listenTo(Grip &grip)
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
bool QmlLock::letGo(std::unique_ptr<Grip> &grip)
{
    if (grip && !grip->lock->forceRelease() && grip->lock->isHeld()) {
        Facts facts = m_facts;
        facts.error = grip->lock->error();
        facts.errorString = grip->lock->errorString();
        if (publish(facts))
            Q_EMIT errorOccurred(facts.error);
        return false;
    }
    grip.reset();
    return true;
}

bool QmlLock::enter(Status status)
{
    return publish({.status = status});
}

void QmlLock::fail(LockError error, const QString &text)
{
    if (publish({.status = Status::Error, .error = error, .errorString = text}))
        Q_EMIT errorOccurred(error);
}

// The one place that tells of changes: after all of them are made, and with handlers that may destroy this object. False: one did.
bool QmlLock::publish(Facts facts)
{
    const Grip *held = facts.status == Status::Held ? m_current.get() : m_former.get();
    facts.heldPath = held ? held->target.path : QString();
    const Facts before = std::exchange(m_facts, std::move(facts));
    const bool isHeldChanged = (before.status == Status::Held) != isHeld();
    const bool isErrorChanged = before.error != m_facts.error || before.errorString != m_facts.errorString;
    const std::pair<bool, void (QmlLock::*)()> signals_[] = {
        {before.owner != m_facts.owner, &QmlLock::ownerChanged},
        {isErrorChanged, &QmlLock::errorChanged},
        {before.lossReason != m_facts.lossReason, &QmlLock::lossReasonChanged},
        {before.heldPath != m_facts.heldPath, &QmlLock::heldPathChanged},
        {before.status != m_facts.status, &QmlLock::statusChanged},
        {isHeldChanged, &QmlLock::heldChanged},
    };
    const QPointer<QmlLock> self(this);
    for (const auto &[isChanged, signal] : signals_) {
        if (isChanged && self)
            Q_EMIT(this->*signal)();
    }
    return self;
}

void QmlLock::handleAcquired(const Grip *grip)
{
    if (!isCurrent(grip))
        return;
    letGo(m_former);
    if (enter(Status::Held))
        Q_EMIT acquired();
}

void QmlLock::handleTimedOut(const Grip *grip)
{
    if (!isCurrent(grip))
        return;
    if (publish({.status = Status::LockedByOther, .owner = m_facts.owner}))
        Q_EMIT timedOut();
}

void QmlLock::handleError(const Grip *grip, LockError error)
{
    if (isCurrent(grip))
        fail(error, grip->lock->errorString());
}

void QmlLock::handleContended(const Grip *grip, const LockHolder &holder)
{
    if (!isCurrent(grip))
        return;
    Facts facts = m_facts;
    facts.owner = holder;
    if (publish(facts))
        Q_EMIT contended(holder);
}

void QmlLock::handleLost(const Grip *grip, LossReason reason)
{
    Facts facts = m_facts;
    if (isCurrent(grip)) {
        facts = {.status = Status::Lost,
                 .error = grip->lock->error(),
                 .errorString = grip->lock->errorString(),
                 .lossReason = reason};
    } else {
        m_former.reset();
    }
    if (publish(facts))
        Q_EMIT lost(reason);
}

} // namespace Holdfast
