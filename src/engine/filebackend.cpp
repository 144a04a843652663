// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/filebackend.h"

#include "engine/fileholder.h"
#include "engine/otherfamilies.h"
#include "engine/reclaim.h"
#include "os/directories.h"
#include "os/serverlock.h"

#include <QtCore/qfile.h>

#include <exception>
#include <utility>

namespace Holdfast {

namespace {

// How often an attempt follows a file that is replaced under it before it calls the lock busy and leaves the next look to
// the poll. Older Pythons unlink the file at each release, so under contention one or two are normal.
constexpr int MaxReplacements = 8;

constexpr unsigned DefaultMode = 0666;

constexpr std::chrono::seconds AskTheServerEvery{5};

} // namespace

FileBackend::FileBackend(FileBackendOptions options) : m_options(std::move(options)) { }

Attempt FileBackend::attempt(LockMode mode)
{
    setMode(mode);
    m_vanished = 0;
    for (int i = 0; i < MaxReplacements; ++i) {
        if (std::optional<Attempt> answer = lockOnce())
            return *std::move(answer);
    }
    if (m_vanished == MaxReplacements)
        return fail(os::notThere("open")); // nothing can be created here
    return Attempt::busy();
}

// A descriptor that was opened for reading, for a shared lock, also takes an exclusive one, but not where NFS translates.
void FileBackend::setMode(LockMode mode)
{
    const auto strength = mode == LockMode::Shared ? os::LockStrength::Shared : os::LockStrength::Exclusive;
    if (std::exchange(m_strength, strength) != strength)
        stopTrying();
}

Attempt FileBackend::attemptBriefly(LockMode mode)
{
    setMode(mode);
    if (!m_identity.isValid())
        return attempt(mode);
    os::Result<os::LockAnswer> answer = m_file.tryLock(m_strength);
    if (answer && *answer == os::LockAnswer::Busy)
        return Attempt::busy();
    return attempt(mode); // locks the same descriptor once more, and makes sure
}

// Nothing: the path names another file than the one that was locked, look again.
//
//   P.1 opens the file (inode 1)          Q holds inode 1
//   Q.1 removes or replaces it, lets go
//   P.2 locks inode 1: granted, but R, who comes now, creates and locks inode 2
//
// So P may believe P.2 only if the path still names inode 1 after it.
std::optional<Attempt> FileBackend::lockOnce()
{
    if (!m_file.isOpen()) {
        if (std::optional<Attempt> failed = open())
            return failed;
        if (!m_file.isOpen())
            return std::nullopt;
    }
    os::Result<os::LockAnswer> answer = m_file.tryLock(m_strength);
    if (!answer)
        return failToLock(answer.error());
    if (!m_identity.isValid()) {
        if (std::optional<Attempt> failed = identify())
            return failed;
    }
    os::Result<os::FileIdentity> named = os::identityOf(m_path);
    if (!named)
        return fail(named.error());
    if (*named != m_identity) {
        drop();
        return std::nullopt;
    }
    if (*answer == os::LockAnswer::Busy)
        return Attempt::busy();
    if (std::optional<Failure> failure = prepare()) {
        drop();
        return Attempt::failed(*std::move(failure));
    }
    return Attempt::acquired();
}

// Once for each acquisition. A file with nothing in it, as lock files are, needs no further look.
std::optional<Attempt> FileBackend::identify()
{
    os::Result<os::FileFacts> facts = m_file.facts();
    if (!facts)
        return fail(facts.error());
    if (facts->size > 0) {
        if (Failure other = otherFamilyInUse(m_path); other.isSet()) {
            drop();
            return Attempt::failed(std::move(other));
        }
    }
    if (std::exchange(m_device, facts->identity.device) != facts->identity.device)
        m_mayBeTakenBack = os::isOnNfs(m_file.descriptor());
    m_identity = facts->identity;
    m_seenGood = true;
    return std::nullopt;
}

Attempt FileBackend::failToLock(const os::SystemError &error)
{
    if (m_options.givesWay && error.kind == os::ErrorKind::Unsupported) {
        os::Result<os::FileFacts> facts = m_file.facts();
        if (facts && facts->size == 0)
            static_cast<void>(removeOwn(os::Directory::working(), m_path, facts->identity, m_file.descriptor()));
    }
    return fail(error);
}

std::optional<Attempt> FileBackend::open()
{
    if (m_path.empty()) {
        os::Result<std::string> absolute = os::absolutePath(m_options.path);
        if (!absolute)
            return fail(absolute.error());
        m_path = *std::move(absolute);
    }
    if (!m_seenGood) {
        if (os::Status openable = os::checkOpenable(m_path); !openable)
            return fail(openable.error());
    }
    const unsigned mode = m_options.permissions.value_or(DefaultMode);
    os::Result<bool> opened = m_file.open(m_path, m_strength, mode);
    if (!opened && opened.error().kind == os::ErrorKind::NotFound) {
        if (os::Status made = os::makeParents(m_path); !made)
            return fail(made.error());
        opened = m_file.open(m_path, m_strength, mode);
    }
    if (!opened)
        return fail(opened.error());
    if (!*opened)
        ++m_vanished;
    ++m_opening;
    return std::nullopt;
}

std::optional<Failure> FileBackend::prepare()
{
    if (m_options.permissions) {
        if (os::Status set = m_file.setMode(*m_options.permissions); !set)
            return systemFailure(m_path, set.error());
    }
    if (m_options.clear && m_strength == os::LockStrength::Exclusive) { // other readers may be reading
        if (os::Status cleared = clear(); !cleared)
            return systemFailure(m_path, cleared.error());
    }
    return runHook();
}

// Asked anew: while this waited, a holder may have written into the file.
os::Status FileBackend::clear()
{
    os::Result<os::FileFacts> facts = m_file.facts();
    if (!facts)
        return facts.error();
    if (facts->size == 0 || !mayBeCleared(m_path))
        return {};
    return m_file.clear();
}

std::optional<Failure> FileBackend::runHook()
{
    if (!m_options.heldHook)
        return std::nullopt;
    try {
        if (std::optional<QString> refusal = m_options.heldHook(m_file.descriptor()))
            return callbackFailure(name(), "held hook", *refusal);
    } catch (const std::exception &exception) {
        return callbackFailure(name(), "held hook", QString::fromLocal8Bit(exception.what()));
    } catch (...) {
        return callbackFailure(name(), "held hook", QStringLiteral("unknown exception"));
    }
    return std::nullopt;
}

Attempt FileBackend::fail(const os::SystemError &error)
{
    const std::string path = m_path.empty() ? m_options.path : m_path;
    drop();
    return Attempt::failed(systemFailure(path, error));
}

void FileBackend::stopTrying()
{
    m_file.close();
    m_identity = {};
    if (m_options.path.empty() || m_options.path.front() != '/')
        m_path.clear(); // relative to wherever the next acquisition starts
}

std::optional<Failure> FileBackend::release()
{
    if (os::Status unlocked = m_file.unlock(); !unlocked)
        return releaseFailure(m_path, unlocked.error());
    stopTrying();
    return std::nullopt;
}

void FileBackend::drop()
{
    if (m_file.isOpen()) {
        // Explicitly: a forked child that has not reached exec() yet may share the description for a moment.
        [[maybe_unused]] const os::Status ignored = m_file.unlock();
    }
    stopTrying();
}

void FileBackend::abandon()
{
    m_file.abandon();
}

LossReason FileBackend::inspect()
{
    os::Result<os::FileIdentity> named = os::identityOf(m_path);
    return !named || *named == m_identity ? LossReason::None : LossReason::Replaced;
}

LossReason FileBackend::verify()
{
    const LossReason reason = inspect();
    return reason == LossReason::None && m_mayBeTakenBack ? renew().reason : reason;
}

// There is nothing to renew, but nobody tells when a server has taken the lock back.
Upkeep FileBackend::upkeep() const
{
    return m_mayBeTakenBack ? Upkeep{.every = AskTheServerEvery} : Upkeep();
}

Renewal FileBackend::renew()
{
    os::Result<bool> inForce = os::isInForce(m_file.descriptor());
    if (!inForce)
        return Renewal::postponed(systemFailure(m_path, inForce.error()));
    return *inForce ? Renewal::done() : Renewal::lost(LossReason::Dropped);
}

QString FileBackend::name() const
{
    return QFile::decodeName(m_options.path.c_str());
}

LockHolder FileBackend::holder() const
{
    return fileHolder(m_options.path);
}

} // namespace Holdfast
