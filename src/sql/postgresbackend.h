// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/abstractlock_p.h"
#include "sql/postgressession.h"
#include "sql/serveraddress.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

namespace Holdfast {

/** Why there cannot be a lock called @p name on @p address, as far as can be told without asking the server; unset: there can. */
Failure whyNotOnServer(const ServerAddress &address, const QString &name);

/** What makes the backends of the lock @p key, which messages call @p name. */
LockCore::BackendFactory postgresBackends(const ServerAddress &address, const QString &name, qint64 key);

/** One lock object's way to its session's locks: asks in the session's thread, and waits for the answer only so long. */
class PostgresBackend final : public Backend
{
public:
    PostgresBackend(ServerAddress address, QString name, qint64 key);
    ~PostgresBackend() override;

    Attempt attempt(LockMode mode) override;
    void stopTrying() override;
    std::optional<Failure> release() override;
    void drop() override;
    void abandon() override;
    LossReason inspect() override;
    LossReason verify() override;
    Failure whyLost() const override;
    Upkeep upkeep() const override;
    Renewal renew() override;
    os::FileIdentity identity() const override;
    Watchable watchable() const override;
    QString token() const override;
    LockHolder holder() const override;
    QString name() const override { return m_name; }

private:
    /** This object's place in a session; replaced as a whole. */
    struct Seat
    {
        std::shared_ptr<PostgresSession> session;
        std::shared_ptr<PostgresTicket> ticket;
    };

    Seat seat() const;
    bool takeSeat();
    Attempt tryOnce(LockMode mode);
    std::optional<bool> askWhetherHeld(std::chrono::nanoseconds limit);
    void leave();

    const ServerAddress m_address;
    const QString m_name;
    const qint64 m_key;
    mutable std::mutex m_mutex; // others look at the seat while an attempt takes another one
    Seat m_seat;
    std::atomic<bool> m_mayHave{
        false}; // something at the server: it was tried, and neither given back nor dropped since
    std::atomic<bool> m_isAbandoned{false};
};

} // namespace Holdfast
