// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>
#include <holdfast/sharedlock.h>

#include <QtCore/qfiledevice.h>
#include <QtCore/qstring.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace Holdfast {

class FileLockPrivate;
class FileLock;
using SharedFileLock = SharedLock<FileLock>;

/** Called with the locked descriptor each time the lock becomes held (not for further levels), before anybody is told.
    It may read, write and seek; it must not close or unlock, nor use the lock (LockError::Misuse). A text means failure: the lock is given back, and the
    acquisition ends with LockError::CallbackFailed and that text. An exception counts as failure, too. */
using HeldHook = std::function<std::optional<QString>(qintptr descriptor)>;

/** Options of a FileLock as an aggregate; the members are the properties of the same names, with their defaults. */
struct FileLockOptions
{
    std::chrono::milliseconds timeout{-1};
    std::chrono::milliseconds pollInterval{50};
    bool blocking = true;
    std::chrono::milliseconds lifetime{-1};
    ThreadScope threadScope = ThreadScope::PerThread;
    LockMode mode = LockMode::Exclusive;
    QFileDevice::Permissions permissions = {};
    FileContents contents = FileContents::Keep;
    SoftFallback softFallback = SoftFallback::Allowed;
    bool preserveFile = false;
    std::shared_ptr<const HeldHook> heldHook = {};
};

/**
 * The operating system's own lock on a file: `flock(2)`, the same that flock(1) and Python's filelock take.
 *
 * Take it first. The kernel keeps it and drops it when the process ends, however it ends, so there are no stale locks and
 * nothing to clean up. Do not take it where several machines share the disk and flock is not forwarded (see
 * docs/filelock.md), or to lock the document itself when programs save by replacing the file: lock a file beside it.
 *
 * - **Holder dies**: free at once; waiters are woken within a millisecond or so.
 * - **File removed or replaced while held**: newcomers lock another file, so this hold protects nothing any more:
 *   lost(Replaced). While waiting: the new file is waited for.
 * - **Machine sleeps**: held all the while; a lifetime goes on counting.
 * - **Network disk**: as good as the mount's flock; attempts can stall, so give it a thread pool.
 * - **File**: created when missing, parents too; never removed, never emptied unless contents is Clear; a final symbolic
 *   link is refused. Removing lock files is never needed and never safe.
 * - **A soft lock, a lease or a strict lock is in use on the path**, by an owner who is not proven dead: LockError::OtherFamily.
 *
 * @code
 * Holdfast::FileLock lock("report.lock");
 * connect(&lock, &Holdfast::FileLock::acquired, this, &Editor::save);
 * connect(&lock, &Holdfast::FileLock::timedOut, this, &Editor::sayWhoHasIt);
 * lock.acquire({.timeout = 5s});
 * @endcode
 */
class HOLDFAST_CORE_EXPORT FileLock : public Holdfast::AbstractLock
{
    Q_OBJECT
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged FINAL)
    Q_PROPERTY(Holdfast::LockMode mode READ mode WRITE setMode NOTIFY modeChanged FINAL)
    Q_PROPERTY(
        QFileDevice::Permissions permissions READ permissions WRITE setPermissions NOTIFY permissionsChanged FINAL)
    Q_PROPERTY(Holdfast::FileContents contents READ contents WRITE setContents NOTIFY contentsChanged FINAL)
    Q_PROPERTY(
        Holdfast::SoftFallback softFallback READ softFallback WRITE setSoftFallback NOTIFY softFallbackChanged FINAL)
    Q_PROPERTY(bool soft READ isSoft NOTIFY softChanged FINAL)
    Q_PROPERTY(bool preserveFile READ preservesFile WRITE setPreserveFile NOTIFY preserveFileChanged FINAL)

public:
    explicit FileLock(QObject *parent = nullptr); ///< a lock without a path; acquiring fails until setPath()
    explicit FileLock(const QString &path, QObject *parent = nullptr); ///< touches nothing until acquired
    FileLock(const QString &path, const FileLockOptions &options, QObject *parent = nullptr);
    ~FileLock() override;

    /** The one lock object of this process for the file, however its directory is spelled; made on first use, gone with
        the last reference. Its options are frozen by the first caller: other options, or a setter, are refused. A final
        symbolic link and its target are different files. Its path() is the resolved one. Any thread. */
    static SharedFileLock shared(const QString &path, const FileLockOptions &options = {});

    QString path() const;              ///< as given; a relative path is resolved when an acquisition starts
    bool setPath(const QString &path); ///< refused (Misuse) while held or waiting

    LockMode mode() const;       ///< initially Exclusive; Shared is flock's shared mode
    bool setMode(LockMode mode); ///< refused (Misuse) while held or waiting

    QFileDevice::Permissions permissions() const; ///< none (initial): a new file gets 0666 less the umask
    /** The file gets exactly these, whatever the umask, each time this lock becomes held; none: left alone. If the file
        belongs to somebody else that is not possible, and is ignored. */
    bool setPermissions(QFileDevice::Permissions permissions);

    /** Initially Keep. Clear: the new holder empties the file, unless `process\nhost\n` stands in it, which may be the marker
        of a soft lock as well as a note: that goes only if it names this process, or one that is proven dead. */
    FileContents contents() const;
    bool setContents(FileContents contents);

    /** Initially Allowed: where the filesystem has no locks (ENOSYS), this becomes a SoftFileLock on the same path for good,
        with a warning in the log. Refused, or with a held hook or preservesFile(): acquiring fails with Unsupported. */
    SoftFallback softFallback() const;
    bool setSoftFallback(SoftFallback fallback);

    bool isSoft() const; ///< whether it has become a soft lock

    bool preservesFile() const; ///< initially false; true: the file is never removed, so a soft fallback is refused
    bool setPreserveFile(bool preserve);

    HeldHook heldHook() const;
    bool setHeldHook(const HeldHook &hook); ///< see HeldHook; null: none. Runs in the thread that makes the attempt

    LockHolder holder() const override;

Q_SIGNALS:
    void pathChanged();
    void modeChanged();
    void permissionsChanged();
    void contentsChanged();
    void softFallbackChanged();
    void softChanged();
    void preserveFileChanged();

private:
    FileLockPrivate *d_func() const;
};

} // namespace Holdfast
