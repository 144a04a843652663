// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include "engine/backend.h"
#include "os/fork.h"
#include "os/guardedfile.h"
#include "os/lockfile.h"
#include "os/rangelock.h"

#include <QtCore/qlist.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace Holdfast {

/**
 * The file of a SQLite lock, seen beside SQLite: one for each file in this process, with a descriptor of its own.
 *
 * SQLite locks with POSIX locks, which belong to the process: when *any* descriptor of the file is closed, all of them are
 * silently gone. So this one is opened before SQLite opens the file, stays open for as long as anybody here uses the file, and
 * is asked whether the lock is still there: its own locks (OFD) belong to the descriptor, so it sees those of its own process.
 * Meanwhile nothing in this library opens or closes the file besides.
 *
 * Any thread. Where the system has no such locks, nobody is kept out, nothing is in the way and everything is in force.
 */
class HOLDFAST_CORE_EXPORT DatabaseFile
{
public:
    /** The one for @p path (absolute, no link), created when it is missing, with the directories above it. Null: @p failure
        says why. */
    static std::shared_ptr<DatabaseFile> open(const std::string &path, Failure *failure);

    const os::FileIdentity &identity() const { return m_identity; }
    Watchable watchable() const { return {m_file->descriptor(), m_opening}; }
    void ring(); ///< has all look again who wait for the file, here and in other processes

    /** What is wrong with it as a lock file for @p mode: that there is something in it, or in a journal beside it, or that it
        cannot be written to. (SQLite would begin to read instead, without a word.) */
    Failure check(const std::string &path, LockMode mode) const;

    bool isOnThisMachine() const { return m_isOnThisMachine; } ///< on a disk that no network is between

    /** Whether @p path, or the link that it is, still leads to it; true also when that cannot be asked. */
    bool isAt(const std::string &path) const;

    /** Gives the writer @p who his turn, here and among the processes that use this library: only he tries, and others
        wait, until he gives it back. False: another one has it. */
    bool takeTurn(const void *who);
    bool giveTurn(const void *who); ///< lets readers in, too; false: it was not his

    // For whoever has the turn.
    void keepOut(); ///< keeps new readers out while he waits; but lets in while a writer of SQLite is on his way
    bool keepsOut() const;
    void letIn();
    bool isBarred() const; ///< for readers: whether they are kept out, by whomever

    void countHold(int difference); ///< what SQLite holds on it for this process; inside a SqliteCall

    bool isInUse() const;                ///< somebody reads or writes, here or in another process
    bool isInForce(LockMode mode) const; ///< whether what SQLite believes to hold for this process is really held

    // Around a fork.
    static void lockAll();
    static void unlockAll();
    static void abandonAll(); ///< in the child; locked

private:
    class Table;
    bool lock(const os::ByteRange &range);
    void unlock(const os::ByteRange &range);
    void openDoor();
    DatabaseFile(std::unique_ptr<os::LockFile> file, const os::FileIdentity &identity, const os::Status &writable);

    const std::unique_ptr<os::LockFile> m_file;
    const os::FileIdentity m_identity;
    const os::GuardedFile m_guard; // ends before the file is closed
    const std::uint64_t m_opening;
    const os::Status m_writable;
    const bool m_isOnThisMachine;
    std::atomic<int> m_holds{0};
    int m_users = 0;            // guarded by the table's mutex
    mutable std::mutex m_mutex; // of what follows
    const void *m_turnOf = nullptr;
    bool m_isBarred = false;
};

/**
 * While one exists, this thread is inside SQLite, and no other thread forks, unless it takes too long.
 *
 * In the child of a fork SQLite still believes that the parent's locks are its own, and where the parent was inside SQLite just
 * then, its mutexes stay locked for ever. So open() refuses there what was held at the time (LockError::Inherited).
 */
class HOLDFAST_CORE_EXPORT SqliteCall
{
public:
    SqliteCall();
    ~SqliteCall();
    SqliteCall(const SqliteCall &) = delete;
    SqliteCall &operator=(const SqliteCall &) = delete;

private:
    os::ForkPause m_pause;
};

/** Who reads or writes through the SQLite file @p path, as far as the system tells; a writer comes first. */
HOLDFAST_CORE_EXPORT QList<LockHolder> databaseFileHolders(const std::string &path);

} // namespace Holdfast
