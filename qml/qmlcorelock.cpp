// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlcorelock.h"

#include "qmlmilliseconds.h"
#include "qmlpath.h"
#include "qmlthreadpool.h"

#include <QtCore/qpointer.h>

#include <algorithm>

namespace Holdfast {

// -1: for ever.
QmlCoreLock::QmlCoreLock(milliseconds pollInterval, QObject *parent)
    : QmlLock(-1, parent), m_pollInterval(toNumber(pollInterval))
{ }

// Lock objects that go while their pool gives back are not waited for.
QmlCoreLock::~QmlCoreLock()
{
    for (const auto *grip : {m_current.get(), m_former.get()}) {
        if (!grip)
            continue;
        disconnect(grip->lock.get(), nullptr, this, nullptr);
        grip->lock->forceRelease();
    }
}

void QmlCoreLock::setPollInterval(double msecs)
{
    if (setOption(m_pollInterval, msecs))
        Q_EMIT pollIntervalChanged();
}

void QmlCoreLock::setLifetime(double msecs)
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
    return lock.setLifetime(toMilliseconds(m_lifetime));
}

bool QmlCoreLock::verifyHeld()
{
    return isHeld() && m_current->lock->verifyHeld();
}

QString QmlCoreLock::pathOfHold() const
{
    const Grip *held = isHeld() ? m_current.get() : m_former.get();
    if (!held && !m_leaving.empty())
        held = m_leaving.back().get();
    return held ? held->path : QString();
}

void QmlCoreLock::start()
{
    const bool isUnderWay = status() == Status::Held || status() == Status::Waiting;
    if (m_current && isUnderWay)
        return;
    if (const QString why = obstacle(); !why.isEmpty())
        return fail(LockError::InvalidArgument, why);
    if (m_former && isSamePlace(m_former->path, path())) {
        if (m_former->mode == m_mode) {
            m_current = std::move(m_former);
            enter(Status::Held);
            return;
        }
        // Nobody can go from reading to writing at one stroke: two who do would wait for each other.
        if (!letGo(m_former, false))
            return;
    }
    launch();
}

void QmlCoreLock::launch()
{
    m_current = gripOn(toLocalPath(path()).value_or(path()));
    AbstractLock &lock = *m_current->lock;
    if (!configure(lock))
        return fail(lock.error(), lock.errorString());
    lock.acquire(
        {.timeout = toMilliseconds(timeout()), .pollInterval = toMilliseconds(m_pollInterval), .mode = m_mode});
    enter(Status::Waiting);
}

// The object that is about to give back the same lock goes on with it, when it has done that: another one would be refused by
// it meanwhile.
std::unique_ptr<QmlCoreLock::Grip> QmlCoreLock::gripOn(const QString &place)
{
    const auto same = std::find_if(m_leaving.begin(), m_leaving.end(), [this](const auto &grip) {
        return grip->lock->state() == LockState::Idle && isSamePlace(grip->path, path());
    });
    std::unique_ptr<Grip> grip = same != m_leaving.end() ? takeLeaving(same->get()) : nullptr;
    if (!grip) {
        grip = std::make_unique<Grip>(Grip{.lock = makeLock(place), .path = {}, .mode = m_mode});
        grip->lock->setThreadPool(qmlThreadPool());
        listenTo(*grip);
    }
    grip->path = path();
    grip->mode = m_mode;
    return grip;
}

QmlLock::Giving QmlCoreLock::giveBack()
{
    const auto isHeldBy = [](const auto &grip) { return grip && grip->lock->isHeld(); };
    const bool wasHeld = isHeldBy(m_former) || isHeldBy(m_current);
    if (!letGo(m_former, true) || !letGo(m_current, true))
        return Giving::Failed;
    return wasHeld ? Giving::Begun : Giving::Nothing;
}

bool QmlCoreLock::turn()
{
    if (isHeld())
        m_former = std::move(m_current);
    dismissCurrent();
    return false;
}

bool QmlCoreLock::abandon()
{
    if (status() != Status::Waiting)
        return false;
    const bool hasBegun = m_current != nullptr;
    dismissCurrent();
    return hasBegun;
}

// It is not held. Its lock object goes, unless that is still about to give back what it held before.
void QmlCoreLock::dismissCurrent()
{
    if (m_current && m_current->isLeaving) {
        m_current->lock->cancel();
        m_leaving.push_back(std::move(m_current));
    }
    m_current.reset();
}

} // namespace Holdfast
