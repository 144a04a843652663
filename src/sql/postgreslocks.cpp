// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgreslocks.h"

#include "engine/logging.h"
#include "sql/postgresfencing.h"
#include "sql/postgresholder.h"
#include "sql/postgresstatements.h"

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

using std::chrono::milliseconds;

// Whoever has just put up his bell looks once more: a release may have come before it.
constexpr milliseconds SoonAgain{1};

// How long a bell stays when nobody waits any more. Until then others announce what nobody hears; taking it down and putting it
// up again costs more, when somebody tries now and then.
constexpr std::chrono::seconds BellTime{2};

// A writer who does not get the gate comes again for it, less and less often: after 256 ms in the end.
constexpr int MostGateMisses = 9;

// A function of the server has at most 100 arguments.
constexpr qsizetype MostParts = 90;

} // namespace

void PostgresLocks::prepare()
{
    const PostgresTerms &keys = PostgresTerms::parameters();
    m_connection.prepare({releaseExpression(keys, true), releaseExpression(keys, false), openGateExpression(keys),
                          readExpression(keys, {})});
}

// Another writer has the gate, for as long as he waits; or a reader has just gone through; or the server has not noticed yet that
// the session has ended which had it. Of none of these somebody tells.
milliseconds PostgresLocks::Place::retryIn(LockMode mode) const
{
    const bool isToldOfAll = mode == LockMode::Shared || hasGate || gateMisses == 0;
    return isToldOfAll ? milliseconds::zero() : SoonAgain * (1 << (gateMisses - 1));
}

Attempt PostgresLocks::attempt(PostgresTicket &ticket, LockMode mode, Moment asked)
{
    if (!m_connection.isUsable())
        return Attempt::failed(m_connection.whyUnusable());
    Place &place = placeOf(ticket);
    beginToWait(place, ticket, mode);
    // The server has said so already, later than this was asked.
    if (place.hasBell && place.busyAt[static_cast<int>(mode)] >= asked)
        return Attempt::busy(place.retryIn(mode));
    return mode == LockMode::Shared ? read(place, ticket) : write(place, ticket);
}

Attempt PostgresLocks::read(Place &place, PostgresTicket &ticket)
{
    if (place.hasWriter || place.waitingWriters > 0)
        return Attempt::busy(); // theirs is the next turn, and our end of it rings
    const QString expression =
        readExpression(PostgresTerms::parameters(), {.lock = place.readers > 0, .gate = false, .bell = place.hasBell});
    const Moment sent = SessionPulse::Clock::now();
    const auto answer = m_connection.ask(expression, ticket.keys);
    if (!answer.isOk())
        return recover(place, ticket, LockMode::Shared, answer.failure);
    place.busyAt[static_cast<int>(LockMode::Shared)] = sent;
    return settle(place, ticket, LockMode::Shared, answer.text);
}

// SQL's own locks let a waiting writer go before new readers only if he waits at the server, which would block everybody who
// shares the session. So he holds the gate, and looks.
Attempt PostgresLocks::write(Place &place, PostgresTicket &ticket)
{
    const PostgresPossessions has{.gate = place.hasGate, .bell = place.hasBell};
    if (place.isInUse() && has.gate && has.bell)
        return Attempt::busy();
    const bool keepsGate = place.waitingWriters > 1;
    const QString expression = place.isInUse()
                                   ? queueExpression(PostgresTerms::parameters(), has)
                                   : writeExpression(PostgresTerms::parameters(), has, keepsGate, tokenExpression());
    const Moment sent = SessionPulse::Clock::now();
    const auto answer = m_connection.ask(expression, ticket.keys);
    if (!answer.isOk())
        return recover(place, ticket, LockMode::Exclusive, answer.failure);
    place.busyAt[static_cast<int>(LockMode::Exclusive)] = sent;
    return settle(place, ticket, LockMode::Exclusive, answer.text);
}

