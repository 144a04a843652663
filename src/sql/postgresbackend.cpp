// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresbackend.h"

#include "engine/logging.h"
#include "sql/postgresclerk.h"
#include "sql/postgreserror.h"
#include "sql/postgresinspection.h"
#include "sql/reply.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

using std::chrono::milliseconds;

// So long somebody waits who asked who holds a lock, and got no answer.
constexpr milliseconds MostForHolder{1000};

// The identity of what is locked on a server, told from a disk's by this.
constexpr std::uint64_t ServerBit = std::uint64_t{1} << 63;

// For giving back, which normally takes a twentieth of it, and goes on without us. None with a server that is silent already.
milliseconds patienceWith(const PostgresSession &session)
{
    if (session.pulse().unansweredFor() >= Blink)
        return milliseconds::zero();
    return QThread::currentThread()->loopLevel() > 0 ? Blink : Moment;
}

// Shorter, and a session would hardly do anything but give signs of life.
constexpr milliseconds LeastLossBound{100};

// How many sessions an attempt sees end before it gives up.
constexpr int MostSessions = 5;

constexpr qsizetype MostOfName = 200; // bytes of UTF-8; a name stands in every message

} // namespace

// A driver that is not there may still come: plugins are found once there is a QCoreApplication.
Failure whyNotOnServer(const ServerAddress &address, const QString &name)
{
    if (address.driver != QLatin1String("QPSQL"))
        return wrongDriver(address, name);
    if (name.isEmpty() || name.toUtf8().size() > MostOfName)
        return {LockError::InvalidArgument, QStringLiteral("Cannot lock \"%1\": a name has 1 to %2 bytes of UTF-8.")
                                                .arg(name, QString::number(MostOfName))};
    if (address.lossBound < LeastLossBound)
        return {LockError::InvalidArgument, QStringLiteral("Cannot lock \"%1\": a lossBound is at least %2 ms.")
                                                .arg(name, QString::number(LeastLossBound.count()))};
    if (!QCoreApplication::instance())
        return {LockError::NoEventLoop,
                QStringLiteral(
                    "Cannot lock \"%1\": there is no QCoreApplication, which a connection to a server needs. Make "
                    "one first.")
                    .arg(name)};
    return QSqlDatabase::isDriverAvailable(address.driver) ? Failure() : driverIsMissing(name);
}

PostgresBackend::PostgresBackend(ServerAddress address, QString name, qint64 key)
    : m_address(std::move(address)), m_name(std::move(name)), m_key(key)
{ }

PostgresBackend::~PostgresBackend()
{
    leave();
}

PostgresBackend::Seat PostgresBackend::seat() const
{
    const std::scoped_lock lock(m_mutex);
    return m_seat;
}

bool PostgresBackend::takeSeat()
{
    Seat fresh;
    fresh.session = PostgresSession::at(m_address);
    if (fresh.session)
        fresh.ticket = std::make_shared<PostgresTicket>(m_key, fresh.session->bellFor(m_key));
    const std::scoped_lock lock(m_mutex);
    std::swap(m_seat, fresh);
    return m_seat.session != nullptr;
}

// A session that has ended has taken nothing from us, who only wait: we go on with another one. If there is none to be had, that is
// the answer.
Attempt PostgresBackend::attempt(LockMode mode)
{
    m_mayHave = true;
    for (int sessions = 1;; ++sessions) {
        const Seat before = seat();
        const bool isSeated = before.session && !before.session->isLost();
        if (!isSeated && !takeSeat())
            return Attempt::failed({LockError::OutOfResources,
                                    QStringLiteral("Cannot lock \"%1\": there is no thread to be had.").arg(m_name)});
        Attempt answer = tryOnce(mode);
        const std::shared_ptr<PostgresSession> session = seat().session;
        const bool hasEnded = session->isLost() && session->hasBeenOpen();
        if (answer.answer != Attempt::Failed || !hasEnded || sessions == MostSessions)
            return answer;
    }
}

Attempt PostgresBackend::tryOnce(LockMode mode)
{
    const Seat own = seat();
    const auto reply = std::make_shared<Reply<Attempt>>();
    const auto asked = SessionPulse::Clock::now();
    const bool isPosted =
        own.session->post([reply, ticket = own.ticket, mode, asked](const PostgresSession::Desk &desk) {
            if (!reply->isAwaited())
                return;
            Attempt answer = desk.locks.attempt(*ticket, mode, asked);
            if (!reply->give(answer) && answer.answer == Attempt::Acquired)
                static_cast<void>(desk.locks.release(*ticket));
        });
    if (!isPosted)
        return Attempt::failed(own.session->loss());
    // All who wait for a server that hangs give up together, so that they do not keep the pool's threads one after the other.
    const auto left = m_address.lossBound - own.session->pulse().unansweredFor();
    std::optional<Attempt> answer = reply->wait(left);
    return answer ? *std::move(answer) : Attempt::failed(noAnswer(m_address));
}

