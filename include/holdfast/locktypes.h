// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include <QtCore/qobjectdefs.h>

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>

/**
 * The words that every lock shares.
 *
 * *Busy* (somebody else holds the lock) is an answer, never an error: it has no value in LockError. *Timed out* and
 * *cancelled* are ways for an acquisition to end, see Outcome; they are no errors either.
 */
namespace Holdfast {
Q_NAMESPACE_EXPORT(HOLDFAST_CORE_EXPORT)

/** Why an operation failed. The sentence with the path and the system's words is errorString(). */
enum class LockError {
    None,             ///< nothing went wrong
    InvalidArgument,  ///< a path, timeout or interval that cannot mean anything (empty, NUL inside, out of range)
    Misuse,           ///< a call that is not allowed now: an option changed while held, release() without a hold
    WouldDeadlock,    ///< this thread already holds the file through another lock object and would wait for itself
    NoEventLoop,      ///< acquire() where no event loop brings the answer, or has ended before: tryAcquireFor()
    Inherited,        ///< the object came from before a fork(); create a new one in the child
    PermissionDenied, ///< the system does not let this user open or create the file
    ReadOnlyLocation, ///< the filesystem is mounted read-only
    NotFound,         ///< a directory on the way does not exist and cannot be created
    NotAFile,         ///< the path is a directory, symbolic link, pipe, socket or device, or its parent is a file
    NameTooLong,      ///< the name exceeds 255 bytes or the path exceeds the system's limit
    NoSpace,          ///< the disk, its quota or its inodes are used up
    OutOfResources,   ///< no file descriptors, memory or kernel locks are left
    Unsupported,      ///< this filesystem or system cannot lock files
    OtherFamily, ///< another kind of lock is in use on the path (a native one, a lease, ...); they do not see each other
    SettingsMismatch, ///< the holder of a lease uses another duration: one of the two programs must change
    Damaged,          ///< what is on disk breaks the protocol of a strict lock: a person has to look
    NotALockFile, ///< the file, or a journal beside that of a ReadWriteLock, holds something else, perhaps a document
    ConnectionFailed, ///< the database server cannot be reached, does not answer, or ended the session
    CallbackFailed,   ///< the held hook refused or threw, or a cancelCheck threw
    System            ///< any other answer of the system; errorString() has its words
};
Q_ENUM_NS(LockError)

/** What *this* object does with the lock. It says nothing about other processes; for those, see holder(). */
enum class LockState {
    Idle,    ///< neither held nor wanted
    Waiting, ///< an acquisition is under way
    Held     ///< held, depth() levels deep
};
Q_ENUM_NS(LockState)

/** How an acquisition ended: the value of acquireFuture(). */
enum class Outcome {
    Acquired,  ///< held, one level more than before
    TimedOut,  ///< somebody else held it for the whole time
    Cancelled, ///< by cancel(), a cancelCheck, a stop token or the future
    Failed     ///< see error()
};
Q_ENUM_NS(Outcome)

/** How strong a hold is. */
enum class LockMode {
    Exclusive, ///< one holder
    Shared     ///< any number of shared holders, no exclusive one
};
Q_ENUM_NS(LockMode)

/** Whose hold it is when several threads use one lock object. */
enum class ThreadScope {
    PerThread, ///< every thread has its own hold and depth; threads exclude each other like processes do
    Shared     ///< one hold and one depth for all threads; any thread may release it
};
Q_ENUM_NS(ThreadScope)

/** Why a hold ended although nobody released it. */
enum class LossReason {
    None,          ///< it did not
    Expired,       ///< its lifetime() was over; this process let go of it in time
    Replaced,      ///< the lock file was removed, renamed or replaced: newcomers lock another file
    MarkerMissing, ///< the marker of a soft lock or lease was removed, by a person or by somebody who took it for stale
    OwnerChanged,  ///< the marker is somebody else's now
    RefreshFailed, ///< a lease could not be renewed in time (a disk that does not answer, a machine or process that slept)
    Dropped, ///< the system has let go of it: somebody in this process opened and closed the file of a ReadWriteLock, or the server
    ///< of a network disk (NFS 4) has not heard of this machine for longer than its lease
    ConnectionLost ///< the session with the database server has ended, or was not heard of for too long
};
Q_ENUM_NS(LossReason)

/** Whether the holder of a lock still runs. Unknown is treated as Alive everywhere. */
enum class Liveness {
    Unknown, ///< could not be asked: another machine, another container, no permission
    Alive,
    Dead
};
Q_ENUM_NS(Liveness)

/** What FileLock does with bytes that it finds in the file it locks. */
enum class FileContents {
    Keep, ///< they stay: locking somebody's document by mistake costs nothing
    Clear ///< a new exclusive holder empties the file, as Python's filelock does; see FileLock::contents()
};
Q_ENUM_NS(FileContents)

/** Whether FileLock may become a SoftFileLock on a filesystem that cannot lock (`ENOSYS`). */
enum class SoftFallback { Allowed, Refused };
Q_ENUM_NS(SoftFallback)

/**
 * Options of one acquisition. A member left out means the lock's own property.
 *
 * An aggregate, so that designated initialisers read like keyword arguments:
 * `lock.acquire({.timeout = 5s, .pollInterval = 10ms})`.
 */
struct AcquireOptions
{
    /// How long to wait: -1 ms for ever, 0 one attempt. Other negative values are LockError::InvalidArgument.
    std::optional<std::chrono::milliseconds> timeout = {};

    /// How often to look when no event tells of the release; at least 1 ms. Can be shorter than the lock's own.
    std::optional<std::chrono::milliseconds> pollInterval = {};

    /// False: one attempt, whatever the timeout says.
    std::optional<bool> blocking = {};

    /// Asked after each attempt that found the lock busy, in the waiting thread; true ends the wait as Cancelled.
    /// Never called when the lock was free, nor when there is no wait to end (blocking false, timeout 0). If it throws, the acquisition ends with CallbackFailed (acquire) or
    /// the exception passes through (tryAcquireFor); the lock is not held in either case.
    std::function<bool()> cancelCheck = {};

    /// A stop request ends the wait as Cancelled, from any thread.
    std::stop_token stopToken = {};

    /// Exclusive or Shared, for locks that know both; the others refuse Shared (LockError::InvalidArgument).
    std::optional<LockMode> mode = {};
};

} // namespace Holdfast
