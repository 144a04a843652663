// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/markerbackend.h"

#include "engine/clock.h"
#include "engine/databasefile.h"
#include "engine/leftovers.h"
#include "engine/logging.h"
#include "engine/markerfamilyname.h"
#include "engine/owner.h"
#include "engine/ownfacts.h"
#include "engine/reclaim.h"
#include "os/claimanswers.h"
#include "os/directories.h"
#include "os/localfilesystem.h"
#include "records/tornmarker.h"

#include <QtCore/qfile.h>

#include <utility>

namespace Holdfast {

namespace {

// How often an attempt follows a marker that changes under it before it leaves the next look to the poll.
constexpr int MaxTurns = 8;

constexpr unsigned DefaultMode = 0666;
constexpr unsigned OwnerMayWrite = 0200;

// As in Python's filelock.
constexpr std::size_t LongestRecord = 1024;

constexpr std::chrono::milliseconds SoonAgain{1};

// For how long a brief look is believed: what it does not see is that a marker grows old.
constexpr std::chrono::seconds BriefFor{1};

// What a file can be for some microseconds, or a little longer on a busy machine or on a server: locked by who reclaims it, or
// made without any rights. When it stays so, it is something else.
constexpr std::chrono::seconds Passing{1};

// It may be of use to somebody who mistyped a path, or who takes the path of a document for that of its lock.
Failure somebodysFile(const std::string &path)
{
    return {LockError::NotALockFile,
            QStringLiteral("Cannot lock \"%1\": it is a file with something else in it than a lock marker, perhaps "
                           "somebody's document. Choose a path that nothing else uses, or remove the file if nobody "
                           "needs it.")
                .arg(QFile::decodeName(path.c_str()))};
}

// Made exclusively over NFS 3, a file has no rights and an arbitrary time at first (RFC 1813, 3.3.8: the verifier).
bool isInTheMaking(const os::FileFacts &facts)
{
    constexpr unsigned anyRight = 0777;
    return facts.size == 0 && (facts.mode & anyRight) == 0;
}

} // namespace

MarkerBackend::MarkerBackend(MarkerBackendOptions options) : m_options(std::move(options)) { }

MarkerBackend::~MarkerBackend()
{
    drop();
}

// The time counts from before the marker could be there.
Attempt MarkerBackend::attempt(LockMode)
{
    m_since = clock().boot();
    m_lookedAt = clock().monotonic();
    if (m_path.empty()) {
        os::Result<std::string> absolute = os::absolutePath(m_options.path);
        if (!absolute)
            return fail(absolute.error());
        m_path = *std::move(absolute);
    }
    for (int turn = 0; turn < MaxTurns; ++turn) {
        if (std::optional<Attempt> answer = tryOnce())
            return *std::move(answer);
    }
    return Attempt::busy(SoonAgain);
}

// Who waits hears of the marker's removal and of its owner's end; the creation alone tells whether it is still there.
Attempt MarkerBackend::attemptBriefly(LockMode mode)
{
    if (m_reader.descriptor() < 0 || clock().monotonic() - m_lookedAt >= BriefFor)
        return attempt(mode);
    m_since = clock().boot();
    os::Result<bool> created = create();
    if (created && !*created)
        return Attempt::busy();
    if (!created)
        return attempt(mode);
    return fill().value_or(Attempt::busy(SoonAgain));
}

// Nothing: something has changed since, look again.
std::optional<Attempt> MarkerBackend::tryOnce()
{
    os::Result<bool> created = create();
    if (!created)
        return fail(created.error());
    return *created ? fill() : contend();
}

os::Result<bool> MarkerBackend::create()
{
    const os::Directory working = os::Directory::working();
    const unsigned mode = m_options.permissions.value_or(DefaultMode);
    os::Result<bool> created = m_file.create(working, m_path, mode);
    if (created || created.error().kind != os::ErrorKind::NotFound)
        return created;
    if (os::Status made = os::makeParents(m_path); !made)
        return made.error();
    return m_file.create(working, m_path, mode);
}

// The file is there, and ours. Should anything go wrong now, it goes again.
//
//   P.1 makes the marker, and is stopped    Q.1 removes it after the grace, for it is empty, and makes his own
//   P.2 fills what has no name any more
//
// Nobody takes a whole one for torn: so once it is filled, one look at the name says for good whose it is.
std::optional<Attempt> MarkerBackend::fill()
{
    os::Result<os::FileFacts> facts = factsOfOwn(m_file);
    if (!facts && os::saysVanished(facts.error()))
        return lookAgain();
    if (!facts)
        return fail(facts.error()); // what cannot be told to be ours is not removed; it will be taken for torn
    m_identity = facts->identity;
    if (os::Status written = m_file.write(record()); !written)
        return os::saysVanished(written.error()) ? lookAgain() : fail(written.error());
    if (!os::isOnLocalFilesystem(m_file.descriptor()))
        os::forgetNames(m_path);
    if (os::Result<std::optional<os::FileFacts>> named = os::Directory::working().facts(m_path);
        named && (!*named || (*named)->identity != m_identity)) {
        static_cast<void>(removeOwn(os::Directory::working(), m_path, m_identity, m_file.descriptor())); // asked twice
        return lookAgain();
    }
    m_oddSince.reset();
    noteOwnNamespace(m_file.descriptor());
    m_reader.close();
    ++m_opening;
    if (std::exchange(m_hasReclaimed, false))
        removeLeftovers(m_path);
    return Attempt::acquired();
}

// It is not there any more: somebody has removed it before it was filled.
std::optional<Attempt> MarkerBackend::lookAgain()
{
    m_file.close();
    return std::nullopt;
}

// Somebody's file is there. Between two looks it stays open, so that its inode cannot become another file's, and so that
// no closing of ours wakes the others who wait.
std::optional<Attempt> MarkerBackend::contend()
{
    const os::Directory working = os::Directory::working();
    os::Result<std::optional<os::MarkerContent>> content = m_reader.readAgain();
    os::Result<std::optional<os::FileFacts>> named = working.facts(m_path);
    const bool isSame = content && *content && named && *named && (*named)->identity == (*content)->facts.identity;
    if (!isSame) {
        content = m_reader.read(working, m_path, LongestRecord);
        ++m_opening;
    }
    if (!content && content.error().kind == os::ErrorKind::InUseHere)
        return fail(content.error());
    if (!content) { // unreadable is no proof of anything
        m_identity = {};
        return Attempt::busy();
    }
    if (!*content)
        return std::nullopt;
    m_identity = (*content)->facts.identity;
    return judgeAndReclaim(**content);
}

std::optional<Attempt> MarkerBackend::judgeAndReclaim(const os::MarkerContent &content)
{
    if (content.facts.type != os::FileFacts::Regular)
        return fail(os::notAFile("open"));
    Verdict verdict = judge(content);
    switch (verdict.answer) {
    case Verdict::Held:
        m_oddSince.reset();
        return Attempt::busy();
    case Verdict::Stale:
        return reclaim(content, true);
    case Verdict::Refused:
        return refuse(std::move(verdict.failure));
    case Verdict::Malformed:
        break;
    }
    if ((content.facts.mode & OwnerMayWrite) == 0) {
        if (isInTheMaking(content.facts) && mayPassSoon())
            return Attempt::busy(SoonAgain);
        return fail(os::notPermitted("open"));
    }
    if (m_options.malformedGrace.count() < 0 || !isOlderThan(m_options.malformedGrace, content))
        return Attempt::busy();
    if (content.facts.size == 0 && !databaseFileHolders(m_path).isEmpty()) // whose file is empty, and in use
        return refuse(otherFamily(m_path, DatabaseLock));
    if (!records::mayBeTornMarker(content.bytes))
        return refuse(somebodysFile(m_path));
    return reclaim(content, false);
}

std::optional<Attempt> MarkerBackend::reclaim(const os::MarkerContent &content, bool isMarker)
{
    const Removal removal = removeJudged(os::Directory::working(), m_path, m_reader, content);
    if (removal == Removal::InUse)
        return waitForItsLock(isMarker);
    m_oddSince.reset();
    switch (removal) {
    case Removal::Done:
        m_hasReclaimed = true;
        break;
    case Removal::Changed:
        return std::nullopt;
    case Removal::InUse:
    case Removal::Failed:
        return Attempt::busy();
    }
    if (isMarker)
        qCDebug(lcHoldfast) << "reclaimed the marker of an owner who is gone:" << name();
    else
        qCWarning(lcHoldfast) << "removed a lock marker that was never finished:" << name();
    return std::nullopt;
}

// A peer who reclaims it, too, or somebody who uses the same path as a lock of the system.
Attempt MarkerBackend::waitForItsLock(bool isMarker)
{
    if (mayPassSoon())
        return Attempt::busy(SoonAgain);
    if (isMarker)
        return Attempt::busy();
    return refuse(otherFamily(m_path, SystemLock));
}

bool MarkerBackend::mayPassSoon()
{
    const auto now = clock().monotonic();
    m_oddSince = m_oddSince.value_or(now);
    return now - *m_oddSince < Passing;
}

bool MarkerBackend::isOlderThan(std::chrono::nanoseconds age, const os::MarkerContent &content)
{
    return m_age.isAtLeast(age, content.facts.modified, os::Directory::working(), m_path);
}

Attempt MarkerBackend::fail(const os::SystemError &error)
{
    return refuse(systemFailure(m_path.empty() ? m_options.path : m_path, error));
}

Attempt MarkerBackend::refuse(Failure failure)
{
    drop();
    return Attempt::failed(std::move(failure));
}

void MarkerBackend::stopTrying()
{
    m_reader.close();
    m_identity = {};
    m_oddSince.reset();
    if (m_options.path.empty() || m_options.path.front() != '/')
        m_path.clear(); // relative to wherever the next acquisition starts
}

} // namespace Holdfast
