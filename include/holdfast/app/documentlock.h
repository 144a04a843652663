// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/documentinspection.h>
#include <holdfast/app_export.h>
#include <holdfast/lockholder.h>
#include <holdfast/locktypes.h>

#include <QtCore/qobject.h>

#include <chrono>
#include <memory>

namespace Holdfast {

class DocumentLockPrivate;

/**
 * One editor per document, across programs, users and machines; and no update lost, whoever writes.
 *
 * @code
 * Holdfast::DocumentLock lock(path);
 * connect(&lock, &Holdfast::DocumentLock::acquired, this, [&] { load(path); lock.documentLoaded(); });
 * connect(&lock, &Holdfast::DocumentLock::timedOut, this, [&] { offerReadOnly(lock.owner()); });
 * connect(&lock, &Holdfast::DocumentLock::documentChanged, this, &Editor::offerToReload);
 * lock.acquire();
 * @endcode
 *
 * While it is held a file lies beside the document: a lock file of LibreOffice (`.~lock.NAME#`), which says who has it. Programs
 * on this library exclude each other by the system's lock on that file; LibreOffice, and what follows its files, by its being
 * there. The document itself is never locked, for programs that save by renaming replace it. Owner files of other programs are
 * respected as ownerFiles() says.
 *
 * - **Holder dies**: free at once on this machine; the next holder is told, by previousOwnerCrashed(). On another machine that
 *   cannot be seen: LockedByOther with liveness Unknown, until somebody decides to takeOver().
 * - **File beside the document removed, or written over**: lost(). Look with verify() before you save, or save with DocumentSave.
 * - **Network disk**: where it has no locks, guarantee() is Advisory: the file alone decides. acquire() makes its attempts in
 *   another thread, so a disk that stalls blocks no event loop.
 * - **Other names**: symbolic links, `..` and relative paths lead to one lock. A second hard link is another document: nothing
 *   beside it tells of the first. **Threads**: for its own only. **fork()**: inert in the child. **Machine sleeps**: held.
 */
class HOLDFAST_APP_EXPORT DocumentLock : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DocumentLock)
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged FINAL)
    Q_PROPERTY(Status status READ status NOTIFY statusChanged FINAL)
    Q_PROPERTY(bool held READ isHeld NOTIFY heldChanged FINAL)
    Q_PROPERTY(Holdfast::LockHolder owner READ owner NOTIFY ownerChanged FINAL)
    Q_PROPERTY(Guarantee guarantee READ guarantee NOTIFY heldChanged FINAL)
    Q_PROPERTY(Holdfast::LockError error READ error NOTIFY errorChanged FINAL)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorChanged FINAL)
    Q_PROPERTY(Change change READ change NOTIFY changeChanged FINAL)
    Q_PROPERTY(bool lazy READ isLazy WRITE setLazy NOTIFY optionsChanged FINAL)
    Q_PROPERTY(bool modified READ isModified WRITE setModified NOTIFY optionsChanged FINAL)
    Q_PROPERTY(int timeout READ timeoutMsecs WRITE setTimeoutMsecs NOTIFY optionsChanged FINAL)
    Q_PROPERTY(QString lockDirectory READ lockDirectory WRITE setLockDirectory NOTIFY optionsChanged FINAL)
    Q_PROPERTY(QString fullName READ fullName WRITE setFullName NOTIFY optionsChanged FINAL)
    Q_PROPERTY(OwnerFiles ownerFiles READ ownerFiles WRITE setOwnerFiles NOTIFY optionsChanged FINAL)
    Q_PROPERTY(QString application READ application WRITE setApplication NOTIFY optionsChanged FINAL)

