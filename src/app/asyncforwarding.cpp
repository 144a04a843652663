// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/asyncforwarding.h"

#include "app/activationmessage.h"
#include "app/singleinstance_p.h"

#include <QtCore/qpointer.h>

#include <utility>

namespace Holdfast {

namespace {

using How = ActivationReply::Outcome;
using WhenUnresponsive = SingleInstance::WhenUnresponsive;

} // namespace

AsyncForwarding::AsyncForwarding(SingleInstancePrivate &instance, const Activation &activation)
    : m_instance(instance),
      m_message(frame(records::FrameKind::Activation, writeActivation(activation))),
      m_wait(activation.wait),
      m_absence(instance.settings().timeout)
{
    m_promise.start();
    connect(&m_watcher, &QFutureWatcherBase::canceled, this, [this] { finish({.outcome = How::Cancelled}); });
    m_watcher.setFuture(m_promise.future());
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &AsyncForwarding::attempt);
}

AsyncForwarding::~AsyncForwarding()
{
    finish({.outcome = How::Cancelled});
}

void AsyncForwarding::follow()
{
    switch (m_instance.status()) {
    case SingleInstance::Status::Primary:
        return finish({.outcome = How::Primary});
    case SingleInstance::Status::Failed:
        return finish(failedReply(m_instance.failure()));
    case SingleInstance::Status::Secondary:
        if (!m_client && !m_pause.isActive())
            attempt();
        return;
    case SingleInstance::Status::Idle:
    case SingleInstance::Status::Electing:
        return;
    }
}

void AsyncForwarding::attempt()
{
    if (m_isEnded || m_watcher.isCanceled()) // which its event has not told yet
        return;
    dropClient();
    m_client = std::make_unique<InstanceClient>(m_instance.settings(), m_message, m_wait);
    connect(m_client.get(), &InstanceClient::silent, this, &AsyncForwarding::complain);
    connect(m_client.get(), &InstanceClient::ended, this, &AsyncForwarding::handle);
    m_client->start(m_instance.election().socketPlace());
}

void AsyncForwarding::handle(const ClientEnd &end)
{
    if (m_client && m_client->isAcknowledged())
        m_absence.end();
    switch (end.kind) {
    case ClientEnd::Answered: {
        const QPointer<AsyncForwarding> self = this;
        m_instance.forgetSilence();
        return self ? finish(end.reply) : void();
    }
    case ClientEnd::Refused:
        m_instance.noteFailure(end.failure);
        return finish(failedReply(end.failure));
    case ClientEnd::Silent:
        return finish(unresponsiveReply());
    case ClientEnd::Gone:
        handleAbsence();
    }
}

void AsyncForwarding::handleAbsence()
{
    if (m_absence.lastsTooLong()) {
        const QPointer<AsyncForwarding> self = this;
        complain();
        if (!self || m_isEnded)
            return;
        if (m_instance.settings().whenUnresponsive != WhenUnresponsive::Wait)
            return finish(unresponsiveReply());
    }
    const std::chrono::milliseconds pause = m_absence.nextPause();
    m_pause.start(pause);
    m_instance.claimFor(pause);
}

void AsyncForwarding::complain()
{
    if (!std::exchange(m_hasComplained, true))
        Q_EMIT silent();
}

// It may be what has called.
void AsyncForwarding::dropClient()
{
    if (!m_client)
        return;
    InstanceClient *former = m_client.release();
    former->setParent(this);
    former->disconnect(this);
    former->deleteLater();
}

void AsyncForwarding::finish(const ActivationReply &reply)
{
    if (std::exchange(m_isEnded, true))
        return;
    m_pause.stop();
    m_watcher.disconnect(this);
    dropClient();
    QPromise<ActivationReply> promise = std::move(m_promise); // its continuations may delete this
    Q_EMIT ended();
    promise.addResult(reply);
    promise.finish();
}

} // namespace Holdfast
