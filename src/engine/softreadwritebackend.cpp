// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// How a soft read/write lock is taken.

#include "engine/softreadwritebackend.h"

#include "engine/clock.h"
#include "engine/logging.h"
#include "engine/readwriteguard.h"
#include "os/directories.h"
#include "os/filesystemclock.h"
#include "os/process.h"
#include "os/random.h"
#include "os/serverlock.h"
#include "records/readwritemarker.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace Holdfast {

namespace {

// How often one look follows a marker that changes under it.
constexpr int MaxTurns = 4;

constexpr std::chrono::milliseconds SoonAgain{1};
constexpr unsigned ReadersMode = 0700;
constexpr std::size_t TokenBytes = 16;

// A waiting writer is looked after so many times before others may take him for dead.
constexpr int LooksPerThreshold = 4;

constexpr std::chrono::milliseconds LooksAtTorn{500};

Attempt fail(const std::string &path, const os::SystemError &error)
{
    return Attempt::failed(systemFailure(path, error));
}

} // namespace

SoftReadWriteBackend::SoftReadWriteBackend(std::string path, ReadWriteTerms terms)
    : m_path(std::move(path)), m_terms(terms), m_rival(terms.staleThreshold)
{ }

Attempt SoftReadWriteBackend::attempt(LockMode mode)
{
    const auto begun = clock().boot();
    if (Obstacle obstacle = resolve())
        return *std::move(obstacle);
    const bool reads = mode == LockMode::Shared;
    if (std::exchange(m_reads, reads) != reads)
        withdraw(); // whoever wanted to write has gone, and a reader is next
    Attempt answer = reads ? attemptRead() : attemptWrite();
    static_cast<void>(unlockState());
    if (answer.answer == Attempt::Failed)
        stopTrying();
    m_isHeld = answer.answer == Attempt::Acquired;
    if (m_isHeld) {
        m_rival.close();
        if (reads)
            m_refreshed = begun;
    }
    return answer;
}

SoftReadWriteBackend::Obstacle SoftReadWriteBackend::resolve()
{
    if (m_paths)
        return std::nullopt;
    os::Result<std::string> absolute = os::absolutePath(m_path);
    if (!absolute)
        return fail(m_path, absolute.error());
    m_paths.emplace(*absolute);
    m_abandonable = nullptr;
    m_state = std::make_unique<SoftBackend>(MarkerBackendOptions{.path = m_paths->state}, m_stateOptions,
                                            m_terms.staleThreshold);
    m_abandonable = m_state.get();
    return std::nullopt;
}

// The first look is without the mutex: to see that one must wait takes nobody's time.
Attempt SoftReadWriteBackend::attemptRead()
{
    if (Obstacle obstacle = clearWriter(false))
        return *std::move(obstacle);
    if (Obstacle obstacle = lockState())
        return *std::move(obstacle);
    if (Obstacle obstacle = keepNewerOut(*m_paths))
        return *std::move(obstacle);
    if (Obstacle obstacle = clearWriter(true))
        return *std::move(obstacle);
    if (isWriterHidden())
        return Attempt::busy(SoonAgain);
    if (Obstacle obstacle = openReaders())
        return *std::move(obstacle);
    const std::string token = os::randomHex(TokenBytes);
    const std::string name = records::readerName(token, os::currentProcess());
    os::Result<bool> created = m_own.create(m_readers, name, token);
    if (!created && created.error().kind != os::ErrorKind::NotFound)
        return fail(pathOf(name), created.error());
    return created && *created ? Attempt::acquired()
                               : Attempt::busy(SoonAgain); // or the directory has just been removed
}

Attempt SoftReadWriteBackend::attemptWrite()
{
    if (Obstacle obstacle = m_own.isThere() ? keepAnnounced() : clearWriter(false))
        return *std::move(obstacle);
    if (Obstacle obstacle = lockState())
        return *std::move(obstacle);
    if (Obstacle obstacle = keepNewerOut(*m_paths))
        return *std::move(obstacle);
    if (Obstacle obstacle = announce())
        return *std::move(obstacle);
    if (Obstacle obstacle = clearReaders())
        return *std::move(obstacle);
    return Attempt::acquired();
}