Attempt PostgresLocks::settle(Place &place, PostgresTicket &ticket, LockMode mode, const QString &said)
{
    const std::optional<PostgresAnswer> answer = PostgresAnswer::from(said);
    if (!answer || !answer->isOrderly) {
        mistrust(QStringLiteral("the gate of a lock"));
        return Attempt::failed(m_connection.whyUnusable());
    }
    if (!answer->isAcquired) {
        const bool bellIsNew = !std::exchange(place.hasBell, answer->hasBell);
        if (mode == LockMode::Exclusive) {
            place.hasGate = answer->hasGate;
            place.gateMisses = place.hasGate ? 0 : std::min(place.gateMisses + 1, MostGateMisses);
        }
        return Attempt::busy(bellIsNew ? SoonAgain : place.retryIn(mode));
    }
    place.gateMisses = 0;
    place.busyAt[static_cast<int>(mode)] = {};
    ticket.fencingToken = answer->fencingToken;
    ticket.held = mode;
    ++m_holders;
    if (mode == LockMode::Shared) {
        ++place.readers;
    } else {
        place.hasWriter = true;
        place.hasGate = place.hasGate && place.waitingWriters > 1;
    }
    endWait(place, ticket);
    return Attempt::acquired();
}

// The statement has failed somewhere on its way, and what it had locked until then stays locked.
Attempt PostgresLocks::recover(Place &place, PostgresTicket &ticket, LockMode mode, Failure why)
{
    if (m_connection.isUsable())
        m_connection.ask(
            undoExpression(ticket.keys, mode, {.lock = place.isInUse(), .gate = place.hasGate, .bell = place.hasBell}));
    const bool isAboutTokens = mode == LockMode::Exclusive && m_fencing == Fencing::Usable
                               && why.error != LockError::OutOfResources; // of which locks need some, too
    if (m_connection.isUsable() && isAboutTokens) {
        m_fencing = Fencing::Denied;
        warnOfFencing(m_connection.address(), why.text);
        return write(place, ticket);
    }
    return Attempt::failed(std::move(why));
}

std::optional<Failure> PostgresLocks::release(PostgresTicket &ticket)
{
    if (!ticket.held)
        return std::nullopt;
    Place &place = placeOf(ticket);
    const bool isWriter = std::exchange(ticket.held, std::nullopt) == LockMode::Exclusive;
    ticket.fencingToken = 0;
    --m_holders;
    if (isWriter)
        place.hasWriter = false;
    else
        --place.readers;
    if (!m_connection.isUsable())
        return m_connection.whyUnusable();
    if (place.isInUse())
        return std::nullopt;
    place.idleSince = SessionPulse::Clock::now();
    const auto answer = m_connection.ask(releaseExpression(PostgresTerms::parameters(), isWriter), ticket.keys);
    if (place.waiters > 0)
        ticket.bell->ring();
    if (answer.isOk() && answer.text.startsWith(QLatin1String("true")))
        return std::nullopt;
    mistrust(QStringLiteral("a lock"));
    return m_connection.whyUnusable();
}

void PostgresLocks::giveUp(PostgresTicket &ticket)
{
    if (!ticket.wanted)
        return;
    Place &place = placeOf(ticket);
    const bool isWriter = ticket.wanted == LockMode::Exclusive;
    endWait(place, ticket);
    if (!isWriter || place.waitingWriters > 0)
        return;
    if (place.hasGate)
        openGate(place, ticket);
    if (place.waiters > 0)
        ticket.bell->ring(); // readers of this process
}

bool PostgresLocks::isStillHeld(const PostgresTicket &ticket)
{
    if (!ticket.held)
        return false;
    const auto answer = m_connection.ask(isHeldExpression(ticket.keys.lock, *ticket.held));
    if (answer.isOk() && answer.text == QLatin1String("true"))
        return true;
    // To look takes locks, too; a server without room for them has taken nothing away.
    if (m_connection.isUsable() && answer.failure.error == LockError::OutOfResources)
        return true;
    mistrust(QStringLiteral("a lock"));
    return false;
}

