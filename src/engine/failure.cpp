// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/failure.h"

#include <QtCore/qfile.h>

namespace Holdfast {

namespace {

struct Explanation
{
    LockError error;
    const char *reason;
    const char *advice;
};

Explanation explain(os::ErrorKind kind)
{
    switch (kind) {
    case os::ErrorKind::PermissionDenied:
        return {LockError::PermissionDenied, "permission is denied",
                "Check who may write to the file and its directory."};
    case os::ErrorKind::ReadOnlyLocation:
        return {LockError::ReadOnlyLocation, "the filesystem is read-only", "Keep the lock file elsewhere."};
    case os::ErrorKind::NotFound:
        return {LockError::NotFound, "a directory on the way does not exist, or nothing can be created in it",
                "Create the directory first, or choose another one."};
    case os::ErrorKind::NotAFile:
        return {LockError::NotAFile,
                "it, or its parent, is not what it should be: the path must name a regular file, not a directory, "
                "symbolic link, pipe, socket or device, and its parent must be a directory",
                "Choose another path."};
    case os::ErrorKind::NameTooLong:
        return {LockError::NameTooLong, "the name or the path is too long", "Choose a shorter one."};
    case os::ErrorKind::NoSpace:
        return {LockError::NoSpace, "the disk is full, or a limit is reached",
                "Make room, or keep the file elsewhere."};
    case os::ErrorKind::OutOfResources:
        return {LockError::OutOfResources, "the system has run out of descriptors, memory or locks",
                "Close files, or raise the limit."};
    case os::ErrorKind::Unsupported:
        return {LockError::Unsupported, "this filesystem cannot lock files",
                "Keep the lock file on another filesystem."};
    case os::ErrorKind::InUseHere:
        return {LockError::OtherFamily,
                "a read/write lock of this process (ReadWriteLock) is at work on it, and the system would drop its "
                "locks as soon as the file is opened and closed besides",
                "Use one kind of lock in all programs, or another path."};
    case os::ErrorKind::System:
        break;
    }
    return {LockError::System, "the system refuses", "See the system's words."};
}

} // namespace

LockError toLockError(os::ErrorKind kind)
{
    return explain(kind).error;
}

namespace {

Failure failureTo(const char *verb, const std::string &path, const os::SystemError &error)
{
    const Explanation explanation = explain(error.kind);
    const QString text = QStringLiteral("Cannot %6 \"%1\": %2 (%3: %4). %5")
                             .arg(QFile::decodeName(path.c_str()), QString::fromLatin1(explanation.reason),
                                  QString::fromLatin1(error.operation), QString::fromLocal8Bit(error.words()),
                                  QString::fromLatin1(explanation.advice), QString::fromLatin1(verb));
    return {explanation.error, text};
}

} // namespace

Failure systemFailure(const std::string &path, const os::SystemError &error)
{
    return failureTo("lock", path, error);
}

Failure releaseFailure(const std::string &path, const os::SystemError &error)
{
    return failureTo("release", path, error);
}

Failure writeFailure(const std::string &path, const os::SystemError &error)
{
    return failureTo("write", path, error);
}

Failure callbackFailure(const QString &name, const char *what, const QString &reason)
{
    return {LockError::CallbackFailed,
            QStringLiteral("Cannot lock \"%1\": its %2 says: %3").arg(name, QString::fromLatin1(what), reason)};
}

Failure otherFamily(const std::string &path, const char *family)
{
    return {LockError::OtherFamily,
            QStringLiteral("Cannot lock \"%1\": there is %2 on this path, and different kinds of locks do not see each "
                           "other. Use one kind in all programs, or another path; if nobody uses the other one any "
                           "more, remove what it has left (holdfast break).")
                .arg(QFile::decodeName(path.c_str()), QString::fromLatin1(family))};
}

Failure notRenewed(const QString &name)
{
    return {LockError::System,
            QStringLiteral("The lock \"%1\" could not be renewed in time: its disk does not answer. Others may take it "
                           "now; check the disk, or the connection to it.")
                .arg(name)};
}

Failure heldInOtherMode(const QString &name, LockMode held)
{
    const bool reading = held == LockMode::Shared;
    return {LockError::Misuse,
            QStringLiteral("Cannot acquire \"%1\" for %2: it is held here for %3, and a hold is neither upgraded nor "
                           "downgraded, because two that wait for each other to let go would wait for ever. Release it "
                           "first.")
                .arg(name, reading ? QStringLiteral("writing") : QStringLiteral("reading"),
                     reading ? QStringLiteral("reading") : QStringLiteral("writing"))};
}

Failure misusedInHook(const QString &name)
{
    return {LockError::Misuse,
            QStringLiteral("Cannot lock \"%1\" from its own held hook: it is being locked at this moment.").arg(name)};
}

} // namespace Holdfast
