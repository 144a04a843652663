// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include "os/result.h"

#include <QtCore/qstring.h>

#include <string>

namespace Holdfast {

/** Why an operation failed: the public code and one sentence for people. */
struct Failure
{
    LockError error = LockError::None;
    QString text = {};

    bool isSet() const { return error != LockError::None; }
};

/** The public code that stands for an answer of the system. */
LockError toLockError(os::ErrorKind kind);

/** The sentence for a failed system call on @p path: reason, the system's words, what to do. */
HOLDFAST_CORE_EXPORT Failure systemFailure(const std::string &path, const os::SystemError &error);

/** The same when what failed was to give the lock back. */
Failure releaseFailure(const std::string &path, const os::SystemError &error);

/** The same when it was to write a file of the lock's user. */
Failure writeFailure(const std::string &path, const os::SystemError &error);

/** The sentence for a callback of the lock's user, @p what, that did not let the lock @p name be had. */
Failure callbackFailure(const QString &name, const char *what, const QString &reason);

/** The sentence for a lock of @p family, as familyName() calls it, that is in use on @p path. */
Failure otherFamily(const std::string &path, const char *family);

/** The sentence for the lock @p name that could not be renewed in time, and nobody knows why. */
Failure notRenewed(const QString &name);

/** The sentence for acquiring the lock @p name in the other mode than it is @p held in. */
Failure heldInOtherMode(const QString &name, LockMode held);

/** The sentence for a hook of the lock @p name that tries to use it. */
Failure misusedInHook(const QString &name);

} // namespace Holdfast