public:
    enum class Status {
        Unlocked,              ///< not held and not wanted
        Acquiring,             ///< an acquire() is under way; owner() is in the way, as soon as he is known
        Locked,                ///< held
        LockedByOther,         ///< was refused: somebody else has it
        LockedBySelfElsewhere, ///< was refused: this user has it, in another window, program or machine
        Lost,                  ///< was held, and is not any more: lost() has said why
        Error                  ///< could not be tried: error(), errorString()
    };
    Q_ENUM(Status)

    /** What stands behind a hold. */
    enum class Guarantee {
        None,     ///< not held
        Advisory, ///< the file beside the document alone: this filesystem has no locks
        Kernel    ///< the system's lock as well
    };
    Q_ENUM(Guarantee)
    /** What has happened to the document, whoever did it. */
    enum class Change {
        None,     ///< it is what was loaded
        Written,  ///< other bytes in the same file
        Replaced, ///< another file has its name, as after a save by renaming
        Removed,
        Moved ///< it has another name in its directory: movedTo()
    };
    Q_ENUM(Change)

    /** Files of other programs beside a document: `<holdfast/app/ownerfiles.h>`. `.~lock.NAME#` there counts anyhow: it is the lock. */
    enum OwnerFileKind { LibreOfficeFiles = 1, MsOfficeFiles = 2, EmacsFiles = 4, VimFiles = 8, AllOwnerFiles = 15 };
    Q_DECLARE_FLAGS(OwnerFiles, OwnerFileKind)
    Q_FLAG(OwnerFiles)

    explicit DocumentLock(QObject *parent = nullptr);
    explicit DocumentLock(const QString &path, QObject *parent = nullptr); ///< touches nothing until acquired
    ~DocumentLock() override;                                              ///< lets go
    QString path() const;
    bool setPath(const QString &path); ///< forgets owner() and what was loaded; Misuse while held or waiting
    Status status() const;
    bool isHeld() const;
    LockHolder owner() const;    ///< who was in the way of the last acquisition; invalid when nobody was
    Guarantee guarantee() const; ///< of the hold
    qintptr descriptor() const;  ///< of the system's lock, which a child that inherits it keeps, too. -1: none
    LockError error() const;
    QString errorString() const;
    std::chrono::milliseconds timeout() const; ///< of acquire(); initially 0: one attempt. -1 ms waits for ever
    bool setTimeout(std::chrono::milliseconds timeout);

    /** Initially false. True: setModified() acquires and lets go, so held while isModified(): who only reads keeps nobody out. */
    bool isLazy() const;
    void setLazy(bool lazy);
    bool isModified() const;         ///< what setModified() was told
    void setModified(bool modified); ///< bind it to whether the program has changes that are not saved

    /** Where the files lie that tell of locks. Empty (initial): each beside its document, where other programs see it. Else they
        are there under a name made of the document's path, which only programs with the same setting see. */
    QString lockDirectory() const;
    bool setLockDirectory(const QString &directory);
    QString fullName() const; ///< of the user, for others to read (200 characters); initially as the system has it
    bool setFullName(const QString &name);

    /** Files of which programs mean that the document is locked, unless the process they name is proven dead. Initially all of
        them: a wrong *locked* can be overruled by takeOver(), an overwritten chapter cannot be brought back. */
    OwnerFiles ownerFiles() const;
    bool setOwnerFiles(OwnerFiles kinds);
    QString application() const; ///< the same; initially QCoreApplication::applicationName()
    bool setApplication(const QString &name);

    /** One attempt, now: true when held. False: somebody has it (status()), or error(). */
    [[nodiscard]] Q_INVOKABLE bool tryAcquire();

    /** Blocks this thread until held, at most @p timeout (-1 ms for ever); needs no event loop. */
    [[nodiscard]] bool tryAcquireFor(std::chrono::milliseconds timeout);

    /** Whether it is still held, asked from the disk now. A loss is told by lost(), before it answers. */
    [[nodiscard]] Q_INVOKABLE bool verify();

    /** The program loads the document now, held or not: every later change is told by documentChanged(). Call it just before you
        read rather than after, then none is missed in between. Reads at most 1 MiB itself. False: error(). */
    Q_INVOKABLE bool documentLoaded();
    Q_INVOKABLE void documentClosed(); ///< the program has no document any more: nothing is watched

    Change change() const;              ///< as last heard; the lock's acquired() comes after a look
    QString movedTo() const;            ///< of Moved
    Q_INVOKABLE Change checkDocument(); ///< looks now, and answers as change()

    /** The same as transferTo(), now, by one attempt; without its signals. False: owner() has the other document, or error(). */
    [[nodiscard]] Q_INVOKABLE bool tryTransferTo(const QString &path);

    static DocumentInspection inspect(const QString &path); ///< who has it, without side effect; any thread

public Q_SLOTS:
    /** Starts to acquire and returns; ends in exactly one of acquired(), timedOut(), cancelled(), errorOccurred(). */
    void acquire();
    void acquire(std::chrono::milliseconds timeout);
    void cancel();  ///< ends what is under way
    bool release(); ///< false: lost, or, with error(), not held, or still held: its file cannot be removed

    /** Acquires although owner() has it: one attempt that ends as acquire() does; refused (timedOut()) while he lives, or by another,
        who is owner() then: one more takeOver() permits both. Misuse without one. Other editors' files stay; the log names all. */
    void takeOver();

    /** Goes on with another document, as after *save as* or a renaming: its lock is acquired first, then the one that is held given
        back. Ends in transferred(): what lies there counts as loaded, if it is another document by whatever name; or, and nothing
        has changed, in transferRefused(), also when cancel(), release() or a loss comes before. Misuse: not held, or on its way. */
    void transferTo(const QString &path);

Q_SIGNALS:
    void acquired();
    void timedOut();
    void cancelled();
    void errorOccurred(Holdfast::LockError error);
    void released();
    void lost(Holdfast::LossReason reason);
    void contended(const Holdfast::LockHolder &owner);
    void transferred();
    void transferRefused(const Holdfast::LockHolder &owner); ///< invalid owner: not tried, see error(), or given up
    void previousOwnerCrashed(const Holdfast::LockHolder &owner);
    void documentChanged(Holdfast::DocumentLock::Change how);
    void changeChanged();
    void pathChanged();
    void statusChanged();
    void heldChanged();
    void ownerChanged();
    void errorChanged();
    void optionsChanged();

private:
    friend class DocumentLockPrivate;
    friend class DocumentSave;
    int timeoutMsecs() const;
    void setTimeoutMsecs(int msecs);
    const std::unique_ptr<DocumentLockPrivate> d;
};
Q_DECLARE_OPERATORS_FOR_FLAGS(DocumentLock::OwnerFiles)

} // namespace Holdfast
