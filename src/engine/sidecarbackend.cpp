// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/sidecarbackend.h"

#include "engine/canonicalname.h"
#include "engine/logging.h"
#include "engine/owner.h"
#include "engine/reclaim.h"
#include "os/directories.h"
#include "os/lockfile.h"
#include "os/process.h"
#include "os/random.h"

#include <QtCore/qfile.h>

#include <utility>

namespace Holdfast {

namespace {

using os::Opening;

constexpr int MaxTurns = 8; // how often an attempt follows a sidecar that changes under it

constexpr unsigned SidecarMode = 0666; // less the umask: others are to read who has it

constexpr std::size_t TokenBytes = 16;

constexpr std::chrono::milliseconds SoonAgain{1};

// Where there are no locks, an empty sidecar may be one that is just being written. As for markers.
constexpr std::chrono::seconds WritingTakes{2};

// Nobody holds it, and it is in the way for good: no busy lock, for which one would wait.
Failure cannotRemove(const std::string &document, const std::string &sidecar, unsigned owner)
{
    return {LockError::PermissionDenied,
            QStringLiteral(
                "Cannot lock \"%1\": the user %2 has left \"%3\" there, which nobody holds any more, and in that "
                "folder this user may not remove it. Ask its owner or root to remove it.")
                .arg(QFile::decodeName(document.c_str()), QString::fromStdString(os::userName(owner)),
                     QFile::decodeName(sidecar.c_str()))};
}

} // namespace

SidecarBackend::SidecarBackend(SidecarOptions options) : m_options(std::move(options)) { }

SidecarBackend::~SidecarBackend()
{
    drop();
}

Attempt SidecarBackend::attempt(LockMode)
{
    m_crashed = {};
    m_displaced = {};
    if (Step obstacle = resolve())
        return *std::move(obstacle);
    if (Step obstacle = lookForOthers())
        return *std::move(obstacle);
    for (int turn = 0; turn < MaxTurns; ++turn) {
        if (std::optional<Attempt> answer = tryOnce())
            return *std::move(answer);
    }
    return Attempt::busy(SoonAgain);
}

SidecarBackend::Step SidecarBackend::resolve()
{
    if (!m_path.empty())
        return std::nullopt;
    Failure failure;
    m_document = canonicalTarget(name(), &failure);
    if (failure.isSet())
        return refuse(std::move(failure));
    m_path = sidecarPath(m_document, m_options.directory);
    m_options.notes->change([this](SidecarNotes::Content &notes) {
        notes.document = m_document;
        notes.sidecar = m_path;
    });
    return std::nullopt;
}

// Before ours is made, so that a wait for such a program does not make and remove sidecars again and again.
SidecarBackend::Step SidecarBackend::lookForOthers()
{
    const LockHolder other = otherProgram(m_document, m_options.directory, m_options.respected);
    if (!other.isValid())
        return std::nullopt;
    if (!mayDisplace(other)) {
        letGo();
        return busy(other);
    }
    m_displaced = other;
    return std::nullopt;
}

// Nothing: something has changed since, look again.
SidecarBackend::Step SidecarBackend::tryOnce()
{
    if (!m_file.isOpen()) {
        if (Step obstacle = open())
            return obstacle;
        if (!m_file.isOpen())
            return std::nullopt;
    }
    os::LockAnswer answer = os::LockAnswer::Busy;
    if (Step obstacle = lock(&answer))
        return obstacle;
    // Believed only if the path still names what was locked: see FileBackend.
    os::Result<os::FileIdentity> named = os::identityOf(m_path);
    if (!named)
        return fail(named.error());
    if (*named != m_facts.identity) {
        letGo();
        return std::nullopt;
    }
    if (answer == os::LockAnswer::Busy)
        return busy({});
    return m_opened == Opening::Created ? fill() : judge();
}

SidecarBackend::Step SidecarBackend::open()
{
    os::Result<Opening> opened = m_file.open(m_path, SidecarMode);
    if (!opened && opened.error().kind == os::ErrorKind::NotFound && !m_options.directory.empty()) {
        if (os::Status made = os::makeParents(m_path); !made)
            return fail(made.error());
        opened = m_file.open(m_path, SidecarMode);
    }
    if (!opened)
        return refusedToOpen(opened.error());
    m_opened = *opened;
    ++m_opening;
    return std::nullopt;
}

// A sidecar that is there and must not be read is somebody's. One that cannot be made says nothing about anybody.
SidecarBackend::Step SidecarBackend::refusedToOpen(const os::SystemError &error)
{
    if (Failure obstacle = sidecarObstacle(m_document, m_path); obstacle.isSet())
        return refuse(std::move(obstacle));
    if (error.kind != os::ErrorKind::PermissionDenied && error.kind != os::ErrorKind::ReadOnlyLocation)
        return fail(error);
    os::Result<os::FileIdentity> named = os::identityOf(m_path);
    if (named && named->isValid())
        return busy({});
    return refuse({LockError::ReadOnlyLocation,
                   QStringLiteral("Cannot lock \"%1\": nothing can be created in \"%2\" (%3: %4), so nobody would see "
                                  "the lock. Open the document for reading only, or keep locks in another directory.")
                       .arg(QFile::decodeName(m_document.c_str()),
                            QFile::decodeName(m_path.substr(0, m_path.rfind('/') + 1).c_str()),
                            QString::fromLatin1(error.operation), QString::fromLocal8Bit(error.words()))});
}

// Looked at once, and under the lock, when nobody of ours changes it any more: which file it is, how long, how old, under how
// many names.
SidecarBackend::Step SidecarBackend::lock(os::LockAnswer *answer)
{
    const auto strength = m_opened == Opening::FoundForReading ? os::LockStrength::Shared : os::LockStrength::Exclusive;
    os::Result<os::LockAnswer> got = m_file.tryLock(strength);
    if (!got && got.error().kind != os::ErrorKind::Unsupported)
        return fail(got.error());
    os::Result<os::FileFacts> facts = m_file.facts();
    if (!facts)
        return fail(facts.error());
    m_facts = *facts;
    m_guarantee = got ? SidecarGuarantee::Kernel : SidecarGuarantee::Advisory;
    *answer = got ? *got : os::LockAnswer::Acquired;
    return std::nullopt;
}

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
        return mayBeBegun ? busy({}) : take(*bytes);
    }
    if (holder.liveness == Liveness::Dead) {
        // What we have lost ourselves is no crash. Of another process it cannot be told whether it has lost its hold and lives, or is
        // being killed: the system drops the locks of a process before its number is free.
        if (!isOurs)
            m_crashed = holder;
        return take(*bytes);
    }
    if (mayDisplace(holder)) {
        m_displaced = holder;
        return take(*bytes);
    }
    static_cast<void>(m_file.unlock());
    return busy(holder);
}

