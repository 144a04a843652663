// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What a document's lock does once it is held, and how it ends.

#include "engine/canonicalname.h"
#include "engine/sidecarbackend.h"
#include "os/directory.h"
#include "os/lockfile.h"
#include "os/serverlock.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

// How often it is looked whether somebody on another machine, or by a mapping, has removed the record or written over it. Of all
// else events tell.
constexpr std::chrono::seconds CheckInterval{5};

} // namespace

void SidecarBackend::letGo()
{
    m_file.close();
    m_facts = {};
}

void SidecarBackend::stopTrying()
{
    letGo();
    m_path.clear(); // links may lead elsewhere by the next acquisition
    m_document.clear();
}

// Removed before the lock goes: after it, the file could be somebody else's already.
std::optional<Failure> SidecarBackend::release()
{
    if (inspect() == LossReason::None) {
        if (os::Status removed = os::Directory::working().remove(m_path); !removed)
            return releaseFailure(m_path, removed.error());
    }
    m_isHeld = false;
    stopTrying();
    return std::nullopt;
}

void SidecarBackend::drop()
{
    if (std::exchange(m_isHeld, false) && m_file.isOpen() && inspect() == LossReason::None)
        static_cast<void>(os::Directory::working().remove(m_path));
    stopTrying();
}

void SidecarBackend::abandon()
{
    m_file.abandon();
}

LossReason SidecarBackend::inspect()
{
    os::Result<os::FileIdentity> named = os::identityOf(m_path);
    if (!named)
        return LossReason::None;
    if (!named->isValid())
        return LossReason::MarkerMissing;
    if (*named != m_facts.identity)
        return LossReason::OwnerChanged;
    os::Result<std::string> bytes = m_file.read(MostSidecarBytes);
    return !bytes || *bytes == m_text ? LossReason::None : LossReason::OwnerChanged;
}

Upkeep SidecarBackend::upkeep() const
{
    return {.every = CheckInterval};
}

LossReason SidecarBackend::verify()
{
    const LossReason reason = inspect();
    if (reason != LossReason::None || m_guarantee != SidecarGuarantee::Kernel || !os::isOnNfs(m_file.descriptor()))
        return reason;
    os::Result<bool> inForce = os::isInForce(m_file.descriptor());
    return inForce && !*inForce ? LossReason::Dropped : LossReason::None;
}

Renewal SidecarBackend::renew()
{
    const LossReason reason = verify();
    return reason == LossReason::None ? Renewal::done() : Renewal::lost(reason);
}

// Of several the one who lives; else one whom nobody has permitted to displace yet.
LockHolder SidecarBackend::holder() const
{
    Failure failure;
    const std::string document = canonicalTarget(name(), &failure);
    if (failure.isSet())
        return {};
    LockHolder holder = sidecarHolder(sidecarPath(document, m_options.directory), &failure);
    if (holder.liveness == Liveness::Alive)
        return holder;
    QList<LockHolder> all = otherPrograms(document, m_options.directory, m_options.respected);
    if (all.isEmpty())
        return holder;
    if (all.first().liveness == Liveness::Alive)
        return all.first();
    if (holder.isValid() && holder.liveness != Liveness::Dead)
        all.prepend(holder);
    const QList<LockHolder> permitted = m_options.notes->get().mayDisplace;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const LockHolder &candidate) { return !permitted.contains(candidate); });
    return found != all.end() ? *found : all.first();
}

QString SidecarBackend::name() const
{
    return QFile::decodeName(m_options.document.c_str());
}

} // namespace Holdfast
