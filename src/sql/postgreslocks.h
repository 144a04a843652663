// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/attempt.h"
#include "engine/bell.h"
#include "sql/postgresconnection.h"
#include "sql/postgreskeys.h"

#include <QtCore/qstring.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace Holdfast {

/** One lock object's part in a session: what it holds and waits for. */
struct PostgresTicket
{
    PostgresTicket(qint64 key, std::shared_ptr<Bell> rung) : keys(key), bell(std::move(rung)) { }

    const PostgresKeys keys;
    const std::shared_ptr<Bell> bell; ///< of all in this process who want the key
    std::atomic<qint64> fencingToken{0};

    // Only for the session's thread.
    std::optional<LockMode> held = std::nullopt;
    std::optional<LockMode> wanted = std::nullopt; ///< while it waits
};

/**
 * The locks of one session, in its thread. The server lets a session take again what it has, so those in this process who hold
 * through the same session are kept apart here: the server's lock is taken for the first of them and given back with the last.
 *
 * Everything about one attempt, or one release, is one statement.
 */
class PostgresLocks
{
public:
    explicit PostgresLocks(PostgresConnection &connection) : m_connection(connection) { }

    /** Prepares what nearly every session needs, and what nobody should wait for when he needs it: giving back. */
    void prepare();

    using Moment = SessionPulse::Clock::time_point;

    /** One attempt, which somebody asked for at @p asked. */
    Attempt attempt(PostgresTicket &ticket, LockMode mode, Moment asked);

    /** Gives back what is held. A failure: it was not ours any more, or nobody knows. */
    std::optional<Failure> release(PostgresTicket &ticket);

    void giveUp(PostgresTicket &ticket); ///< waits no longer

    bool isStillHeld(const PostgresTicket &ticket); ///< asks the server; false also when it cannot be asked any more

    bool isInUse() const { return m_holders + m_waiters > 0; }

    /** Looks, with few statements for all, which locks that somebody waits for are there for the taking; their holders may have
        gone without ringing. */
    std::vector<qint64> findFree();

    /** Takes the session's bells down where nobody has waited for a while. */
    void tidyUp();

private:
    struct Place
    {
        int readers = 0;
        bool hasWriter = false;
        int waiters = 0;
        int waitingWriters = 0;
        int gateMisses = 0;
        bool hasGate = false;  ///< at the server, exclusive
        bool hasBell = false;  ///< at the server, shared
        Moment busyAt[2] = {}; ///< when a question was sent to which the answer was busy, for each mode
        Moment idleSince = {};
        bool isInUse() const { return readers > 0 || hasWriter; }

        /** When somebody who waits in @p mode has to look again by himself; 0: he will be told. */
        std::chrono::milliseconds retryIn(LockMode mode) const;
    };

    Place &placeOf(const PostgresTicket &ticket) { return m_places[ticket.keys.lock]; }
    Attempt read(Place &place, PostgresTicket &ticket);
    Attempt write(Place &place, PostgresTicket &ticket);
    Attempt settle(Place &place, PostgresTicket &ticket, LockMode mode, const QString &said);
    Attempt recover(Place &place, PostgresTicket &ticket, LockMode mode, Failure why);
    void beginToWait(Place &place, PostgresTicket &ticket, LockMode mode);
    void endWait(Place &place, PostgresTicket &ticket);
    QString tokenExpression();
    QString lookExpression(qint64 key, const Place &place) const;
    void openGate(Place &place, const PostgresTicket &ticket);
    void mistrust(const QString &what);

    PostgresConnection &m_connection;
    std::map<qint64, Place> m_places;
    int m_holders = 0;
    int m_waiters = 0;
    enum class Fencing { Unknown, Usable, Denied } m_fencing = Fencing::Unknown;
};

} // namespace Holdfast
