// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/lockinspection.h>

#include "engine/canonicalname.h"
#include "engine/lockfiles.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

bool LockEntry::isInTheWay() const
{
    return role != Role::Mutex && holder.liveness != Liveness::Dead;
}

bool LockInspection::isHeld() const
{
    return std::any_of(entries.begin(), entries.end(), [](const LockEntry &entry) { return entry.isInTheWay(); });
}

bool LockInspection::isStale() const
{
    const auto isDead = [](const LockEntry &entry) { return entry.holder.liveness == Liveness::Dead; };
    return !isHeld() && std::any_of(entries.begin(), entries.end(), isDead);
}

LockHolder LockInspection::holder() const
{
    const auto found =
        std::find_if(entries.begin(), entries.end(), [](const LockEntry &entry) { return entry.isInTheWay(); });
    return found == entries.end() ? LockHolder() : found->holder;
}

LockInspection inspectLock(const QString &path)
{
    LockFiles files;
    files.failure = checkPath(path);
    if (!files.failure.isSet())
        files = lockFiles(QFile::encodeName(path).toStdString());
    return {.family = files.family,
            .entries = std::move(files.entries),
            .remarks = std::move(files.remarks),
            .error = files.failure.error,
            .errorString = std::move(files.failure.text)};
}

LockBreak breakLock(const LockEntry &entry)
{
    using Answer = LockBreak::Answer;
    if (entry.file.isEmpty()) {
        return {Answer::Refused, LockError::None,
                QStringLiteral("The operating system holds this lock for its process, and nobody can break it: end the "
                               "process, and the lock is free.")};
    }
    const FileRemoval removal = removeLockFile(entry);
    switch (removal.answer) {
    case FileRemoval::Done:
        return {Answer::Done};
    case FileRemoval::Gone:
        return {Answer::Gone, LockError::None, QStringLiteral("\"%1\" has gone already.").arg(entry.file)};
    case FileRemoval::Changed:
        return {Answer::Changed, LockError::None,
                QStringLiteral("\"%1\" has changed meanwhile, and was left alone.").arg(entry.file)};
    case FileRemoval::NoFile:
        return {Answer::Refused, LockError::None,
                QStringLiteral("\"%1\" is no regular file, and was left alone: a person has to look.").arg(entry.file)};
    case FileRemoval::Failed:
        break;
    }
    return {Answer::Failed, removal.failure.error, removal.failure.text};
}

} // namespace Holdfast