// In place under the system's lock, or, where that cannot be had, by taking the old one out of the way first. So is one that has
// a second name (a hard link), for under that it may be anything.
SidecarBackend::Step SidecarBackend::take(const std::string &bytes)
{
    if (m_guarantee == SidecarGuarantee::Kernel && m_opened != Opening::FoundForReading && m_facts.links == 1)
        return fill();
    os::MarkerReader reader;
    const os::Directory working = os::Directory::working();
    os::Result<std::optional<os::MarkerContent>> content = reader.read(working, m_path, MostSidecarBytes);
    const bool isSame =
        content && *content && (*content)->facts.identity == m_facts.identity && (*content)->bytes == bytes;
    const Removal removal = isSame ? removeJudged(working, m_path, reader, **content) : Removal::Changed;
    if (removal == Removal::Failed)
        return refuse(cannotRemove(m_document, m_path, m_facts.owner));
    letGo();
    if (removal == Removal::InUse)
        return busy({});
    return std::nullopt;
}

Attempt SidecarBackend::fill()
{
    m_token = os::randomHex(TokenBytes);
    m_text = sidecarText(m_options.fullName, m_options.application, m_token);
    if (os::Status written = m_file.write(m_text, m_facts.size); !written) {
        if (m_opened == Opening::Created) // else a torn one that we found: it goes on being torn
            static_cast<void>(os::Directory::working().remove(m_path));
        return fail(written.error());
    }
    noteOwnNamespace(m_file.descriptor());
    m_isHeld = true;
    if (m_displaced.isValid())
        qCWarning(lcHoldfast).noquote()
            << QStringLiteral("the lock on \"%1\" was taken over from %2").arg(name(), m_displaced.toString());
    m_options.notes->change([this](SidecarNotes::Content &notes) {
        notes.token = m_token;
        notes.descriptor = m_guarantee == SidecarGuarantee::Kernel ? m_file.descriptor() : -1;
        notes.guarantee = m_guarantee;
        notes.crashed = m_crashed;
        notes.displaced = m_displaced;
        notes.mayDisplace = {};
    });
    return Attempt::acquired();
}

// Whoever is seen to live keeps it.
bool SidecarBackend::mayDisplace(const LockHolder &holder) const
{
    return holder.liveness != Liveness::Alive && holder == m_options.notes->get().mayDisplace;
}

Attempt SidecarBackend::busy(const LockHolder &holder)
{
    m_options.notes->change([&](SidecarNotes::Content &notes) { notes.obstacle = holder; });
    return Attempt::busy();
}

Attempt SidecarBackend::fail(const os::SystemError &error)
{
    return refuse(systemFailure(m_path, error));
}

Attempt SidecarBackend::refuse(Failure failure)
{
    stopTrying();
    return Attempt::failed(std::move(failure));
}

} // namespace Holdfast
