// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlsingleinstance.h"

#include "qmlmilliseconds.h"
#include "qmlnonsense.h"

#include <QtCore/qfuture.h>
#include <QtCore/qpointer.h>

#include <map>
#include <tuple>
#include <utility>

namespace Holdfast {

namespace {

/** What tells one guard from another. */
using Name = std::tuple<QString, QmlSingleInstance::Scope, QString>;

// For each thread, since a guard belongs to the one that made it; nearly always there is one.
std::map<Name, std::weak_ptr<SingleInstance>> &guards()
{
    thread_local std::map<Name, std::weak_ptr<SingleInstance>> all;
    return all;
}

} // namespace

QmlSingleInstance::QmlSingleInstance(QObject *parent) : QObject(parent) { }

QmlSingleInstance::~QmlSingleInstance()
{
    if (m_guard) // which may go with this item, and would say so
        disconnect(m_guard.get(), nullptr, this, nullptr);
}

template<class Value>
void QmlSingleInstance::change(Value &member, const Value &value, void (QmlSingleInstance::*changed)())
{
    if (member == value)
        return;
    member = value;
    schedule();
    Q_EMIT(this->*changed)();
}

void QmlSingleInstance::setKey(const QString &key)
{
    change(m_wish.key, key, &QmlSingleInstance::keyChanged);
}

void QmlSingleInstance::setScope(Scope scope)
{
    change(m_wish.scope, scope, &QmlSingleInstance::scopeChanged);
}

void QmlSingleInstance::setDirectory(const QString &directory)
{
    change(m_wish.directory, directory, &QmlSingleInstance::directoryChanged);
}

void QmlSingleInstance::setTimeout(double msecs)
{
    change(m_timeout, msecs, &QmlSingleInstance::timeoutChanged);
}

void QmlSingleInstance::setActive(bool active)
{
    change(m_active, active, &QmlSingleInstance::activeChanged);
}

SingleInstance *QmlSingleInstance::instance() const
{
    return m_given ? m_given.data() : m_guard.get();
}

void QmlSingleInstance::setInstance(SingleInstance *instance)
{
    change(m_given, QPointer<SingleInstance>(instance), &QmlSingleInstance::instanceChanged);
}

QmlSingleInstance::Status QmlSingleInstance::status() const
{
    if (!m_guard)
        return m_nonsense.isEmpty() ? Status::Idle : Status::Failed;
    return isRefused() ? Status::Failed : static_cast<Status>(m_guard->status());
}

SingleInstance::Error QmlSingleInstance::error() const
{
    if (m_guard)
        return m_guard->error();
    return m_nonsense.isEmpty() ? SingleInstance::Error::None : SingleInstance::Error::InvalidArgument;
}

QString QmlSingleInstance::errorString() const
{
    if (m_guard)
        return m_guard->errorString();
    return m_nonsense.isEmpty() ? QString() : QStringLiteral("Cannot start a single instance with %1").arg(m_nonsense);
}

// By an option; it is of no use to start then.
bool QmlSingleInstance::isRefused() const
{
    return m_guard->status() == SingleInstance::Status::Idle && m_guard->error() != SingleInstance::Error::None;
}

void QmlSingleInstance::classBegin()
{
    m_isComplete = false;
}

void QmlSingleInstance::componentComplete()
{
    m_isComplete = true;
    schedule();
}

void QmlSingleInstance::forward()
{
    if (!m_guard)
        return;
    m_guard->forward(Activation::ofThisProcess()).then(this, [this](const ActivationReply &reply) {
        Q_EMIT forwarded(reply);
    });
}

void QmlSingleInstance::standBy()
{
    if (m_guard)
        m_guard->standBy();
}

void QmlSingleInstance::schedule()
{
    if (!m_isComplete || m_isScheduled)
        return;
    m_isScheduled = true;
    QMetaObject::invokeMethod(this, &QmlSingleInstance::carryOut, Qt::QueuedConnection);
}

void QmlSingleInstance::carryOut()
{
    m_isScheduled = false;
    const QString nonsense = m_active && !m_given ? nonsenseIn(*this) : QString();
    const bool isNews = std::exchange(m_nonsense, nonsense) != nonsense;
    if (!m_active || !nonsense.isEmpty())
        return attach(nullptr, isNews);
    if (m_given) // the program keeps it, and this item lets go of it when it does
        return attach(std::shared_ptr<SingleInstance>(m_given.data(), [](SingleInstance *) {}));
    if (!m_guard || m_attached != m_wish)
        attach(guardOf(m_wish));
}

std::shared_ptr<SingleInstance> QmlSingleInstance::guardOf(const Wish &wish) const
{
    std::weak_ptr<SingleInstance> &entry = guards()[{wish.key, wish.scope, wish.directory}];
    if (auto existing = entry.lock())
        return existing;
    auto made = std::make_shared<SingleInstance>(wish.key);
    made->setScope(static_cast<SingleInstance::Scope>(wish.scope));
    made->setDirectory(wish.directory);
    made->setTimeout(toMilliseconds(m_timeout));
    entry = made;
    return made;
}

void QmlSingleInstance::attach(const std::shared_ptr<SingleInstance> &guard, bool isNews)
{
    m_attached = m_wish;
    if (guard == m_guard && !isNews)
        return;
    if (m_guard)
        disconnect(m_guard.get(), nullptr, this, nullptr);
    // The former key is kept until it is decided who has the new one.
    const bool isWanted = guard || !m_nonsense.isEmpty();
    if (m_guard && isWanted && m_guard->isPrimary())
        m_former = m_guard;
    else if (!isWanted)
        m_former.reset();
    m_guard = guard;
    m_owner = {};
    if (guard)
        listenTo(*guard);
    const QPointer<QmlSingleInstance> self(this);
    tellAll();
    if (!self || !m_guard)
        return;
    const bool isToStart = status() == Status::Failed || status() == Status::Idle;
    if (isToStart && !isRefused())
        m_guard->start();
}

void QmlSingleInstance::listenTo(const SingleInstance &guard)
{
    connect(&guard, &SingleInstance::activated, this, &QmlSingleInstance::activated);
    connect(&guard, &SingleInstance::promoted, this, &QmlSingleInstance::promoted);
    connect(&guard, &SingleInstance::unresponsive, this, &QmlSingleInstance::unresponsive);
    connect(&guard, &SingleInstance::errorChanged, this, &QmlSingleInstance::errorChanged);
    connect(&guard, &SingleInstance::statusChanged, this, &QmlSingleInstance::handleStatus);
    connect(&guard, &QObject::destroyed, this, [this] { attach(nullptr); });
}

void QmlSingleInstance::handleStatus()
{
    if (status() == Status::Primary || status() == Status::Secondary)
        m_former.reset();
    m_owner = status() == Status::Secondary ? m_guard->holder() : LockHolder();
    Q_EMIT statusChanged();
}

void QmlSingleInstance::tellAll()
{
    const QPointer<QmlSingleInstance> self(this);
    for (const auto signal :
         {&QmlSingleInstance::instanceChanged, &QmlSingleInstance::errorChanged, &QmlSingleInstance::statusChanged}) {
        if (self)
            Q_EMIT(this->*signal)();
    }
}

} // namespace Holdfast
