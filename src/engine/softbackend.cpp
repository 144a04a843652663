// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/softbackend.h"

#include "engine/markerfamilyname.h"
#include "engine/markerholder.h"
#include "records/softmarker.h"

#include <utility>

namespace Holdfast {

SoftBackend::SoftBackend(MarkerBackendOptions options, const LockOptions &lock,
                         std::chrono::milliseconds unknownOwnersLast)
    : MarkerBackend(std::move(options)), m_lock(lock), m_unknownOwnersLast(unknownOwnersLast)
{ }

std::string SoftBackend::record()
{
    return softRecord();
}

MarkerBackend::Verdict SoftBackend::judge(const os::MarkerContent &content)
{
    using records::MarkerFamily;
    const MarkerFamily family = records::markerFamily(content.bytes);
    if (family == MarkerFamily::Empty || family == MarkerFamily::Other)
        return {Verdict::Malformed};
    const std::optional<Owner> owner = ownerIn(content.bytes);
    const Liveness liveness = owner ? livenessIn(*owner, reader()) : Liveness::Unknown;
    if (liveness == Liveness::Dead && family != MarkerFamily::UnknownContract) // nobody holds it any more
        return {Verdict::Stale};
    if (family != MarkerFamily::Soft)
        return {Verdict::Refused, otherFamily(path(), familyName(family))};
    const std::chrono::milliseconds lifetime = m_lock.lifetime;
    if (lifetime.count() > 0 && isOlderThan(lifetime, content))
        return {Verdict::Stale};
    const bool isUnknown = liveness == Liveness::Unknown && m_unknownOwnersLast.count() >= 0;
    if (isUnknown && isOlderThan(m_unknownOwnersLast, content))
        return {Verdict::Stale};
    return {Verdict::Held};
}

LockHolder SoftBackend::holder() const
{
    return markerHolder(options().path);
}

} // namespace Holdfast
