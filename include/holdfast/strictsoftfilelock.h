// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>
#include <holdfast/lockclaim.h>
#include <holdfast/sharedlock.h>

#include <QtCore/qfiledevice.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <chrono>

namespace Holdfast {

class StrictSoftFileLock;
class StrictSoftFileLockPrivate;
using SharedStrictSoftFileLock = SharedLock<StrictSoftFileLock>;

/** Options of a StrictSoftFileLock as an aggregate; the members are the properties of the same names. */
struct StrictSoftFileLockOptions
{
    std::chrono::milliseconds timeout{-1};
    std::chrono::milliseconds pollInterval{50};
    bool blocking = true;
    std::chrono::milliseconds lifetime{-1};
    ThreadScope threadScope = ThreadScope::PerThread;
    QFileDevice::Permissions permissions = {};
};

/**
 * A lock made of files alone that nobody ever takes away by guessing: claims in a directory beside the path. The same
 * as Python's filelock 3.31 and later makes.
 *
 * Take it where several machines share a disk on which flock does not work, and where two holders at once would be
 * worse than none for a day. Otherwise take a FileLock, or a SoftFileLock, which recovers by itself when a holder dies.
 * It needs a filesystem with hard links (LockError::Unsupported elsewhere: FAT, SMB).
 *
 * - **Holder dies**: its claims stay, and **the lock stays taken** until a person has looked at claims() and removed
 *   them, with forceBreak(). That is the purpose of this class.
 * - **Its held claim is removed while held**: lost(MarkerMissing). Nothing that is not understood is ever passed over
 *   or repaired: a stray file among the claims is LockError::Damaged for everybody, and the sentence names it.
 * - **Machine sleeps**: held all the while. A lifetime goes on counting; then the holder itself lets go.
 * - **Network disk**: made for it, as long as links are atomic there and the server's directory lists are up to date.
 *   Waiters are woken by events of their own machine only, so across machines the poll interval counts. A thread pool
 *   keeps stalls away.
 * - **Threads, fork**: as every lock. The child of a fork holds nothing and removes nothing.
 * - **At the path** lies a small file that is never removed: soft locks take it for a holder who never goes, and so
 *   keep out. A soft lock that was there first is waited for; a lease or another lock's file is LockError::OtherFamily. So is,
 *   after two seconds, an empty file: the markers of filelock before 3.22 cannot be told from a FileLock's file.
 *
 * @code
 * Holdfast::StrictSoftFileLock lock("/mnt/shared/migration.lock");
 * if (!lock.tryAcquireFor(10s)) {
 *     for (const Holdfast::LockClaim &claim : lock.claims())
 *         qWarning().noquote() << claim.name << "of" << claim.owner.toString() << claim.owner.liveness;
 * }
 * @endcode
 */
class HOLDFAST_CORE_EXPORT StrictSoftFileLock : public Holdfast::AbstractLock
{
    Q_OBJECT
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged FINAL)
    Q_PROPERTY(
        QFileDevice::Permissions permissions READ permissions WRITE setPermissions NOTIFY permissionsChanged FINAL)

public:
    explicit StrictSoftFileLock(QObject *parent = nullptr); ///< without a path; acquiring fails until setPath()
    explicit StrictSoftFileLock(const QString &path, QObject *parent = nullptr); ///< touches nothing until acquired
    StrictSoftFileLock(const QString &path, const StrictSoftFileLockOptions &options, QObject *parent = nullptr);
    ~StrictSoftFileLock() override;

    /** The one lock object of this process for the path; as FileLock::shared(). */
    static SharedStrictSoftFileLock shared(const QString &path, const StrictSoftFileLockOptions &options = {});

    QString path() const;              ///< as given; a relative path is resolved when an acquisition starts
    bool setPath(const QString &path); ///< refused (Misuse) while held or waiting

    QFileDevice::Permissions permissions() const; ///< none (initial): 0666 less the umask
    /** The files that this lock creates get exactly these, whatever the umask; all that use the lock must be able to
        read them. */
    bool setPermissions(QFileDevice::Permissions permissions);

    /**
     * Every claim that can be read, held ones first; without side effect. Empty when nobody claims the lock, or it was
     * never used. When something cannot be read, error() is Damaged or the system's reason, and errorString() names it:
     * then somebody may hold the lock who is not in the list.
     */
    Q_INVOKABLE QList<Holdfast::LockClaim> claims() const;

    /**
     * Removes the claim of exactly this name, whosever it is, and whether or not it can be read. False, and error()
     * says why, when there is none (NotFound) or it cannot be removed.
     *
     * **If its owner still lives, two hold the lock.** Only a person can know better, after claims() and a look at the
     * other machine. A holder that died leaves two claims; the lock is free when both are gone.
     */
    Q_INVOKABLE bool forceBreak(const QString &claimName);

    /** The owner of the first claim; before the lock was first used, that of a soft lock at its path. */
    LockHolder holder() const override;

Q_SIGNALS:
    void pathChanged();
    void permissionsChanged();

private:
    StrictSoftFileLockPrivate *d_func() const;
};

} // namespace Holdfast