void PostgresBackend::stopTrying()
{
    const Seat own = seat();
    if (!own.session)
        return;
    const auto reply = std::make_shared<Reply<bool>>();
    const bool isPosted = own.session->post([reply, ticket = own.ticket](const PostgresSession::Desk &desk) {
        desk.locks.giveUp(*ticket);
        reply->give(true);
    });
    if (isPosted)
        reply->wait(patienceWith(*own.session));
}

std::optional<Failure> PostgresBackend::release()
{
    m_mayHave = false;
    const Seat own = seat();
    const auto reply = std::make_shared<Reply<std::optional<Failure>>>();
    const bool isPosted = own.session->post(
        [reply, ticket = own.ticket](const PostgresSession::Desk &desk) { reply->give(desk.locks.release(*ticket)); });
    if (!isPosted)
        return own.session->loss();
    const auto answer = reply->wait(patienceWith(*own.session));
    return answer ? *answer : std::nullopt; // the session does it as soon as the server can
}

// Once: whoever destroys a lock does so after he has dropped it, and would wait for a silent server again.
void PostgresBackend::drop()
{
    const Seat own = seat();
    if (!m_mayHave.exchange(false) || !own.session)
        return;
    const auto reply = std::make_shared<Reply<bool>>();
    const bool isPosted = own.session->post([reply, ticket = own.ticket](const PostgresSession::Desk &desk) {
        desk.locks.giveUp(*ticket);
        static_cast<void>(desk.locks.release(*ticket));
        reply->give(true);
    });
    if (isPosted)
        reply->wait(patienceWith(*own.session));
}

void PostgresBackend::leave()
{
    if (m_isAbandoned) { // the session and all its mutexes are the parent's
        new Seat(std::move(m_seat));
        return;
    }
    drop();
    m_seat = {};
}

void PostgresBackend::abandon()
{
    m_isAbandoned = true;
}

// No answer is none: whoever looks by the way must not be held up.
LossReason PostgresBackend::inspect()
{
    const milliseconds limit = seat().session->pulse().unansweredFor() < Blink ? Blink : milliseconds::zero();
    return askWhetherHeld(limit).value_or(true) ? LossReason::None : LossReason::ConnectionLost;
}

// No answer within the loss bound is a loss.
LossReason PostgresBackend::verify()
{
    const auto limit = m_address.lossBound - seat().session->pulse().unansweredFor();
    return askWhetherHeld(limit).value_or(false) ? LossReason::None : LossReason::ConnectionLost;
}

std::optional<bool> PostgresBackend::askWhetherHeld(std::chrono::nanoseconds limit)
{
    const Seat own = seat();
    if (own.session->isLost())
        return false;
    const auto reply = std::make_shared<Reply<bool>>();
    const bool isPosted = own.session->post([reply, ticket = own.ticket](const PostgresSession::Desk &desk) {
        reply->give(desk.locks.isStillHeld(*ticket));
    });
    return isPosted ? reply->wait(limit) : false;
}

Failure PostgresBackend::whyLost() const
{
    const Seat own = seat();
    return own.session->isLost() ? own.session->loss() : noAnswer(m_address);
}

// Renewing asks nobody: the session's own thread asks for a sign of life. What is heard less often than that ends in time, because
// the hold counts from the last look at which it had just been heard.
Upkeep PostgresBackend::upkeep() const
{
    const milliseconds ping = pingInterval(m_address.lossBound);
    return {.every = ping / 2, .endurance = m_address.lossBound - ping * 3 / 2, .overdue = LossReason::ConnectionLost};
}

Renewal PostgresBackend::renew()
{
    const Seat own = seat();
    if (own.session->isLost())
        return Renewal::lost(LossReason::ConnectionLost);
    const auto age = own.session->pulse().age();
    const bool isFresh = age && *age < pingInterval(m_address.lossBound) * 3 / 2;
    return isFresh ? Renewal::done() : Renewal::postponed(noAnswer(m_address));
}

os::FileIdentity PostgresBackend::identity() const
{
    const Seat own = seat();
    if (!own.session)
        return {};
    return {.device = ServerBit | own.session->number(), .number = static_cast<std::uint64_t>(m_key)};
}

Watchable PostgresBackend::watchable() const
{
    const Seat own = seat();
    if (!own.ticket)
        return {};
    Watchable bell = own.ticket->bell->watchable();
    bell.looksEvery = lookInterval(m_address.lossBound);
    return bell;
}

QString PostgresBackend::token() const
{
    const Seat own = seat();
    return own.ticket ? QString::number(own.ticket->fencingToken) : QString();
}

LockHolder PostgresBackend::holder() const
{
    return holdersOnServer(m_address, m_key, std::min(m_address.lossBound, MostForHolder)).holders.value(0);
}

LockCore::BackendFactory postgresBackends(const ServerAddress &address, const QString &name, qint64 key)
{
    return [=](const LockOptions &) -> MadeBackend {
        if (Failure why = whyNotOnServer(address, name); why.isSet())
            return why;
        return std::make_unique<PostgresBackend>(address, name, key);
    };
}

} // namespace Holdfast
