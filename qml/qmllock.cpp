// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmllock.h"

#include "qmlnonsense.h"
#include "qmlpath.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qpointer.h>

namespace Holdfast {

QmlLock::QmlLock(double timeout, QObject *parent) : QObject(parent), m_timeout(timeout)
{
    // An engine may outlive the application object, and then nobody would remove the markers of the soft family.
    if (const QCoreApplication *app = QCoreApplication::instance())
        connect(app, &QCoreApplication::aboutToQuit, this, &QmlLock::release);
}

QmlLock::~QmlLock() = default;

void QmlLock::setPath(const QString &path)
{
    if (m_path == path)
        return;
    m_path = path;
    const QPointer<QmlLock> self(this);
    if (m_isComplete)
        retarget();
    if (self)
        Q_EMIT pathChanged();
}

void QmlLock::setActive(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    followIntent();
    Q_EMIT activeChanged();
}

void QmlLock::setTimeout(double msecs)
{
    if (setOption(m_timeout, msecs))
        Q_EMIT timeoutChanged();
}

void QmlLock::classBegin()
{
    m_isComplete = false;
}

void QmlLock::componentComplete()
{
    m_isComplete = true;
    if (isIntended() || m_task == Task::Start)
        schedule(Task::Start);
}

void QmlLock::acquire()
{
    if (m_isComplete)
        begin();
    else
        m_task = Task::Start;
}

bool QmlLock::release()
{
    m_task = Task::None;
    const QPointer<QmlLock> self(this);
    const bool wasWaiting = abandon();
    const Giving giving = giveBack();
    if (!self)
        return true;
    if (giving == Giving::Failed) {
        Facts known = m_facts;
        known.status = wasWaiting ? Status::Idle : known.status;
        if (publish(known) && wasWaiting)
            Q_EMIT cancelled();
        return false;
    }
    if (enter(Status::Idle) && wasWaiting)
        Q_EMIT cancelled();
    if (self && giving == Giving::Done)
        Q_EMIT released();
    return true;
}

void QmlLock::cancel()
{
    m_task = Task::None;
    if (status() != Status::Waiting)
        return;
    const bool hasBegun = abandon();
    if (enter(Status::Idle) && hasBegun)
        Q_EMIT cancelled();
}

// What is held stays held until the new one is, unless it is no longer wanted.
void QmlLock::retarget()
{
    const bool wasWanted = isWanted();
    if (turn()) {
        enter(Status::Held);
        return;
    }
    if (wasWanted && m_task != Task::Stop)
        schedule(Task::Start);
    enter(wasWanted ? Status::Waiting : Status::Idle);
}

QString QmlLock::obstacle() const
{
    if (!toLocalPath(m_path))
        return QStringLiteral("Cannot lock %1: it is no file of this machine; take a path or a file: URL").arg(m_path);
    const QString nonsense = nonsenseIn(*this);
    return nonsense.isEmpty() ? QString() : QStringLiteral("Cannot lock %1 with %2").arg(m_path, nonsense);
}

bool QmlLock::isWanted() const
{
    return isIntended() || isHeld() || status() == Status::Waiting;
}

void QmlLock::followIntent()
{
    schedule(isIntended() ? Task::Start : Task::Stop);
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
        begin();
    else if (m_task == Task::Stop)
        release();
}

void QmlLock::begin()
{
    m_task = Task::None;
    start();
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

void QmlLock::report(LockError error, const QString &text)
{
    Facts facts = m_facts;
    facts.error = error;
    facts.errorString = text;
    if (publish(facts))
        Q_EMIT errorOccurred(error);
}

bool QmlLock::publish(Facts facts)
{
    const Facts before = std::exchange(m_facts, std::move(facts));
    m_facts.heldPath = pathOfHold();
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

} // namespace Holdfast