// Phase 2, before the mutex: says that we still live, and looks whether the reader we wait for still reads.
//
// Each sign of life is an event for all who wait for us, so there are no more of them than it takes.
SoftReadWriteBackend::Obstacle SoftReadWriteBackend::keepAnnounced()
{
    const auto now = clock().boot();
    if (now - m_refreshed >= m_terms.staleThreshold / (2 * LooksPerThreshold)) {
        os::Result<ReadWriteOwnMarker::Standing> standing = m_own.refresh(m_here);
        if (!standing) // it may be there or not: nothing follows from that
            return mayPass(standing.error()) ? busy() : fail(m_paths->write, standing.error());
        if (*standing != ReadWriteOwnMarker::Standing::Ours) {
            m_own.forget(); // they took us for dead
            return clearWriter(false);
        }
        m_refreshed = now;
    }
    if (m_rival.name().empty() || m_rival.look(m_readers, m_rival.name()) != ReadWriteRival::Standing::Live)
        return std::nullopt;
    // A handle of a directory that was replaced on its server never answers again: then all is opened anew.
    return m_rival.wasAnswered() ? Obstacle(busy()) : std::nullopt;
}

// Phase 1, in the mutex: makes sure that the writer's marker is ours.
//
//   P.1 makes P.write, waits for readers, is stopped for longer than the threshold
//   Q.1 takes P for dead, makes P.write his own, and writes
//   P.2 goes on, sees no readers, and would write, too
SoftReadWriteBackend::Obstacle SoftReadWriteBackend::announce()
{
    if (m_own.isThere()) {
        os::Result<ReadWriteOwnMarker::Standing> standing = m_own.check(m_here);
        if (!standing)
            return mayPass(standing.error()) ? busy() : fail(m_paths->write, standing.error());
        if (*standing == ReadWriteOwnMarker::Standing::Ours)
            return std::nullopt;
        m_own.forget();
    }
    if (Obstacle obstacle = clearWriter(true))
        return obstacle;
    const auto begun = clock().boot();
    os::Result<bool> created = m_own.create(m_here, m_paths->write, os::randomHex(TokenBytes));
    if (!created)
        return fail(m_paths->write, created.error());
    if (!*created)
        return Attempt::busy(SoonAgain);
    m_refreshed = begun;
    return std::nullopt;
}

SoftReadWriteBackend::Obstacle SoftReadWriteBackend::clearWriter(bool mayEvict)
{
    return clear(m_here, m_paths->write, mayEvict);
}

// A client of NFS 3 that has looked for a name believes it to be missing until the directory has another time, and times have ticks:
//
//   R.1 releases, having looked for P.write     W.1 makes P.write, in the same tick of the server's clock, and writes
//   R.2 takes the mutex after W, looks for P.write: missing
//
// But a client that has just made a name itself, as R has made the mutex, must list that, so it asks the server for all of them.
bool SoftReadWriteBackend::isWriterHidden() const
{
    if (!os::isOnNfs(m_state->watchable().descriptor))
        return false;
    const std::size_t name = m_paths->write.rfind('/') + 1;
    os::Result<os::Directory> directory = os::Directory::open(m_paths->write.substr(0, name));
    if (!directory)
        return false;
    os::Result<std::vector<std::string>> names = directory->list();
    return names && std::ranges::find(*names, m_paths->write.substr(name)) != names->end();
}

