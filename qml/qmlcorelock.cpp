// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlcorelock.h"

#include "qmlmilliseconds.h"
#include "qmlpath.h"

#include <QtCore/qpointer.h>

namespace Holdfast {

// -1: for ever.
QmlCoreLock::QmlCoreLock(milliseconds pollInterval, QObject *parent)
    : QmlLock(-1, parent), m_pollInterval(toInt(pollInterval))
{ }

QmlCoreLock::~QmlCoreLock() = default;

void QmlCoreLock::setPollInterval(int msecs)
{
    if (setOption(m_pollInterval, msecs))
        Q_EMIT pollIntervalChanged();
}

void QmlCoreLock::setLifetime(int msecs)
{
    if (setOption(m_lifetime, msecs))
        Q_EMIT lifetimeChanged();
}

bool QmlCoreLock::setLockMode(LockMode mode)
{
    if (!setOption(m_mode, mode))
        return false;
    const QPointer<QmlCoreLock> self(this);
    if (isComplete())
        retarget();
    return self;
}

bool QmlCoreLock::configure(AbstractLock &lock) const
{
    return lock.setLifetime(milliseconds(m_lifetime));
}

bool QmlCoreLock::verifyHeld()
{
    return isHeld() && m_current->lock->verifyHeld();
}

QString QmlCoreLock::pathOfHold() const
{
    const Grip *held = isHeld() ? m_current.get() : m_former.get();
    return held ? held->path : QString();
}

void QmlCoreLock::start()
{
    const bool isUnderWay = status() == Status::Held || status() == Status::Waiting;
    if (m_current && isUnderWay)
        return;
    if (m_mode != LockMode::Exclusive && m_mode != LockMode::Shared) // QML assigns any number
        return fail(LockError::InvalidArgument, noSuchMode());
    if (m_former && isSamePlace(m_former->path, path())) {
        if (m_former->mode == m_mode) {
            m_current = std::move(m_former);
            enter(Status::Held);
            return;
        }
        // Nobody can go from reading to writing at one stroke: two who do would wait for each other.
        if (!letGo(m_former))
            return;
    }
    launch();
}

QString QmlCoreLock::noSuchMode() const
{
    return QStringLiteral(
               "Cannot lock %1 in the mode %2: there is none of that number; take a value of the enumeration Mode")
        .arg(path(), QString::number(static_cast<int>(m_mode)));
}

void QmlCoreLock::launch()
{
    const std::optional<QString> place = toLocalPath(path());
    if (!place)
        return fail(LockError::InvalidArgument, notLocal());
    m_current = std::make_unique<Grip>(Grip{makeLock(*place), path(), m_mode});
    AbstractLock &lock = *m_current->lock;
    listenTo(*m_current);
    if (!configure(lock))
        return fail(lock.error(), lock.errorString());
    lock.acquire({.timeout = milliseconds(timeout()), .pollInterval = milliseconds(m_pollInterval), .mode = m_mode});
    enter(Status::Waiting);
}

bool QmlCoreLock::stop()
{
    const bool wasWaiting = status() == Status::Waiting && m_current;
    const bool wasHeld = isHeld() || m_former;
    const QPointer<QmlLock> self(this);
    if (!letGo(m_former) || !letGo(m_current))
        return false;
    if (enter(Status::Idle) && wasWaiting)
        Q_EMIT cancelled();
    if (self && wasHeld)
        Q_EMIT released();
    return true;
}

// The target is another one now. What is held stays held until the new one is, unless it is no longer wanted.
void QmlCoreLock::retarget()
{
    const bool wasWanted = isWanted();
    if (isHeld())
        m_former = std::move(m_current);
    m_current.reset();
    if (wasWanted && !isStopping())
        schedule(Task::Start);
    enter(wasWanted ? Status::Waiting : Status::Idle);
}

bool QmlCoreLock::abandon()
{
    const bool hasBegun = m_current != nullptr;
    m_current.reset();
    return hasBegun;
}

} // namespace Holdfast
