// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>
#include <holdfast/sharedlock.h>

#include <QtCore/qfiledevice.h>

#include <chrono>

namespace Holdfast {

class SoftFileLock;
class SoftFileLockPrivate;
using SharedSoftFileLock = SharedLock<SoftFileLock>;

/** Options of a SoftFileLock, as its properties; all have a default. */
struct SoftFileLockOptions
{
    std::chrono::milliseconds timeout{-1};
    std::chrono::milliseconds pollInterval{50};
    bool blocking = true;
    std::chrono::milliseconds lifetime{-1};
    ThreadScope threadScope = ThreadScope::PerThread;
    QFileDevice::Permissions permissions = {};
    std::chrono::milliseconds malformedGrace{2000};
};

/**
 * A lock by the existence of a *marker*: a small file that says which process on which machine holds it. Whoever creates
 * it, holds; whoever removes it, lets go. The same markers, byte for byte, as Python's filelock (SoftFileLock).
 *
 * Take it where the system cannot lock files (some network and FUSE filesystems), or where people must be able to see and
 * remove a lock. Everywhere else take FileLock: the system frees that one by itself when its holder dies, on every machine,
 * while a marker stays. For disks that several machines share take SoftFileLease: its markers age.
 *
 * - **Holder dies**: the marker stays until somebody wants the lock. He removes it at once if the owner is *proven* dead:
 *   same machine, and its process is gone, a zombie, or another one with that number (the marker holds its start time).
 *   A waiter on this machine hears of the death within milliseconds. Owners on another machine or in another container are
 *   never taken for dead: breakLock() or a lifetime.
 * - **Marker removed or replaced while held**: lost(MarkerMissing) or lost(OwnerChanged). Releasing leaves a successor's
 *   marker alone.
 * - **lifetime**: the hold ends after it with lost(Expired); for others who use the same lifetime the marker is then
 *   anybody's, even if the owner hangs. All programs must agree on it.
 * - **A torn marker** (empty, zeros, the beginning of one) is taken for one that is just being written, and removed once it is
 *   older than malformedGrace. **Another file** is somebody's and stays: LockError::NotALockFile after the same time; NotAFile at
 *   once for a pipe, link, socket or device. Another family's (a lease, a strict one, a living system lock): OtherFamily.
 * - **Machine sleeps**: held all the while; markers go on ageing.
 * - **Clocks**: ages (for a lifetime, of a torn marker) are counted by the filesystem's clock. A server has its own, so that no
 *   local clock matters; on a local disk it is the machine's: set forward, it ages every marker by so much; set back, what was
 *   there before is of the future, and does not age until the clock is there again.
 * - **Several machines** that share the disk must have different host names: the record names its machine by nothing else, and
 *   with equal ones each would take the other's owners for dead.
 * - **Network disk**: right with polling alone; where a disk stalls, give it a thread pool. `O_EXCL` must be honoured (NFS 3
 *   and later do).
 * - **Threads and fork()**: as AbstractLock says.
 *
 * Against processes of Python's filelock, which know nothing of this library's care when reclaiming, the protocol leaves a
 * window of some microseconds in which two may hold; see docs/softfilelock.md.
 *
 * @code
 * Holdfast::SoftFileLock lock("/mnt/share/plan.lock");
 * connect(&lock, &Holdfast::SoftFileLock::contended, this, [](const Holdfast::LockHolder &who) { show(who); });
 * lock.acquire({.timeout = 30s});
 * @endcode
 */
class HOLDFAST_CORE_EXPORT SoftFileLock : public Holdfast::AbstractLock
{
    Q_OBJECT
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged FINAL)
    Q_PROPERTY(
        QFileDevice::Permissions permissions READ permissions WRITE setPermissions NOTIFY permissionsChanged FINAL)
    Q_PROPERTY(
        int malformedGrace READ malformedGraceMsecs WRITE setMalformedGraceMsecs NOTIFY malformedGraceChanged FINAL)

public:
    explicit SoftFileLock(QObject *parent = nullptr); ///< a lock without a path; acquiring fails until setPath()
    explicit SoftFileLock(const QString &path, QObject *parent = nullptr); ///< touches nothing until acquired
    SoftFileLock(const QString &path, const SoftFileLockOptions &options, QObject *parent = nullptr);
    ~SoftFileLock() override;

    /** The one lock object of this process for the marker; as FileLock::shared(). */
    static SharedSoftFileLock shared(const QString &path, const SoftFileLockOptions &options = {});

    QString path() const;              ///< as given; a relative path is resolved when an acquisition starts
    bool setPath(const QString &path); ///< refused (Misuse) while held or waiting

    QFileDevice::Permissions permissions() const; ///< of new markers, less the umask; none (initial): 0666
    bool setPermissions(QFileDevice::Permissions permissions);

    /** How old a torn marker must be before it goes; -1 ms: never. Initially 2 s, as in filelock. Switch it
        off where programs with filelock before 3.22 take part: their markers are empty. */
    std::chrono::milliseconds malformedGrace() const;
    bool setMalformedGrace(std::chrono::milliseconds grace); ///< -1 or more

    /** Who holds it, as the marker says, and whether he still runs; invalid when there is no marker. */
    LockHolder holder() const override;

    /** Whether the marker names this process, through whatever object: its number and host, and its start if that is noted. */
    Q_INVOKABLE bool isHeldByThisProcess() const;

    /** Removes the marker, or whatever file lies at the path, without a look; for people who know better. If its owner lives it
        loses the lock (lost(MarkerMissing) if it uses this library). False, with error(): it is still there. A missing one is
        fine. What looks first: breakLock() in lockinspection.h. */
    Q_INVOKABLE bool breakLock();

Q_SIGNALS:
    void pathChanged();
    void permissionsChanged();
    void malformedGraceChanged();

private:
    SoftFileLockPrivate *d_func() const;
    int malformedGraceMsecs() const;
    void setMalformedGraceMsecs(int msecs);
};

} // namespace Holdfast
