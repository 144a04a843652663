// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/activationmessage.h"
#include "app/forwarding.h"
#include "app/singleinstance_p.h"

#include <QtCore/qpointer.h>

#include <algorithm>

namespace Holdfast {

namespace {

using Error = SingleInstance::Error;
using How = ActivationReply::Outcome;
using WhenUnresponsive = SingleInstance::WhenUnresponsive;

std::chrono::milliseconds atMost(std::chrono::milliseconds pause, const QDeadlineTimer &deadline)
{
    return deadline.isForever() ? pause : std::min(pause, std::chrono::milliseconds(deadline.remainingTime()));
}

} // namespace

// The twin of AsyncForwarding, without an event loop: the same client, the same steps. After each signal it is asked whether there
// is anything left to go on with: whoever hears it may call stop(), or destroy all this.
ActivationReply SingleInstancePrivate::forwardAndWait(const Activation &activation, QDeadlineTimer deadline)
{
    if (m_status != Status::Secondary && m_status != Status::Primary) {
        const QString why = QStringLiteral("A single instance must be started, and elected, before it forwards.");
        refuse(Error::Misuse, why);
        return failedReply({Error::Misuse, why});
    }
    const QByteArray message = frame(records::FrameKind::Activation, writeActivation(activation));
    const QPointer<SingleInstancePrivate> self = this;
    Absence absence(m_settings.timeout);
    for (;;) {
        if (m_status == Status::Primary)
            return {.outcome = How::Primary};
        if (const auto reply = attemptNow(message, activation, absence, deadline))
            return *reply;
        if (!self || m_status == Status::Idle || m_status == Status::Electing)
            return cancelledReply();
        if (m_status == Status::Failed)
            return failedReply(m_failure);
    }
}

// Nothing: it depends on the status by now.
std::optional<ActivationReply> SingleInstancePrivate::attemptNow(const QByteArray &message,
                                                                 const Activation &activation, Absence &absence,
                                                                 QDeadlineTimer deadline)
{
    const QPointer<SingleInstancePrivate> self = this;
    InstanceClient client(m_settings, message, activation.wait);
    connect(&client, &InstanceClient::silent, &client, [self, &client, &absence] {
        if (absence.isToBeTold())
            self->handleSilence();
        if (!self || self->m_status != Status::Secondary)
            client.giveUp();
    });
    const std::optional<ClientEnd> end = client.run(m_election->socketPlace(), deadline);
    if (end && end->kind == ClientEnd::Answered) { // it is done, whatever a handler has done meanwhile
        if (self)
            forgetSilence();
        return end->reply;
    }
    if (!self || m_status != Status::Secondary)
        return std::nullopt;
    if (client.isAcknowledged())
        absence.end();
    if (end)
        return handleEndNow(*end, absence, deadline);
    if (client.isAcknowledged())
        return ActivationReply{.outcome = How::Unanswered};
    return unresponsiveReply();
}

std::optional<ActivationReply> SingleInstancePrivate::handleEndNow(const ClientEnd &end, Absence &absence,
                                                                   QDeadlineTimer deadline)
{
    switch (end.kind) {
    case ClientEnd::Answered:
        return end.reply;
    case ClientEnd::Refused:
        noteFailure(end.failure);
        return failedReply(end.failure);
    case ClientEnd::Silent:
        return unresponsiveReply();
    case ClientEnd::Gone:
        break;
    }
    return claimMeanwhile(absence, deadline);
}

// Nobody listens: whoever gets the lock now is the primary.
std::optional<ActivationReply> SingleInstancePrivate::claimMeanwhile(Absence &absence, QDeadlineTimer deadline)
{
    const QPointer<SingleInstancePrivate> self = this;
    if (absence.lastsTooLong()) {
        const bool mayWait = m_settings.whenUnresponsive == WhenUnresponsive::Wait;
        if (absence.isToBeTold())
            handleSilence();
        if (!self || m_status != Status::Secondary)
            return std::nullopt;
        if (!mayWait)
            return unresponsiveReply();
    }
    if (deadline.hasExpired())
        return unresponsiveReply();
    enter(m_election->claimWithin(atMost(absence.nextPause(), deadline)));
    return std::nullopt;
}

} // namespace Holdfast
