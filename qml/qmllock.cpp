// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmllock.h"

#include "qmlmilliseconds.h"
#include "qmlpath.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qpointer.h>

namespace Holdfast {

QmlLock::QmlLock(milliseconds pollInterval, QObject *parent) : QObject(parent), m_pollInterval(toInt(pollInterval))
{
    // An engine may outlive the application object, and then nobody would remove the markers of the soft family.
    if (const QCoreApplication *app = QCoreApplication::instance())
        connect(app, &QCoreApplication::aboutToQuit, this, &QmlLock::stop);
}

QmlLock::~QmlLock() = default;

void QmlLock::setPath(const QString &path)
{
    if (m_wish.path == path)
        return;
    m_wish.path = path;
    const QPointer<QmlLock> self(this);
    retarget();
    if (self)
        Q_EMIT pathChanged();
}

bool QmlLock::setLockMode(LockMode mode)
{
    if (m_wish.mode == mode)
        return false;
    m_wish.mode = mode;
    const QPointer<QmlLock> self(this);
    retarget();
    return self;
}

void QmlLock::setActive(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    schedule(active ? Task::Start : Task::Stop);
    Q_EMIT activeChanged();
}

void QmlLock::setTimeout(int msecs)
{
    if (setOption(m_timeout, msecs))
        Q_EMIT timeoutChanged();
}

void QmlLock::setPollInterval(int msecs)
{
    if (setOption(m_pollInterval, msecs))
        Q_EMIT pollIntervalChanged();
}

void QmlLock::setLifetime(int msecs)
{
    if (setOption(m_lifetime, msecs))
        Q_EMIT lifetimeChanged();
}

bool QmlLock::configure(AbstractLock &lock) const
{
    return lock.setLifetime(milliseconds(m_lifetime));
}

bool QmlLock::verifyHeld()
{
    return isHeld() && m_current->lock->verifyHeld();
}

void QmlLock::classBegin()
{
    m_isComplete = false;
}

void QmlLock::componentComplete()
{
    m_isComplete = true;
    if (m_active || m_task == Task::Start)
        schedule(Task::Start);
}

void QmlLock::acquire()
{
    if (m_isComplete)
        start();
    else
        m_task = Task::Start;
}

bool QmlLock::release()
{
    return stop();
}

void QmlLock::cancel()
{
    m_task = Task::None;
    if (status() != Status::Waiting)
        return;
    const bool hasBegun = m_current != nullptr;
    m_current.reset();
    if (enter(Status::Idle) && hasBegun)
        Q_EMIT cancelled();
}

// What is asked last in a turn of the event loop is what is done.
void QmlLock::schedule(Task task)
{
    m_task = task;
    if (!m_isComplete || m_isScheduled)
        return;
    m_isScheduled = true;
    QMetaObject::invokeMethod(this, &QmlLock::carryOut, Qt::QueuedConnection);
}

void QmlLock::carryOut()
{
    m_isScheduled = false;
    if (m_task == Task::Start)
        start();
    else if (m_task == Task::Stop)
        stop();
}

void QmlLock::start()
{
    m_task = Task::None;
    const bool isUnderWay = status() == Status::Held || status() == Status::Waiting;
    if (m_current && isUnderWay)
        return;
    if (m_former && isSamePlace(m_former->target.path, m_wish.path)) {
        if (m_former->target.mode == m_wish.mode)
            return takeUpFormer();
        // Nobody can go from reading to writing at one stroke: two who do would wait for each other.
        if (!letGo(m_former))
            return;
    }
    launch();
}

void QmlLock::launch()
{
    const std::optional<QString> path = toLocalPath(m_wish.path);
    if (!path) {
        return fail(LockError::InvalidArgument,
                    QStringLiteral("Cannot lock %1: it is no file of this machine; take a path or a file: URL")
                        .arg(m_wish.path));
    }
    m_current = std::make_unique<Grip>(Grip{makeLock(*path), m_wish});
    AbstractLock &lock = *m_current->lock;
    listenTo(*m_current);
    if (!configure(lock))
        return fail(lock.error(), lock.errorString());
    lock.acquire(
        {.timeout = milliseconds(m_timeout), .pollInterval = milliseconds(m_pollInterval), .mode = m_wish.mode});
    enter(Status::Waiting);
}

bool QmlLock::stop()
{
    m_task = Task::None;
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
void QmlLock::retarget()
{
    if (!m_isComplete)
        return;
    const bool isWanted = m_active || isHeld() || status() == Status::Waiting;
    if (isHeld())
        m_former = std::move(m_current);
    m_current.reset();
    if (isWanted && m_task != Task::Stop)
        schedule(Task::Start);
    enter(isWanted ? Status::Waiting : Status::Idle);
}

void QmlLock::takeUpFormer()
{
    m_current = std::move(m_former);
    enter(Status::Held);
}

} // namespace Holdfast
