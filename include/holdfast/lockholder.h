// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include <QtCore/qdatetime.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>

#include <chrono>

namespace Holdfast {

/**
 * Who holds a lock: a plain value, read once and never updated.
 *
 * What is not known is empty: a lock that the kernel holds without any record gives a process, its program and its
 * user on Linux (from `/proc/locks`, `/proc/PID`), and nothing elsewhere. isValid() is false when nobody was found;
 * that is not a proof that the lock is free, because a holder on another machine or in another container is invisible.
 */
struct HOLDFAST_CORE_EXPORT LockHolder
{
    Q_GADGET
    Q_PROPERTY(bool valid READ isValid CONSTANT FINAL)
    Q_PROPERTY(int processId READ processNumber CONSTANT FINAL)
    Q_PROPERTY(QString hostName MEMBER hostName CONSTANT FINAL)
    Q_PROPERTY(QString userName MEMBER userName CONSTANT FINAL)
    Q_PROPERTY(QString fullName MEMBER fullName CONSTANT FINAL)
    Q_PROPERTY(QString application MEMBER application CONSTANT FINAL)
    Q_PROPERTY(QDateTime since MEMBER since CONSTANT FINAL)
    Q_PROPERTY(Holdfast::Liveness liveness MEMBER liveness CONSTANT FINAL)
    Q_PROPERTY(Holdfast::LockMode mode MEMBER mode CONSTANT FINAL)
    Q_PROPERTY(QString token MEMBER token CONSTANT FINAL)

public:
    qint64 processId = 0;                  ///< 0 when unknown
    QString hostName = {};                 ///< as gethostname(2) gives it
    QString userName = {};                 ///< login name, or the number when it has no name
    QString fullName = {};                 ///< what people call the user, where records have it; else empty
    QString application = {};              ///< the program's short name
    QDateTime since = {};                  ///< invalid when unknown
    Liveness liveness = Liveness::Unknown; ///< judged when the value was read
    LockMode mode = LockMode::Exclusive;
    QString token = {};                         ///< names this one hold, for locks whose records have one; else empty
    std::chrono::milliseconds leaseDuration{0}; ///< of a lease; else 0

    /** Whether anybody was found. */
    bool isValid() const;

    /** Whether userName is the user of this process, here or on another machine. Asks the system, once. */
    bool isOwnUser() const;

    /** One phrase for people: `notepad (pid 4711, user anna)`, or, with a full name, `notepad (pid 4711, user anna, Anna Lee)`;
        `nobody` when invalid. */
    Q_INVOKABLE QString toString() const;

    friend bool operator==(const LockHolder &, const LockHolder &) = default;

private:
    int processNumber() const { return static_cast<int>(processId); } // of 64 bits, QML's tools know nothing
};

} // namespace Holdfast

Q_DECLARE_METATYPE(Holdfast::LockHolder)