void PostgresLocks::openGate(Place &place, const PostgresTicket &ticket)
{
    place.hasGate = false;
    const auto answer = m_connection.ask(openGateExpression(PostgresTerms::parameters()), ticket.keys);
    if (!answer.isOk() || !answer.text.startsWith(QLatin1String("true")))
        mistrust(QStringLiteral("the gate of a lock"));
}

void PostgresLocks::beginToWait(Place &place, PostgresTicket &ticket, LockMode mode)
{
    if (ticket.wanted == mode)
        return;
    giveUp(ticket);
    ticket.wanted = mode;
    ++m_waiters;
    ++place.waiters;
    place.waitingWriters += mode == LockMode::Exclusive ? 1 : 0;
}

void PostgresLocks::endWait(Place &place, PostgresTicket &ticket)
{
    if (!ticket.wanted)
        return;
    --m_waiters;
    --place.waiters;
    place.waitingWriters -= std::exchange(ticket.wanted, std::nullopt) == LockMode::Exclusive ? 1 : 0;
    place.idleSince = SessionPulse::Clock::now();
}

QString PostgresLocks::tokenExpression()
{
    if (m_fencing == Fencing::Unknown)
        m_fencing = prepareFencing(m_connection) ? Fencing::Usable : Fencing::Denied;
    return m_fencing == Fencing::Usable ? nextTokenExpression() : QStringLiteral("0");
}

// Those who wait behind somebody here are rung by him.
QString PostgresLocks::lookExpression(qint64 key, const Place &place) const
{
    if (place.waiters == 0 || place.hasWriter || (place.waitingWriters > 0 && place.readers > 0))
        return {};
    const PostgresKeys keys(key);
    return place.waitingWriters > 0 ? canWriteExpression(keys) : canReadExpression(keys, place.readers > 0);
}

std::vector<qint64> PostgresLocks::findFree()
{
    std::vector<qint64> found;
    QStringList parts;
    const auto ask = [&] {
        const auto answer = m_connection.ask(QStringLiteral("concat_ws(',', %1)").arg(parts.join(QLatin1String(", "))));
        parts.clear();
        for (const QString &part : answer.text.split(u',', Qt::SkipEmptyParts)) {
            const QStringList words = part.split(u' ');
            if (words.value(1) != QLatin1String("true") && words.value(1) != QLatin1String("t"))
                mistrust(QStringLiteral("a lock that was only tried"));
            found.push_back(words.first().toLongLong());
        }
    };
    for (const auto &[key, place] : m_places) {
        if (const QString expression = lookExpression(key, place); !expression.isEmpty())
            parts += expression;
        if (parts.size() == MostParts)
            ask();
    }
    if (!parts.isEmpty())
        ask();
    return found;
}

void PostgresLocks::tidyUp()
{
    const Moment now = SessionPulse::Clock::now();
    for (auto it = m_places.begin(); it != m_places.end() && m_connection.isUsable();) {
        Place &place = it->second;
        if (place.isInUse() || place.waiters > 0 || now - place.idleSince < BellTime) {
            ++it;
            continue;
        }
        if (place.hasBell) {
            const auto answer = m_connection.ask(takeBellDownExpression(PostgresTerms::of(PostgresKeys(it->first))));
            if (!answer.isOk() || answer.text != QLatin1String("true"))
                mistrust(QStringLiteral("the bell of a lock"));
        }
        it = m_places.erase(it);
    }
}

// What the session should hold, it does not hold, so nothing that it should hold can be relied on: somebody has interfered
// (pg_advisory_unlock_all, DISCARD ALL, a pooler), or the statement was cut short.
void PostgresLocks::mistrust(const QString &what)
{
    if (!m_connection.isUsable())
        return;
    m_connection.giveUp(QStringLiteral("%1 was gone from it, which nobody here has given back").arg(what));
    qCWarning(lcHoldfast).noquote() << m_connection.whyUnusable().text;
}

} // namespace Holdfast
