// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/sqlitebackend.h"

#include "engine/canonicalname.h"

#include <QtCore/qfile.h>

#include <utility>

namespace Holdfast {

namespace {

constexpr std::chrono::milliseconds SoonAgain{1};

// How often whoever keeps readers out looks for a writer who is caught in the door: no event tells of him.
constexpr std::chrono::milliseconds DoorInterval{50};

// How often it is made sure that the lock is still in force: a loss is told within a second.
constexpr std::chrono::milliseconds CheckInterval{500};

// How often an attempt follows a file that is replaced under it.
constexpr int MaxReplacements = 8;

} // namespace

SqliteBackend::SqliteBackend(std::string path) : m_path(std::move(path)) { }

SqliteBackend::~SqliteBackend()
{
    if (m_isAbandoned)
        leaveToTheParent();
    else
        close();
}

Attempt SqliteBackend::attempt(LockMode mode)
{
    if (std::exchange(m_mode, mode) != mode)
        stopTrying(); // whoever wanted to write has gone, and a reader is next
    for (int i = 0; i < MaxReplacements; ++i) {
        if (Obstacle obstacle = open())
            return *std::move(obstacle);
        Attempt answer = attemptOnce();
        if (answer.answer == Attempt::Failed)
            stopTrying();
        if (isInPlace())
            return answer;
        close(); // it was removed or replaced, or a link on the way: what was locked is not what newcomers lock
        m_resolved.clear();
    }
    return Attempt::busy();
}

// What is open on a disk of this machine is locked in the memory of the system. One that was replaced is opened again, as FileLock
// does it, too.
bool SqliteBackend::isQuick() const
{
    return m_connection && m_connection->isOpen() && m_file->isOnThisMachine();
}

// The file is opened before SQLite does, so that it is known which one SQLite has: the one that has the name before and after.
SqliteBackend::Obstacle SqliteBackend::open()
{
    if (m_resolved.empty()) {
        Failure failure;
        m_resolved = canonicalTarget(name(), &failure);
        if (failure.isSet())
            return Attempt::failed(std::move(failure));
    }
    if (!m_file) {
        Failure failure;
        m_file = DatabaseFile::open(m_resolved, &failure);
        if (!m_file)
            return Attempt::failed(std::move(failure));
    }
    if (Failure unfit = m_file->check(m_resolved, m_mode); unfit.isSet())
        return Attempt::failed(std::move(unfit));
    if (!m_connection || !m_connection->isOpen()) { // it closes when it cannot even end a transaction
        const SqliteCall call;
        auto connection = std::make_unique<SqliteConnection>();
        if (std::optional<Failure> failure = connection->open(QFile::decodeName(m_resolved.c_str())))
            return Attempt::failed(*std::move(failure));
        m_connection = std::move(connection);
    }
    return std::nullopt;
}

Attempt SqliteBackend::attemptOnce()
{
    const SqliteCall call;
    Attempt answer = m_mode == LockMode::Shared ? read() : write();
    return answer.answer == Attempt::Acquired ? believe() : answer;
}

Attempt SqliteBackend::read()
{
    return m_file->isBarred() ? Attempt::busy() : m_connection->beginRead();
}

// SQLite alone would let new readers in until the moment when none is there, which may never come:
//
//   P.1 wants to write: busy, for Q reads
//   R.1 reads, too
//   Q.1 has read, S.1 reads, R.2 has read, ...
//
// So P bars the door while he waits, and opens it for himself when nobody is inside any more. Readers of this library see that
// it is his turn, and wait all the same; one of Python's who slips in at that moment is one reader more to wait for.
//
// And two writers who try at once can refuse each other, of which no event tells:
//
//   P.1 has RESERVED      Q.1 has SHARED, and is refused RESERVED
//   P.2 is refused EXCLUSIVE, for Q is about to leave SHARED
//
// So they take turns. One of Python's takes none, and SQLite has him wait half inside:
//
//   Q.1 reads             P.1 bars the door, for somebody is inside
//   Q.2 has RESERVED, and waits for PENDING, which P has
//   P.2 waits for Q to leave
//
// So the door is opened for whoever has RESERVED, and P looks for him again and again.
Attempt SqliteBackend::write()
{
    if (!m_file->takeTurn(this))
        return Attempt::busy();
    if (!m_file->keepsOut() || !m_file->isInUse()) {
        m_file->letIn();
        Attempt answer = m_connection->beginWrite();
        if (answer.answer != Attempt::Busy)
            return answer;
    }
    m_file->keepOut();
    if (!m_file->isInUse())
        return Attempt::busy(SoonAgain); // somebody was there for a moment
    return m_file->keepsOut() ? Attempt::busy(DoorInterval) : Attempt::busy();
}

// SQLite counts the readers of a process, and asks the system for the first one only. If that one's lock has been dropped, the
// next one has none either, and nobody would notice.
Attempt SqliteBackend::believe()
{
    if (m_file->isInForce(m_mode)) {
        m_isHeld = true;
        m_file->countHold(1);
        return Attempt::acquired();
    }
    endTransaction();
    m_file->ring(); // somebody may have met us
    return Attempt::busy(SoonAgain);
}

void SqliteBackend::stopTrying()
{
    if (m_file && m_file->giveTurn(this))
        m_file->ring();
}

std::optional<Failure> SqliteBackend::release()
{
    const SqliteCall call;
    if (std::optional<Failure> failure = m_connection->end())
        return failure;
    m_isHeld = false;
    m_file->countHold(-1);
    m_file->giveTurn(this);
    m_file->ring();
    return std::nullopt;
}

void SqliteBackend::drop()
{
    if (std::exchange(m_isHeld, false)) {
        const SqliteCall call;
        endTransaction();
        m_file->countHold(-1);
        m_file->giveTurn(this);
        m_file->ring();
    }
    stopTrying();
}

void SqliteBackend::endTransaction()
{
    if (m_connection->end())
        m_connection.reset(); // which ends it in any case
}

void SqliteBackend::abandon()
{
    m_isAbandoned = true;
}

// SQLite and the file are his; nothing is closed, nothing is freed.
void SqliteBackend::leaveToTheParent()
{
    static_cast<void>(m_connection.release());
    new std::shared_ptr<DatabaseFile>(std::move(m_file));
}

void SqliteBackend::close()
{
    drop();
    const SqliteCall call;
    m_connection.reset(); // first: the file outlives what SQLite locks in it
    m_file.reset();
}

// The path as it was given tells of links that lead elsewhere by now. The system does not resolve each that we do: not what leads
// out of a folder that is missing ("missing/../x").
bool SqliteBackend::isInPlace() const
{
    if (m_file->isAt(m_path))
        return true;
    Failure failure;
    return canonicalTarget(name(), &failure) == m_resolved && m_file->isAt(m_resolved);
}

LossReason SqliteBackend::inspect()
{
    if (!m_file->isInForce(m_mode))
        return LossReason::Dropped;
    return isInPlace() ? LossReason::None : LossReason::Replaced;
}

Upkeep SqliteBackend::upkeep() const
{
    return {.every = CheckInterval};
}

Renewal SqliteBackend::renew()
{
    const LossReason reason = inspect();
    return reason == LossReason::None ? Renewal::done() : Renewal::lost(reason);
}

os::FileIdentity SqliteBackend::identity() const
{
    return m_file ? m_file->identity() : os::FileIdentity();
}

Watchable SqliteBackend::watchable() const
{
    return m_file ? m_file->watchable() : Watchable();
}

LockHolder SqliteBackend::holder() const
{
    Failure failure;
    const std::string path = canonicalTarget(name(), &failure);
    return failure.isSet() ? LockHolder() : databaseFileHolders(path).value(0);
}

QString SqliteBackend::name() const
{
    return QFile::decodeName(m_path.c_str());
}

} // namespace Holdfast
