// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/sidecarbackend.h"

#include "engine/canonicalname.h"
#include "engine/logging.h"
#include "engine/owner.h"
#include "os/directories.h"
#include "os/lockfile.h"
#include "os/random.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

using os::Opening;

constexpr int MaxTurns = 8; // how often an attempt follows a sidecar that changes under it

constexpr unsigned SidecarMode = 0666; // less the umask: others are to read who has it

constexpr std::size_t TokenBytes = 16;

constexpr std::chrono::milliseconds SoonAgain{1};

} // namespace

SidecarBackend::SidecarBackend(SidecarOptions options) : m_options(std::move(options)) { }

SidecarBackend::~SidecarBackend()
{
    drop();
}

Attempt SidecarBackend::attempt(LockMode)
{
    m_crashed = {};
    m_displaced.clear();
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
    if (Step missing = lookForItsFolder())
        return missing;
    m_path = sidecarPath(m_document, m_options.directory);
    m_options.notes->change([this](SidecarNotes::Content &notes) {
        notes.document = m_document;
        notes.sidecar = m_path;
    });
    return std::nullopt;
}

// A path through a link to a folder that is not there has no canonical form yet, and its lock would be another one by the time the
// folder is there. Beside a document, making the sidecar tells.
SidecarBackend::Step SidecarBackend::lookForItsFolder()
{
    if (m_options.directory.empty())
        return std::nullopt;
    os::Result<os::FileIdentity> folder = os::identityOf(m_document.substr(0, m_document.rfind('/') + 1));
    if (folder && folder->isValid())
        return std::nullopt;
    return refuse(systemFailure(m_document, folder ? os::notThere("open") : folder.error()));
}

// Before ours is made, so that a wait for such a program does not make and remove sidecars again and again.
SidecarBackend::Step SidecarBackend::lookForOthers()
{
    const QList<LockHolder> others = otherPrograms(m_document, m_options.directory, m_options.respected);
    if (std::all_of(others.begin(), others.end(), [this](const LockHolder &other) { return displaces(other); }))
        return std::nullopt;
    letGo();
    return Attempt::busy();
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
        return Attempt::busy();
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
    if (os::Result<os::FileIdentity> named = os::identityOf(m_path); named && named->isValid())
        return judgeUnread();
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
    showToReaders();
    m_isHeld = true;
    for (const LockHolder &former : std::as_const(m_displaced))
        qCWarning(lcHoldfast).noquote()
            << QStringLiteral("the lock on \"%1\" was taken over from %2").arg(name(), former.toString());
    m_options.notes->change([this](SidecarNotes::Content &notes) {
        notes.token = m_token;
        notes.descriptor = m_guarantee == SidecarGuarantee::Kernel ? m_file.descriptor() : -1;
        notes.guarantee = m_guarantee;
        notes.crashed = m_crashed;
        notes.mayDisplace.clear();
    });
    return Attempt::acquired();
}

// Who may read the document may read who has it, whatever this user's umask says: nobody else could tell that he has died.
void SidecarBackend::showToReaders()
{
    constexpr unsigned ForReading = 0444;
    if (m_opened != Opening::Created || (m_facts.mode & ForReading) == ForReading)
        return;
    os::Result<std::optional<os::FileFacts>> document = os::Directory::working().facts(m_document);
    const unsigned mode = document && *document ? m_facts.mode | ((*document)->mode & ForReading) : m_facts.mode;
    if (mode != m_facts.mode)
        static_cast<void>(m_file.setMode(mode));
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
