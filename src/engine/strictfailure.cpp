// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/strictfailure.h"

#include "os/claimanswers.h"

#include <QtCore/qfile.h>

namespace Holdfast {

Failure strictDamage(const std::string &path, const std::string &what, const QString &reason)
{
    return {
        LockError::Damaged,
        QStringLiteral("The strict lock \"%1\" is damaged: \"%2\": %3. Nobody can get it before a person has looked: "
                       "when no program uses it any more, remove \"%2\" (forceBreak() does, if it is a claim).")
            .arg(QFile::decodeName(path.c_str()), QFile::decodeName(what.c_str()), reason)};
}

Failure strictDamage(const std::string &path, const std::string &what, const os::SystemError &error)
{
    if (error.kind == os::ErrorKind::OutOfResources) // says nothing about the file
        return systemFailure(path, error);
    return strictDamage(path, what,
                        QStringLiteral("it cannot be read (%1: %2)")
                            .arg(QString::fromLatin1(error.operation), QString::fromLocal8Bit(error.words())));
}

Failure strictFailure(const std::string &path, const os::SystemError &error)
{
    if (!os::saysNoHardLinks(error))
        return systemFailure(path, error);
    return {LockError::Unsupported,
            QStringLiteral(
                "Cannot lock \"%1\": this filesystem has no hard links (%2), without which a strict lock cannot be "
                "made. Keep the lock file on another filesystem, or use a SoftFileLock.")
                .arg(QFile::decodeName(path.c_str()), QString::fromLocal8Bit(error.words()))};
}

} // namespace Holdfast
