// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/activationqueue.h"
#include "app/instanceelection.h"
#include "app/instanceserver.h"
#include "app/instancesettings.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qlist.h>
#include <QtCore/qobject.h>

#include <memory>

namespace Holdfast {

class AsyncForwarding;
class Absence;
struct ClientEnd;

/** From status to status: election, ear and queue, put together. */
class SingleInstancePrivate : public QObject
{
    Q_OBJECT
public:
    using Status = SingleInstance::Status;

    explicit SingleInstancePrivate(SingleInstance *instance);
    ~SingleInstancePrivate() override;

    const InstanceSettings &settings() const { return m_settings; }
    Status status() const { return m_status; }
    const InstanceFailure &failure() const { return m_failure; }
    InstanceElection &election() { return *m_election; }
    ActivationQueue &queue() { return m_queue; }
    std::intptr_t descriptor() const { return m_election ? m_election->descriptor() : -1; }
    LockHolder holder() const { return m_election ? m_election->holder() : LockHolder(); }

    /** Sets a property, and says whether that was allowed. @p refusal: why the value means nothing, in a sentence; empty: it does. */
    template<class Value>
    bool set(Value InstanceSettings::*member, const Value &value, const QString &refusal,
             void (SingleInstance::*changed)());

    void start();
    Status tryStart();
    void standBy();
    void stop();

    QFuture<ActivationReply> forward(const Activation &activation);
    ActivationReply forwardAndWait(const Activation &activation, QDeadlineTimer deadline);

    void claimFor(std::chrono::milliseconds pause); ///< when there seems to be no primary
    void noteFailure(const InstanceFailure &failure);
    void forgetSilence();
    void retire(); ///< lets go of everything

private:
    static bool isHeard(const SingleInstance &instance);
    bool begin();
    void handleClaim(Claim claim);
    void enter(Claim claim);
    void becomePrimary();
    void handleLoss();
    void returnWith(Claim claim);
    void handleSilence();
    void setStatus(Status status);
    void fail(const InstanceFailure &failure);
    void concludeForwardings();
    bool refuse(SingleInstance::Error error, const QString &why);

    std::optional<ActivationReply> attemptNow(const QByteArray &message, const Activation &activation, Absence &absence,
                                              QDeadlineTimer deadline);
    std::optional<ActivationReply> handleEndNow(const ClientEnd &end, Absence &absence, QDeadlineTimer deadline);
    std::optional<ActivationReply> claimMeanwhile(Absence &absence, QDeadlineTimer deadline);

    SingleInstance *const q;
    InstanceSettings m_settings;
    Status m_status = Status::Idle;
    InstanceFailure m_failure;
    std::unique_ptr<InstanceElection> m_election;
    std::unique_ptr<InstanceServer> m_server;
    ActivationQueue m_queue;
    QList<AsyncForwarding *> m_forwardings;
    bool m_standsBy = false;
};

template<class Value>
bool SingleInstancePrivate::set(Value InstanceSettings::*member, const Value &value, const QString &refusal,
                                void (SingleInstance::*changed)())
{
    if (m_status != Status::Idle && m_status != Status::Failed)
        return refuse(SingleInstance::Error::Misuse,
                      QStringLiteral("A single instance is set up before it is started, or after stop()."));
    if (!refusal.isEmpty())
        return refuse(SingleInstance::Error::InvalidArgument, refusal);
    if (m_settings.*member == value)
        return true;
    m_settings.*member = value;
    Q_EMIT(q->*changed)();
    return true;
}

} // namespace Holdfast
