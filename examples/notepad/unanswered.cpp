// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "unanswered.h"

#include <QCoreApplication>
#include <QFuture>

Unanswered::Unanswered(Holdfast::SingleInstance &instance, const Holdfast::Activation &activation)
    : m_instance(instance), m_activation(activation), m_owner(instance.holder())
{ }

std::optional<int> Unanswered::decision(int unless) const
{
    if (m_isToOpenHere)
        return std::nullopt;
    return m_status.value_or(unless);
}

void Unanswered::wait()
{
    if (m_isWaiting)
        return;
    m_isWaiting = true;
    Q_EMIT waitingChanged();
    m_instance.stop(); // only then may it be told to wait
    m_instance.setWhenUnresponsive(Holdfast::SingleInstance::WhenUnresponsive::Wait);
    m_instance.start();
    m_instance.forward(m_activation).then(this, [this](const Holdfast::ActivationReply &reply) {
        m_isToOpenHere = reply.outcome == Holdfast::ActivationReply::Outcome::Primary; // the other one has gone
        m_status = reply.exitCode;
        end();
    });
}

void Unanswered::openHere()
{
    m_isToOpenHere = true;
    end();
}

void Unanswered::giveUp()
{
    end();
}

void Unanswered::end()
{
    QCoreApplication::exit();
}
