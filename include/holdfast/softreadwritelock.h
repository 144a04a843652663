// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractreadwritelock.h>
#include <holdfast/sharedlock.h>

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <chrono>
#include <memory>

namespace Holdfast {

class SoftReadWriteLock;
using SharedSoftReadWriteLock = SharedLock<SoftReadWriteLock>;
class SoftReadWriteLockPrivate;

/** Options of a SoftReadWriteLock as an aggregate; the members are the properties of the same names, with their defaults. */
struct SoftReadWriteLockOptions
{
    std::chrono::milliseconds timeout{-1};
    std::chrono::milliseconds pollInterval{250};
    bool blocking = true;
    std::chrono::milliseconds lifetime{-1};
    ThreadScope threadScope = ThreadScope::PerThread;
    LockMode mode = LockMode::Exclusive;
    std::chrono::milliseconds heartbeatInterval{30'000};
    std::chrono::milliseconds staleThreshold{-1};
};

/**
 * Many readers or one writer by marker files, the same that Python's filelock makes before version 4 (SoftReadWriteLock).
 *
 * Take it where several machines share a disk on which the system's locks do not work, and reading is frequent. Where
 * FileLock works, take that: its shared mode does the same, and the kernel vouches for it. All users must be the same user
 * on all machines, who can read each other's markers, and all must use the same staleThreshold.
 *
 * Beside the path, which itself is never made, lie `PATH.state` (a mutex held for moments), `PATH.write` (the writer's marker)
 * and the directory `PATH.readers/` (a marker for each reader). A background thread gives each marker a sign of life every
 * heartbeatInterval; one without a sign of life for longer than staleThreshold is anybody's. A file `PATH.rw` keeps version 4
 * of filelock out, whose lock is another one; where that one's directory lies, acquiring fails with LockError::OtherFamily.
 *
 * - **Holder dies**: its marker is removed by whoever finds it. At once where it was this machine's process and the files lie on
 *   a local filesystem; on a network disk, or one that is not known, after the staleThreshold, because another machine may
 *   have the same name (clones do) and a living process with that number.
 * - **Marker removed or replaced while held**: lost(MarkerMissing) or lost(OwnerChanged), at once on this machine, else with
 *   the next heartbeat. Nobody is kept out any more.
 * - **Machine sleeps, or the process is stopped**: others wait for staleThreshold, then take over. On waking: lost(), which
 *   comes after the fact, so what is written must be able to bear that. Releasing leaves the successor alone.
 * - **Network disk**: what it is made for. Ages are counted on the server's clock. No events come from other machines, so
 *   there the poll interval decides; attempts can stall, so give it a thread pool. A disk that does not answer for longer than
 *   the threshold less one heartbeat: lost(RefreshFailed).
 * - **Threads**: each has its own hold and marker (ThreadScope::PerThread), so threads exclude each other like processes.
 * - **fork()**: in the child the object is inert; the parent's heartbeat goes on.
 *
 * One object for each path and process is what one nearly always wants, and what Python's filelock gives. shared() gives it;
 * a constructor cannot.
 *
 * @code
 * const auto lock = Holdfast::SoftReadWriteLock::shared("/net/team/catalogue"); // kept as a member
 * if (!lock)
 *     return fail(lock.errorString); // the path means nothing, or somebody in this process uses it with other options
 * connect(lock.lock.get(), &Holdfast::SoftReadWriteLock::acquired, this, &Catalogue::load);
 * connect(lock.lock.get(), &Holdfast::SoftReadWriteLock::lost, this, &Catalogue::stopAtOnce);
 * lock->acquireRead({.timeout = 10s});
 * @endcode
 */
class HOLDFAST_CORE_EXPORT SoftReadWriteLock : public Holdfast::AbstractReadWriteLock
{
    Q_OBJECT
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged FINAL)
    Q_PROPERTY(int heartbeatInterval READ heartbeatIntervalMsecs WRITE setHeartbeatIntervalMsecs NOTIFY
                   heartbeatIntervalChanged FINAL)
    Q_PROPERTY(
        int staleThreshold READ staleThresholdMsecs WRITE setStaleThresholdMsecs NOTIFY staleThresholdChanged FINAL)
    Q_PROPERTY(QString token READ token NOTIFY heldChanged FINAL)

public:
    /** The one lock object of this process for the path, however its directory is spelled; a symbolic link at the end keeps its
        own name, beside which its markers lie. Made on first use, gone with the last reference; one that was closed is never handed
        out again. Its options are frozen by the first caller: other options, or a setter, are refused. Any thread. */
    static SharedSoftReadWriteLock shared(const QString &path, const SoftReadWriteLockOptions &options = {});

    explicit SoftReadWriteLock(QObject *parent = nullptr); ///< a lock without a path; acquiring fails until setPath()

    /** A lock object of its own; touches nothing until acquired. To every other object on the same path, also in this process
        and this thread, it is a stranger: they wait for each other, and if this thread reads with one and blocks to write
        with the other, for ever. Take it where parts of one program are to keep each other out, or need other options. */
    explicit SoftReadWriteLock(const QString &path, QObject *parent = nullptr);
    SoftReadWriteLock(const QString &path, const SoftReadWriteLockOptions &options, QObject *parent = nullptr);
    ~SoftReadWriteLock() override;

    QString path() const;              ///< as given; a relative path is resolved when an acquisition starts
    bool setPath(const QString &path); ///< refused (Misuse) while held or waiting

    std::chrono::milliseconds heartbeatInterval() const; ///< initially 30 s
    /** At least 1 ms, and less than the staleThreshold; refused (Misuse) while held or waiting. */
    bool setHeartbeatInterval(std::chrono::milliseconds interval);

    std::chrono::milliseconds staleThreshold() const; ///< initially three heartbeats, whatever these are
    /** More than a heartbeat, or -1 ms for three of them. The same for all users of the lock, or the one with the shorter
        one takes the other for dead. Refused (Misuse) while held or waiting. */
    bool setStaleThreshold(std::chrono::milliseconds threshold);

    /** Names this one hold of this thread, be it a reader's or the writer's: 32 hexadecimal digits, new for each; empty when not
        held. For fencing: hand it on, so that what a former holder still sends can be told from what the present one does. */
    QString token() const;

    Q_INVOKABLE QList<Holdfast::LockHolder> readers() const; ///< who reads now; never a complete truth, see LockHolder
    Q_INVOKABLE Holdfast::LockHolder writer() const;         ///< who writes, or waits for the readers to leave
    LockHolder holder() const override; ///< a reader, or else the writer: with readers there, he waits

Q_SIGNALS:
    void pathChanged();
    void heartbeatIntervalChanged();
    void staleThresholdChanged();

private:
    SoftReadWriteLockPrivate *d_func() const;
    int heartbeatIntervalMsecs() const;
    void setHeartbeatIntervalMsecs(int msecs);
    int staleThresholdMsecs() const;
    void setStaleThresholdMsecs(int msecs);
};

} // namespace Holdfast
