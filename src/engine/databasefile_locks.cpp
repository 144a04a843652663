// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The bytes of a SQLite lock: whose turn it is, who is kept out, who is inside.

#include "engine/databasebytes.h"
#include "engine/databasefile.h"
#include "os/process.h"

#include <utility>

namespace Holdfast {

bool DatabaseFile::takeTurn(const void *who)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_turnOf && this->lock(TurnByte))
        m_turnOf = who;
    return m_turnOf == who;
}

bool DatabaseFile::giveTurn(const void *who)
{
    const std::scoped_lock lock(m_mutex);
    if (m_turnOf != who)
        return false;
    openDoor();
    m_turnOf = nullptr;
    unlock(TurnByte);
    return true;
}

// A writer who is not of this library has RESERVED before he asks for PENDING. Without that he stays half inside for ever, and we
// would wait for him to leave.
void DatabaseFile::keepOut()
{
    const std::scoped_lock lock(m_mutex);
    auto writer = os::rangeConflict(m_file->descriptor(), ReservedByte, os::LockStrength::Shared);
    if (writer && *writer)
        openDoor();
    else
        m_isBarred = m_isBarred || this->lock(PendingByte);
}

// With m_mutex locked.
void DatabaseFile::openDoor()
{
    if (std::exchange(m_isBarred, false))
        unlock(PendingByte);
}

bool DatabaseFile::keepsOut() const
{
    const std::scoped_lock lock(m_mutex);
    return m_isBarred;
}

void DatabaseFile::letIn()
{
    const std::scoped_lock lock(m_mutex);
    openDoor();
}

// Where there are no such locks, everybody tries.
bool DatabaseFile::lock(const os::ByteRange &range)
{
    os::Result<os::LockAnswer> answer = os::tryLockRange(m_file->descriptor(), range, os::LockStrength::Exclusive);
    return !answer || *answer == os::LockAnswer::Acquired;
}

void DatabaseFile::unlock(const os::ByteRange &range)
{
    static_cast<void>(os::unlockRange(m_file->descriptor(), range));
}

// Our own lock does not stand in our way, and SQLite does not even look when this process reads already.
bool DatabaseFile::isBarred() const
{
    const std::scoped_lock lock(m_mutex);
    if (m_turnOf)
        return true;
    auto conflict = os::rangeConflict(m_file->descriptor(), DoorBytes, os::LockStrength::Shared);
    return conflict && *conflict;
}

bool DatabaseFile::isInUse() const
{
    auto conflict = os::rangeConflict(m_file->descriptor(), SharedBytes, os::LockStrength::Exclusive);
    return conflict && *conflict;
}

// The system names one of those who lock the bytes. If it is another reader, ours may be there besides.
bool DatabaseFile::isInForce(LockMode mode) const
{
    auto conflict = os::rangeConflict(m_file->descriptor(), SharedBytes, os::LockStrength::Exclusive);
    if (!conflict)
        return true;
    if (!*conflict)
        return false;
    const auto &[process, strength] = **conflict;
    const bool isShared = strength == os::LockStrength::Shared;
    if (process == os::currentProcess())
        return mode == LockMode::Shared || !isShared;
    return mode == LockMode::Shared && isShared && isLockedByThisProcess(m_identity);
}

} // namespace Holdfast
