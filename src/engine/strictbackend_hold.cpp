// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A strict lock that is held, and its end.

#include "engine/strictbackend.h"

#include "engine/logging.h"
#include "engine/strictfailure.h"

namespace Holdfast {

void StrictBackend::stopTrying()
{
    if (os::Status removed = m_own.remove(m_place.claims()); !removed) { // the next attempt begins with it
        qCWarning(lcHoldfast).noquote() << systemFailure(m_place.path(), removed.error()).text
                                        << "A claim is left behind, and blocks the lock.";
        return;
    }
    m_scan.forget();
    m_sentinel.close();
    m_softInTheWay = false;
    m_identity = {};
    m_collisions = 0;
    m_place.close();
}

std::optional<Failure> StrictBackend::release()
{
    if (os::Status removed = m_own.remove(m_place.claims()); !removed)
        return systemFailure(m_place.path(), removed.error());
    stopTrying();
    return std::nullopt;
}

void StrictBackend::drop()
{
    stopTrying();
}

void StrictBackend::abandon()
{
    m_own.abandon();
    m_scan.abandon();
    m_sentinel.abandon();
    m_place.abandon();
}

LossReason StrictBackend::inspect()
{
    return m_own.inspect(m_place.claims());
}

// While busy: the held claim, or the soft marker. When several collide, they look again soon in any case; watching each
// other's intents, they would only wake each other.
Watchable StrictBackend::watchable() const
{
    if (m_own.exist())
        return {m_own.descriptor(), m_opening};
    if (m_softInTheWay)
        return {m_sentinel.descriptor(), m_opening};
    return {m_scan.descriptor(), m_opening + m_scan.opening()};
}

} // namespace Holdfast
