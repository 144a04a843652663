// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/singleinstance_p.h"

#include "app/asyncforwarding.h"
#include "engine/logging.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>

#include <utility>

namespace Holdfast {

namespace {

using Error = SingleInstance::Error;
using How = ActivationReply::Outcome;
using Status = SingleInstance::Status;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds OneTry = 0ms;
constexpr std::chrono::milliseconds ForEver = -1ms;
constexpr std::chrono::milliseconds StandbyYieldsWithin = 1s;

} // namespace

bool SingleInstancePrivate::isHeard(const SingleInstance &instance)
{
    return instance.isSignalConnected(QMetaMethod::fromSignal(&SingleInstance::activated));
}

SingleInstancePrivate::SingleInstancePrivate(SingleInstance *instance)
    : q(instance), m_queue([instance] { return isHeard(*instance); })
{
    connect(&m_queue, &ActivationQueue::due, q, &SingleInstance::activated);
}

SingleInstancePrivate::~SingleInstancePrivate()
{
    m_queue.disconnect(q);
    retire();
}

bool SingleInstancePrivate::refuse(Error error, const QString &why)
{
    qCWarning(lcHoldfast).noquote() << why;
    noteFailure({error, why});
    return false;
}

bool SingleInstancePrivate::begin()
{
    if (m_status != Status::Idle && m_status != Status::Failed)
        return refuse(Error::Misuse,
                      QStringLiteral("A single instance that is started cannot be started again before stop()."));
    const QPointer<SingleInstancePrivate> self = this;
    noteFailure({});
    const bool isStillIdle = self && (m_status == Status::Idle || m_status == Status::Failed);
    if (!isStillIdle) // whoever heard it has started it, or destroyed it
        return false;
    m_election = std::make_unique<InstanceElection>(m_settings);
    connect(m_election.get(), &InstanceElection::claimed, this, &SingleInstancePrivate::handleClaim);
    connect(m_election.get(), &InstanceElection::lost, this, &SingleInstancePrivate::handleLoss);
    return true;
}

void SingleInstancePrivate::start()
{
    if (!begin())
        return;
    m_election->claim(OneTry);
    setStatus(Status::Electing);
}

Status SingleInstancePrivate::tryStart()
{
    const QPointer<SingleInstancePrivate> self = this;
    const bool mayTry = m_status == Status::Secondary ? !m_election->isClaiming() : begin();
    if (!self)
        return Status::Idle;
    if (!mayTry)
        return m_status;
    enter(m_election->claimNow());
    if (!self)
        return Status::Idle;
    if (m_status == Status::Secondary && m_standsBy) // by the event loop: until that runs, a forwarding may elect
        QMetaObject::invokeMethod(this, &SingleInstancePrivate::standBy, Qt::QueuedConnection);
    return m_status;
}

void SingleInstancePrivate::standBy()
{
    m_standsBy = true;
    if (m_status == Status::Secondary)
        m_election->claim(ForEver);
}

void SingleInstancePrivate::claimFor(std::chrono::milliseconds pause)
{
    if (m_status == Status::Secondary)
        m_election->claim(pause);
}

void SingleInstancePrivate::handleClaim(Claim claim)
{
    if (m_status == Status::Primary)
        return returnWith(claim);
    const QPointer<SingleInstancePrivate> self = this;
    enter(claim);
    if (self && m_status == Status::Secondary && m_standsBy)
        m_election->claim(ForEver);
}

void SingleInstancePrivate::enter(Claim claim)
{
    if (claim == Claim::Won)
        return becomePrimary();
    if (claim == Claim::Failed)
        return fail(m_election->failure());
    const InstanceFailure failure = m_election->checkSocket();
    if (failure.isSet())
        return fail(failure);
    setStatus(Status::Secondary);
}

void SingleInstancePrivate::becomePrimary()
{
    const bool isPromotion = m_status == Status::Secondary;
    m_server = std::make_unique<InstanceServer>(m_settings, [this] { return m_election->socketPlace(); });
    connect(m_server.get(), &InstanceServer::received, &m_queue, &ActivationQueue::add);
    connect(m_server.get(), &InstanceServer::movedAway, m_election.get(), &InstanceElection::verify,
            Qt::QueuedConnection);
    if (const InstanceFailure failure = m_server->listen(); failure.isSet())
        return fail(failure);
    const QPointer<SingleInstancePrivate> self = this;
    forgetSilence();
    if (!self || !m_server) // whoever heard it has stopped or destroyed this
        return;
    setStatus(Status::Primary);
    if (self && isPromotion)
        Q_EMIT q->promoted();
}

// The lock file was removed or replaced. Whoever comes now makes a new one, so be quicker.
void SingleInstancePrivate::handleLoss()
{
    m_election->letGo();
    const Claim claim = m_election->claimNow();
    if (claim != Claim::Busy)
        return returnWith(claim);
    // Who stands by leaves it to us for a moment.
    m_election->claim(StandbyYieldsWithin);
}

void SingleInstancePrivate::returnWith(Claim claim)
{
    InstanceFailure failure = m_election->failure();
    if (claim == Claim::Won)
        failure = m_server->listen();
    if (claim == Claim::Busy)
        failure = {Error::Displaced,
                   QStringLiteral(
                       "The lock file of this instance was removed, and another process (%1) has become the primary "
                       "instance. Leave the file alone.")
                       .arg(holder().toString())};
    if (failure.isSet())
        return fail(failure);
    qCDebug(lcHoldfast) << "the lock file of the instance was removed, and is made anew";
}

void SingleInstancePrivate::fail(const InstanceFailure &failure)
{
    const QPointer<InstanceElection> election = m_election.get();
    m_server.reset();
    m_election->letGo();
    noteFailure(failure);
    if (election) // else whoever heard it has stopped or destroyed this
        setStatus(Status::Failed);
}

void SingleInstancePrivate::noteFailure(const InstanceFailure &failure)
{
    const bool isNew = m_failure.error != failure.error || m_failure.text != failure.text;
    m_failure = failure;
    if (isNew)
        Q_EMIT q->errorChanged();
}

// Who was silent has answered, or it is over with him.
void SingleInstancePrivate::forgetSilence()
{
    if (m_failure.error == Error::Unresponsive)
        noteFailure({});
}

void SingleInstancePrivate::setStatus(Status status)
{
    if (std::exchange(m_status, status) == status)
        return;
    qCDebug(lcHoldfast) << "single instance" << m_settings.key << "is" << status;
    const QPointer<SingleInstancePrivate> self = this;
    Q_EMIT q->statusChanged();
    if (self)
        concludeForwardings();
}

// Those that wait for the election, or for another primary. Who gets an answer may do what he wants, to this object as well.
void SingleInstancePrivate::concludeForwardings()
{
    const QPointer<SingleInstancePrivate> self = this;
    const QList<AsyncForwarding *> forwardings = m_forwardings;
    for (AsyncForwarding *forwarding : forwardings) {
        if (self && m_forwardings.contains(forwarding))
            forwarding->follow();
    }
}

QFuture<ActivationReply> SingleInstancePrivate::forward(const Activation &activation)
{
    auto *forwarding = new AsyncForwarding(*this, activation);
    forwarding->setParent(this);
    QFuture<ActivationReply> future = forwarding->future();
    m_forwardings += forwarding;
    connect(forwarding, &AsyncForwarding::silent, this, &SingleInstancePrivate::handleSilence);
    connect(forwarding, &AsyncForwarding::ended, this, [this, forwarding] {
        m_forwardings.removeOne(forwarding);
        forwarding->deleteLater();
    });
    if (m_status == Status::Idle)
        forwarding->finish(
            failedReply({Error::Misuse, QStringLiteral("A single instance must be started before it forwards.")}));
    else
        QMetaObject::invokeMethod(forwarding, &AsyncForwarding::follow, Qt::QueuedConnection);
    return future;
}

void SingleInstancePrivate::handleSilence()
{
    const QPointer<SingleInstancePrivate> self = this;
    noteFailure({Error::Unresponsive, unresponsiveReply().text});
    if (self)
        Q_EMIT q->unresponsive(holder());
}

void SingleInstancePrivate::stop()
{
    const QPointer<SingleInstancePrivate> self = this;
    retire();
    noteFailure({});
    if (self)
        setStatus(Status::Idle);
}

// The socket goes first, the lock last: whoever is told that we are leaving, and then gets the lock, finds no trace of us.
void SingleInstancePrivate::retire()
{
    m_standsBy = false;
    const QList<AsyncForwarding *> forwardings = m_forwardings;
    for (AsyncForwarding *forwarding : forwardings)
        forwarding->finish({.outcome = How::Cancelled});
    m_server.reset();
    m_queue.clear();
    m_election.reset();
}

} // namespace Holdfast
