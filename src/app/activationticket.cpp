// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/activationticket.h"

namespace Holdfast {

ActivationTicket::ActivationTicket(Activation::Wait wait) : m_wait(wait)
{
    m_promise.start();
}

ActivationTicket::~ActivationTicket()
{
    answer({});
}

std::shared_ptr<ActivationTicket> ActivationTicket::attachTo(Activation &activation)
{
    activation.m_ticket = std::make_shared<ActivationTicket>(activation.wait);
    return activation.m_ticket;
}

void ActivationTicket::answer(const ActivationReply &reply)
{
    if (m_isAnswered.exchange(true))
        return;
    m_promise.addResult(reply);
    m_promise.finish();
}

void ActivationTicket::leaveUnanswered()
{
    if (!m_isAnswered.exchange(true))
        m_promise.finish();
}

void ActivationTicket::handlersReturned()
{
    if (m_wait == Activation::Wait::UntilHandled)
        answer({});
}

} // namespace Holdfast
