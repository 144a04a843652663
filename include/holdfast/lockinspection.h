// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockentry.h>

#include <QtCore/qlist.h>
#include <QtCore/qstringlist.h>

namespace Holdfast {

/**
 * What kind of lock is used on a path, and by whom: for status lines, and for people who have to clear up after a crash. See
 * inspectLock().
 */
struct HOLDFAST_CORE_EXPORT LockInspection
{
    Q_GADGET
    Q_PROPERTY(Holdfast::LockEntry::Family family MEMBER family CONSTANT FINAL)
    Q_PROPERTY(QList<Holdfast::LockEntry> entries MEMBER entries CONSTANT FINAL)
    Q_PROPERTY(QStringList remarks MEMBER remarks CONSTANT FINAL)
    Q_PROPERTY(bool held READ isHeld CONSTANT FINAL)
    Q_PROPERTY(bool stale READ isStale CONSTANT FINAL)
    Q_PROPERTY(Holdfast::LockError error MEMBER error CONSTANT FINAL)
    Q_PROPERTY(QString errorString MEMBER errorString CONSTANT FINAL)

public:
    LockEntry::Family family = LockEntry::Family::None; ///< of the file at the path, else of what lies beside it
    QList<LockEntry> entries = {};                      ///< holders before those who want it, writers before readers
    QStringList remarks = {}; ///< clauses about what belongs to no entry: a stray directory, another family beside
    LockError error = LockError::None; ///< set: somebody may have the lock who is not among the entries
    QString errorString = {};

    /** Whether somebody alive has it, or somebody of whom that is not known. False is no proof: see LockHolder. */
    bool isHeld() const;

    /** Whether only dead owners' files are left. The next contender removes them, but not those of a strict lock. */
    bool isStale() const;

    /** Of the first entry that is in the way; invalid when there is none. */
    Q_INVOKABLE Holdfast::LockHolder holder() const;
};

/**
 * Looks at the files of whatever lock is used on @p path, now. Nothing is created, locked or written, and a file that is empty,
 * as those of FileLock are, is not even opened.
 *
 * One moment after the other: a lock that changes hands meanwhile may be seen in neither. Only files and the system's table
 * are read, so a disk that stalls stalls the caller: use a worker thread where that matters.
 */
HOLDFAST_CORE_EXPORT LockInspection inspectLock(const QString &path);

/** How breakLock() ended. */
struct HOLDFAST_CORE_EXPORT LockBreak
{
    enum class Answer {
        Done,
        Gone,    ///< it was not there any more
        Changed, ///< another hold has taken its place, and was left alone
        Refused, ///< it cannot be broken: the system holds it, or it is no regular file
        Failed   ///< it is still there
    };
    Answer answer = Answer::Failed;
    LockError error = LockError::None; ///< of Failed
    QString text = {};                 ///< one sentence; empty when Done
};

/**
 * Removes the file of @p entry if it still is that very hold's, whoever's that is; for people who know better than the lock.
 * **If its owner lives, two have the lock from then on**; it is told, by lost(), if it uses this library.
 *
 * A lock of the operating system cannot be broken: end its holder's process, and it is free. A holder of a strict lock has two
 * entries, and the lock is free when both are gone.
 */
HOLDFAST_CORE_EXPORT LockBreak breakLock(const LockEntry &entry);

} // namespace Holdfast

Q_DECLARE_METATYPE(Holdfast::LockInspection)
