// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/strictbackend.h"

#include "engine/logging.h"
#include "engine/owner.h"
#include "engine/strictclaims.h"
#include "engine/strictfailure.h"
#include "os/random.h"

#include <QtCore/qfile.h>
#include <QtCore/qrandom.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

// Those who collide look again at random moments, at most so far apart. As in Python's filelock.
constexpr int LongestBackOff = 50;

bool isNobodyThere(const Claims &claims, const OwnClaims &)
{
    return claims.readable.empty();
}

// Held claims would come before it.
bool isFirst(const Claims &claims, const OwnClaims &own)
{
    return !claims.readable.empty() && own.isOwn(claims.readable.front().facts);
}

bool isFirstToken(const Claims &claims, const OwnClaims &own)
{
    const auto isOwn = [&](const Claim &claim) { return own.isOwn(claim.facts); };
    const auto mayComeFirst = [&](const Claim &claim) { return claim.record.token >= own.token(); };
    return std::count_if(claims.readable.begin(), claims.readable.end(), isOwn) == 2
           && std::all_of(claims.readable.begin(), claims.readable.end(), mayComeFirst);
}

} // namespace

StrictBackend::StrictBackend(StrictBackendOptions options) : m_options(std::move(options)) { }

StrictBackend::~StrictBackend()
{
    drop();
}

// With one list of the directory, two could miss each other; so each says what it wants before it looks:
//
//   P.1 finds nobody        Q.1 finds nobody
//   P.2 makes its intent    Q.2 makes its intent
//   P.3 sees both           Q.3 sees both: only the one with the smaller token goes on
//
// One that comes late with a smaller token finds a held claim and goes, or is found by the third look of the other.
Attempt StrictBackend::attempt(LockMode)
{
    if (m_own.exist()) { // could not be removed when the last attempt ended
        if (Attempt left = backOff(Attempt::busy()); left.answer == Attempt::Failed)
            return left;
    }
    if (Failure failure = m_place.open(m_options.path, StrictPlace::Missing::Create); failure.isSet())
        return Attempt::failed(std::move(failure));
    std::optional<Attempt> answer = checkSentinel();
    if (!answer)
        answer = look(isNobodyThere);
    if (!answer)
        answer = publishIntent();
    if (!answer)
        answer = look(isFirst);
    if (!answer)
        answer = becomeHeld();
    if (!answer)
        answer = look(isFirstToken);
    if (answer)
        return *std::move(answer);
    m_scan.forget();
    m_collisions = 0;
    return Attempt::acquired();
}

// Who waits hears when the held claim loses one of its names.
Attempt StrictBackend::attemptBriefly(LockMode mode)
{
    return m_scan.isHeldUnchanged() ? Attempt::busy() : attempt(mode);
}

std::optional<Attempt> StrictBackend::publishIntent()
{
    const Owner owner = currentOwner();
    const records::ClaimRecord record{os::randomHex(16), owner.process, markerHostOf(owner), owner.startToken};
    os::Result<bool> published = m_own.publish(m_place.claims(), record, m_options.permissions);
    if (!published)
        return Attempt::failed(strictFailure(m_place.path(), published.error()));
    return *published ? std::nullopt : std::optional(busyBecauseOf({}));
}

std::optional<Attempt> StrictBackend::becomeHeld()
{
    os::Result<bool> held = m_own.hold(m_place.claims());
    if (!held)
        return backOff(Attempt::failed(strictFailure(m_place.path(), held.error())));
    return *held ? std::nullopt : std::optional(backOff(busyBecauseOf({})));
}

std::optional<Attempt> StrictBackend::look(MayGoOn mayGoOn)
{
    Claims claims = m_scan.scan(m_place, &m_own);
    if (claims.damage.isSet())
        return backOff(Attempt::failed(std::move(claims.damage)));
    if (claims.isIncomplete)
        return backOff(Attempt::busy(Claims::RereadInterval));
    if (mayGoOn(claims, m_own))
        return std::nullopt;
    return backOff(busyBecauseOf(claims));
}

Attempt StrictBackend::busyBecauseOf(const Claims &claims)
{
    if (claims.anyHeld() && !m_own.isOwn(claims.readable.front().facts)) {
        m_collisions = 0;
        return Attempt::busy();
    }
    const int most = std::min(LongestBackOff, 1 << std::min(m_collisions++, 10));
    return Attempt::busy(std::chrono::milliseconds(QRandomGenerator::system()->bounded(1, most + 1)));
}

Attempt StrictBackend::backOff(Attempt answer)
{
    os::Status removed = m_own.remove(m_place.claims());
    if (removed)
        return answer;
    Failure failure = systemFailure(m_place.path(), removed.error());
    if (answer.answer == Attempt::Failed)
        failure.text = answer.failure.text + u' ' + failure.text;
    return Attempt::failed(std::move(failure));
}

QString StrictBackend::name() const
{
    return QFile::decodeName(m_options.path.c_str());
}

QString StrictBackend::token() const
{
    return QString::fromStdString(m_own.token());
}

LockHolder StrictBackend::holder() const
{
    return strictHolder(m_options.path);
}

} // namespace Holdfast
