// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>
#include <holdfast/sharedlock.h>

#include <QtCore/qfiledevice.h>

#include <chrono>

namespace Holdfast {

class SoftFileLease;
class SoftFileLeasePrivate;
using SharedSoftFileLease = SharedLock<SoftFileLease>;

/** Options of a SoftFileLease, as its properties; all have a default. */
struct SoftFileLeaseOptions
{
    std::chrono::milliseconds timeout{-1};
    std::chrono::milliseconds pollInterval{50};
    bool blocking = true;
    std::chrono::milliseconds lifetime{-1};
    ThreadScope threadScope = ThreadScope::PerThread;
    std::chrono::milliseconds duration{30'000};
    std::chrono::milliseconds heartbeat{-1}; ///< -1: a third of the duration
    QFileDevice::Permissions permissions = {};
    std::chrono::milliseconds malformedGrace{2000};
};

/**
 * A soft lock that must be kept alive: its marker is renewed by a heartbeat, and whoever finds it older than its duration
 * takes it over. The same markers, byte for byte, as Python's filelock (SoftFileLease).
 *
 * Take it on disks that several machines share, where nobody can see whether the holder lives: a machine that crashed
 * blocks the others for one duration, and no longer. Do not take it where FileLock works, and not for work that cannot
 * stop: a lease can be lost (a suspended laptop, a process that was stopped, a disk that does not answer), and then others
 * hold it. Connect lost(), and stop writing when it comes.
 *
 * - **Heartbeat**: from one background thread for all leases on a disk; a blocked event loop loses none. When no renewal
 *   has succeeded for the duration less one heartbeat: lost(RefreshFailed), before others may take it, also while the
 *   disk hangs; errorString() then has the system's words.
 * - **Holder dies**: taken over at once where that can be proven (same machine), else after the duration.
 * - **Machine sleeps, process is stopped**: the lease goes on ageing; on waking it is lost(). Releasing leaves a successor's
 *   marker alone. The moments between waking and the signal are not protected: where that matters, let the storage check
 *   the token.
 * - **Marker removed or replaced**: lost(MarkerMissing), lost(OwnerChanged).
 * - **Clocks**: only the filesystem's own counts. A server has one, so that wrong local clocks take nothing over; on a local
 *   disk it is the machine's: set forward by more than the duration, it makes the lease anybody's until its next renewal; set
 *   back, a marker of the future does not age until then, or until the clock is there again.
 * - **Several machines** that share the disk must have different host names, as SoftFileLock says.
 * - **Durations must agree**: a contender with another one fails with LockError::SettingsMismatch.
 * - **Other families at the path**: LockError::OtherFamily; dead owners' markers are reclaimed.
 *
 * @code
 * Holdfast::SoftFileLease lease("/mnt/share/import.lease", {.duration = 20s});
 * connect(&lease, &Holdfast::SoftFileLease::acquired, this, &Importer::start);
 * connect(&lease, &Holdfast::SoftFileLease::lost, this, &Importer::stop);
 * lease.acquire();
 * @endcode
 */
class HOLDFAST_CORE_EXPORT SoftFileLease : public Holdfast::AbstractLock
{
    Q_OBJECT
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged FINAL)
    Q_PROPERTY(int duration READ durationMsecs WRITE setDurationMsecs NOTIFY durationChanged FINAL)
    Q_PROPERTY(int heartbeat READ heartbeatMsecs WRITE setHeartbeatMsecs NOTIFY heartbeatChanged FINAL)
    Q_PROPERTY(
        QFileDevice::Permissions permissions READ permissions WRITE setPermissions NOTIFY permissionsChanged FINAL)
    Q_PROPERTY(
        int malformedGrace READ malformedGraceMsecs WRITE setMalformedGraceMsecs NOTIFY malformedGraceChanged FINAL)
    Q_PROPERTY(QString token READ token NOTIFY heldChanged FINAL)

public:
    explicit SoftFileLease(QObject *parent = nullptr); ///< a lease without a path; acquiring fails until setPath()
    explicit SoftFileLease(const QString &path, QObject *parent = nullptr); ///< touches nothing until acquired
    SoftFileLease(const QString &path, const SoftFileLeaseOptions &options, QObject *parent = nullptr);
    ~SoftFileLease() override;

    /** The one lock object of this process for the marker; as FileLock::shared(). */
    static SharedSoftFileLease shared(const QString &path, const SoftFileLeaseOptions &options = {});

    QString path() const;              ///< as given; a relative path is resolved when an acquisition starts
    bool setPath(const QString &path); ///< refused (Misuse) while held or waiting

    /** How long the lease stands without a renewal; initially 30 s, as in filelock. Written into the marker. At least 2 ms.
        Refused (Misuse) while held or waiting. */
    std::chrono::milliseconds duration() const;
    bool setDuration(std::chrono::milliseconds duration);

    /** How often it is renewed; -1 ms (initial): a third of the duration. Must be shorter than the duration, or acquiring
        fails with LockError::InvalidArgument. */
    std::chrono::milliseconds heartbeat() const;
    bool setHeartbeat(std::chrono::milliseconds heartbeat);

    QFileDevice::Permissions permissions() const; ///< of new markers, less the umask; none (initial): 0666
    bool setPermissions(QFileDevice::Permissions permissions);

    std::chrono::milliseconds malformedGrace() const; ///< as SoftFileLock::malformedGrace()
    bool setMalformedGrace(std::chrono::milliseconds grace);

    QString token() const; ///< of this thread's hold: 32 hexadecimal digits, new for each; empty when not held

    LockHolder holder() const override; ///< as the marker says, with token and leaseDuration; invalid: there is none
    Q_INVOKABLE Holdfast::LockHolder owner() const { return holder(); } ///< filelock's name for holder()
    Q_INVOKABLE bool isHeldByThisProcess() const;                       ///< as SoftFileLock::isHeldByThisProcess()
    Q_INVOKABLE bool forceBreak();                                      ///< as SoftFileLock::breakLock()

Q_SIGNALS:
    void pathChanged();
    void durationChanged();
    void heartbeatChanged();
    void permissionsChanged();
    void malformedGraceChanged();

private:
    SoftFileLeasePrivate *d_func() const;
    int durationMsecs() const;
    void setDurationMsecs(int msecs);
    int heartbeatMsecs() const;
    void setHeartbeatMsecs(int msecs);
    int malformedGraceMsecs() const;
    void setMalformedGraceMsecs(int msecs);
};

} // namespace Holdfast
