// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/leasebackend.h"

#include "engine/markerfamilyname.h"
#include "engine/markerholder.h"
#include "os/random.h"
#include "records/leaserecord.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

constexpr std::size_t TokenBytes = 16;

double inSeconds(std::chrono::milliseconds duration)
{
    return static_cast<double>(duration.count()) / 1000;
}

Failure otherDuration(const std::string &path, double theirs, double ours)
{
    return {LockError::SettingsMismatch,
            QStringLiteral(
                "Cannot lock \"%1\": its holder uses a lease of %2 s, and this lock one of %3 s. They would take "
                "each other for gone at different times; give all programs the same duration.")
                .arg(QFile::decodeName(path.c_str()), QString::number(theirs), QString::number(ours))};
}

} // namespace

LeaseBackend::LeaseBackend(MarkerBackendOptions options, LeaseTerms terms)
    : MarkerBackend(std::move(options)), m_terms(terms)
{ }

std::string LeaseBackend::record()
{
    m_token = os::randomHex(TokenBytes);
    const Owner owner = currentOwner();
    return records::writeLeaseRecord({owner.process, markerHostOf(owner), records::LeaseContract::Lease, m_token,
                                      inSeconds(m_terms.duration), owner.startToken});
}

MarkerBackend::Verdict LeaseBackend::judge(const os::MarkerContent &content)
{
    using records::MarkerFamily;
    const MarkerFamily family = records::markerFamily(content.bytes);
    switch (family) {
    case MarkerFamily::Lease:
        return judgeLease(content);
    case MarkerFamily::Exclusive: // as Python's leases have it
        return {isOwnerDead(content) ? Verdict::Stale : Verdict::Held};
    case MarkerFamily::UnknownContract: // an owner who lives under rules that we do not know
        return {Verdict::Held};
    case MarkerFamily::Empty:
    case MarkerFamily::Other:
        return {Verdict::Malformed};
    default:
        break;
    }
    if (family == MarkerFamily::Soft && isOwnerDead(content))
        return {Verdict::Stale};
    return {Verdict::Refused, otherFamily(path(), familyName(family))};
}

bool LeaseBackend::isOwnerDead(const os::MarkerContent &content) const
{
    const std::optional<Owner> owner = ownerIn(content.bytes);
    return owner && livenessIn(*owner, reader()) == Liveness::Dead;
}

MarkerBackend::Verdict LeaseBackend::judgeLease(const os::MarkerContent &content)
{
    const auto record = records::readLeaseRecord(content.bytes);
    if (!record)
        return {Verdict::Malformed};
    if (isOwnerDead(content)) // whatever he had agreed to
        return {Verdict::Stale};
    if (record->duration != inSeconds(m_terms.duration))
        return {Verdict::Refused, otherDuration(path(), record->duration, inSeconds(m_terms.duration))};
    return {isOlderThan(m_terms.duration, content) ? Verdict::Stale : Verdict::Held};
}

// It is given up one heartbeat before others may take it, so that its holder knows first; where the heartbeat is too long for
// that, half-way between the renewal that should have come and the end.
Upkeep LeaseBackend::upkeep() const
{
    const std::chrono::nanoseconds every = m_terms.heartbeat;
    const std::chrono::nanoseconds duration = m_terms.duration;
    return {every, duration - std::min(every, (duration - every) / 2), since()};
}

Renewal LeaseBackend::renew()
{
    os::Result<std::optional<os::FileFacts>> facts = os::Directory::working().facts(path());
    if (!facts)
        return Renewal::postponed(systemFailure(path(), facts.error()));
    if (!*facts)
        return Renewal::lost(LossReason::MarkerMissing);
    if ((*facts)->identity != identity())
        return Renewal::lost(LossReason::OwnerChanged);
    if (os::Status refreshed = file().refresh(); !refreshed)
        return Renewal::postponed(systemFailure(path(), refreshed.error()));
    return Renewal::done();
}

QString LeaseBackend::token() const
{
    return QString::fromLatin1(m_token.data(), static_cast<qsizetype>(m_token.size()));
}

LockHolder LeaseBackend::holder() const
{
    return markerHolder(options().path);
}

} // namespace Holdfast
