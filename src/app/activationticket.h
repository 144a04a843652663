// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/activation.h>
#include <holdfast/app/activationreply.h>

#include <QtCore/qfuture.h>
#include <QtCore/qpromise.h>

#include <atomic>
#include <memory>
#include <optional>

namespace Holdfast {

/**
 * The right to answer an activation once, shared by all of its copies. Its end is an answer, too. Thread-safe, but for the
 * future, which only the connection has.
 */
class ActivationTicket
{
public:
    explicit ActivationTicket(Activation::Wait wait);
    ~ActivationTicket();
    Q_DISABLE_COPY_MOVE(ActivationTicket)

    /** Makes @p activation one that can be answered. */
    static std::shared_ptr<ActivationTicket> attachTo(Activation &activation);

    static std::shared_ptr<ActivationTicket> of(const Activation &activation) { return activation.m_ticket; }

    /** An ended future without a result: it was not dealt with, because the primary leaves. */
    QFuture<ActivationReply> reply() const { return m_promise.future(); }

    void answer(const ActivationReply &reply);
    void leaveUnanswered();

    void setDelivered() { m_isDelivered = true; }
    bool isDelivered() const { return m_isDelivered; } ///< whether somebody has seen the activation
    void handlersReturned();
    bool isAnswered() const { return m_isAnswered; }

private:
    const Activation::Wait m_wait;
    QPromise<ActivationReply> m_promise;
    std::atomic<bool> m_isAnswered{false};
    std::atomic<bool> m_isDelivered{false};
};

} // namespace Holdfast