// Phase 2, in the mutex. One reader who is there is enough to wait for; so the others are not even looked at.
SoftReadWriteBackend::Obstacle SoftReadWriteBackend::clearReaders()
{
    os::Result<os::Directory> readers = os::Directory::open(m_paths->readers);
    if (!readers && readers.error().kind == os::ErrorKind::NotFound)
        return std::nullopt; // nobody has ever read
    if (!readers)
        return fail(m_paths->readers, readers.error());
    m_readers = std::move(*readers);
    if (os::isOnNfs(m_readers.descriptor()))
        static_cast<void>(os::filesystemNow(m_readers, "listing")); // makes a name: see isWriterHidden()
    os::Result<std::vector<std::string>> names = m_readers.list();
    if (!names)
        return fail(m_paths->readers, names.error());
    std::erase_if(*names, [](const std::string &name) { return records::isHousekeeping(name); });
    // Our own process's first: should this thread itself be the reader, it must not wait for ever.
    const std::string ours = records::readerName({}, os::currentProcess());
    std::partition(names->begin(), names->end(), [&ours](const std::string &name) { return name.ends_with(ours); });
    for (const std::string &name : *names) {
        if (Obstacle obstacle = clear(m_readers, name, true))
            return obstacle;
    }
    return std::nullopt;
}

// Nothing: it is gone, or (if it may not be evicted now) about to go.
SoftReadWriteBackend::Obstacle SoftReadWriteBackend::clear(const os::Directory &directory, const std::string &name,
                                                           bool mayEvict)
{
    for (int turn = 0; turn < MaxTurns; ++turn) {
        switch (m_rival.look(directory, name)) {
        case ReadWriteRival::Standing::Gone:
            return std::nullopt;
        case ReadWriteRival::Standing::NoFile:
            return handleNoFile(name);
        case ReadWriteRival::Standing::Broken:
            return fail(pathOf(name), m_rival.error());
        case ReadWriteRival::Standing::Live:
            return busy();
        case ReadWriteRival::Standing::Stale:
            break;
        }
        if (!mayEvict)
            return std::nullopt;
        switch (m_rival.evict(directory)) {
        case Removal::Done:
            qCDebug(lcHoldfast) << "evicted a marker without a sign of life:" << name.c_str();
            return std::nullopt;
        case Removal::Changed:
            break;
        case Removal::InUse:
            return Attempt::busy(SoonAgain);
        case Removal::Failed:
            return busy();
        }
    }
    return Attempt::busy(SoonAgain);
}

// Nobody knows what it is for, so nobody removes it. As the writer's marker it would be in the way for ever, which has to be
// said; among the readers it is nobody, for a reader makes a file.
SoftReadWriteBackend::Obstacle SoftReadWriteBackend::handleNoFile(const std::string &name)
{
    if (name == m_paths->write)
        return fail(name, os::notAFile("lstat"));
    if (!std::exchange(m_hasWarned, true))
        qCWarning(lcHoldfast) << "among the readers is something that is no file, and is ignored:"
                              << pathOf(name).c_str();
    return std::nullopt;
}

std::string SoftReadWriteBackend::pathOf(const std::string &name) const
{
    return name == m_paths->write ? name : m_paths->readers + "/" + name;
}

// Anew each time: the directory may have been removed and made again since.
SoftReadWriteBackend::Obstacle SoftReadWriteBackend::openReaders()
{
    if (os::Result<bool> made = m_here.make(m_paths->readers, ReadersMode); !made)
        return fail(m_paths->readers, made.error());
    os::Result<os::Directory> readers = os::Directory::open(m_paths->readers);
    if (!readers && readers.error().kind == os::ErrorKind::NotFound)
        return Attempt::busy(SoonAgain);
    if (!readers)
        return fail(m_paths->readers, readers.error());
    m_readers = std::move(*readers);
    return std::nullopt;
}

// To grow old is no event, so whoever waits has to look now and then, whatever his poll interval.
Attempt SoftReadWriteBackend::busy() const
{
    const auto often = m_terms.staleThreshold / LooksPerThreshold;
    return Attempt::busy(std::max(SoonAgain, m_rival.isTorn() ? std::min(often, LooksAtTorn) : often));
}

} // namespace Holdfast
