// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include <QtCore/qbytearray.h>

namespace Holdfast {

/**
 * One sign that somebody has a lock, or wants it: a file at the lock's path or beside it, or a line of the system's own table.
 * A plain value, read once and never updated; inspectLock() gives all that a path has.
 */
struct HOLDFAST_CORE_EXPORT LockEntry
{
    Q_GADGET
    Q_PROPERTY(Holdfast::LockEntry::Family family MEMBER family CONSTANT FINAL)
    Q_PROPERTY(Holdfast::LockEntry::Role role MEMBER role CONSTANT FINAL)
    Q_PROPERTY(QString file MEMBER file CONSTANT FINAL)
    Q_PROPERTY(Holdfast::LockHolder holder MEMBER holder CONSTANT FINAL)
    Q_PROPERTY(QDateTime renewed MEMBER renewed CONSTANT FINAL)
    Q_PROPERTY(QString remark MEMBER remark CONSTANT FINAL)
    Q_PROPERTY(bool inTheWay READ isInTheWay CONSTANT FINAL)

public:
    /** Kinds of locks that do not see each other. */
    enum class Family {
        None,          ///< there is nothing
        System,        ///< FileLock: the operating system's own, which knows when its holder ends
        Soft,          ///< SoftFileLock
        Lease,         ///< SoftFileLease
        Strict,        ///< StrictSoftFileLock
        SoftReadWrite, ///< SoftReadWriteLock
        Unknown,       ///< a file with other contents, which FileLock can lock all the same
        ReadWrite      ///< ReadWriteLock: SQLite's locks on a file, or a PostgreSQL server's
    };
    Q_ENUM(Family)

    enum class Role {
        Holder, ///< has it
        Writer, ///< writes, or keeps new readers out while it waits for those inside
        Reader,
        Claim,  ///< has a strict lock
        Intent, ///< wants a strict lock, or has it
        Mutex,  ///< looks at the files of a soft read/write lock: for a moment, unless its owner has died
        Stray   ///< a file among the claims of a strict lock that is none: nobody gets the lock
    };
    Q_ENUM(Role)

    Family family = Family::None;
    Role role = Role::Holder;
    QString file = {};      ///< the path of the file; empty: the system's table says so
    LockHolder holder = {}; ///< invalid: the file does not say who
    QDateTime renewed = {}; ///< the last sign of life, where holders give any; by the clock of the filesystem
    QString remark = {};    ///< a clause about what is wrong or special with it; empty: nothing
    QByteArray stamp = {};  ///< tells this very hold from a later one in the same place; see breakLock()

    /** Whether it keeps others out, as far as that can be told: not what is proven to be a dead owner's, nor a mutex. */
    bool isInTheWay() const;

    friend bool operator==(const LockEntry &, const LockEntry &) = default;
};

} // namespace Holdfast

Q_DECLARE_METATYPE(Holdfast::LockEntry)
