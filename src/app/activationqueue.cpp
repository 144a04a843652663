// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/activationqueue.h"

#include "app/activationticket.h"

#include <QtCore/qpointer.h>

#include <utility>

namespace Holdfast {

void ActivationQueue::add(const Activation &activation)
{
    m_waiting.push_back(activation);
    schedule();
}

void ActivationQueue::schedule()
{
    if (m_waiting.empty() || !m_isHeard() || m_isDelivering || std::exchange(m_isScheduled, true))
        return;
    QMetaObject::invokeMethod(this, &ActivationQueue::deliver, Qt::QueuedConnection);
}

// The handlers may run event loops, throw everything away, and delete this.
void ActivationQueue::deliver()
{
    m_isScheduled = false;
    if (m_waiting.empty() || !m_isHeard())
        return;
    const Activation activation = std::move(m_waiting.front());
    m_waiting.pop_front();
    const std::shared_ptr<ActivationTicket> ticket = ActivationTicket::of(activation);
    if (ticket && ticket->isAnswered()) // it was told that this process is leaving
        return schedule();
    if (ticket)
        ticket->setDelivered();
    m_isDelivering = true;
    const QPointer<ActivationQueue> self = this;
    Q_EMIT due(activation);
    if (ticket)
        ticket->handlersReturned();
    if (!self)
        return;
    m_isDelivering = false;
    schedule();
}

} // namespace Holdfast
