// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Whether a sidecar that somebody else has made is in the way, and how it goes if not.

#include "engine/reclaim.h"
#include "engine/sidecarbackend.h"
#include "os/process.h"

#include <QtCore/qfile.h>

#include <utility>

namespace Holdfast {

namespace {

using os::Opening;

// Where there are no locks, an empty sidecar may be one that is just being written. As for markers.
constexpr std::chrono::seconds WritingTakes{2};

// Nobody holds it, or he has to go, and it is in the way for good: no busy lock, for which one would wait.
Failure cannotRemove(const std::string &document, const std::string &sidecar, unsigned owner)
{
    return {
        LockError::PermissionDenied,
        QStringLiteral("Cannot lock \"%1\": the user %2 has left \"%3\" there, and in that folder this user may not "
                       "remove it. Ask its owner or root to remove it.")
            .arg(QFile::decodeName(document.c_str()), QString::fromStdString(os::userName(owner)),
                 QFile::decodeName(sidecar.c_str()))};
}

} // namespace

// Somebody else has made it, and no lock of the system's holds it any more, or none can.
SidecarBackend::Step SidecarBackend::judge()
{
    os::Result<std::string> bytes = m_file.read(MostSidecarBytes);
    if (!bytes)
        return fail(bytes.error());
    const bool isLocked = m_guarantee == SidecarGuarantee::Kernel;
    const auto [author, holder, isOurs] =
        readSidecar(*bytes, isLocked ? SidecarLocked::No : SidecarLocked::CannotTell, m_file.descriptor());
    if (author == SidecarText::Nobody) {
        const bool mayBeBegun =
            !isLocked && !m_age.isAtLeast(WritingTakes, m_facts.modified, os::Directory::working(), m_path);
        return mayBeBegun ? Attempt::busy() : take(*bytes);
    }
    if (holder.liveness == Liveness::Dead) {
        // What we have lost ourselves is no crash. Of another process it cannot be told whether it has lost its hold and lives, or is
        // being killed: the system drops the locks of a process before its number is free.
        if (!isOurs)
            m_crashed = holder;
        return take(*bytes);
    }
    if (displaces(holder))
        return take(*bytes);
    static_cast<void>(m_file.unlock());
    return Attempt::busy();
}

// What must not be read: nobody can tell whether its owner has died.
SidecarBackend::Step SidecarBackend::judgeUnread()
{
    os::Result<std::optional<os::FileFacts>> facts = os::Directory::working().facts(m_path);
    if (!facts)
        return fail(facts.error());
    if (!*facts)
        return std::nullopt;
    if (!displaces(unreadableHolder(**facts)))
        return Attempt::busy();
    os::MarkerReader closed;
    return takeAway(closed, {**facts, {}});
}

// In place under the system's lock, or, where that cannot be had, by taking the old one out of the way first. So is one that has
// a second name (a hard link), for under that it may be anything.
SidecarBackend::Step SidecarBackend::take(const std::string &bytes)
{
    if (m_guarantee == SidecarGuarantee::Kernel && m_opened != Opening::FoundForReading && m_facts.links == 1)
        return fill();
    os::MarkerReader reader;
    os::Result<std::optional<os::MarkerContent>> content =
        reader.read(os::Directory::working(), m_path, MostSidecarBytes);
    if (content && *content && (*content)->facts.identity == m_facts.identity && (*content)->bytes == bytes)
        return takeAway(reader, **content);
    letGo();
    return std::nullopt;
}

SidecarBackend::Step SidecarBackend::takeAway(os::MarkerReader &reader, const os::MarkerContent &judged)
{
    const Removal removal = removeJudged(os::Directory::working(), m_path, reader, judged);
    if (removal == Removal::Failed)
        return refuse(cannotRemove(m_document, m_path, judged.facts.owner));
    letGo();
    if (removal == Removal::InUse)
        return Attempt::busy();
    return std::nullopt;
}

// Whoever is seen to live keeps it.
bool SidecarBackend::displaces(const LockHolder &holder)
{
    if (holder.liveness == Liveness::Alive || !m_options.notes->get().mayDisplace.contains(holder))
        return false;
    if (!m_displaced.contains(holder))
        m_displaced += holder;
    return true;
}

} // namespace Holdfast
