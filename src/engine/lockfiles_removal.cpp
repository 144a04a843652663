// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/lockfiles.h"
#include "engine/logging.h"
#include "engine/reclaim.h"
#include "records/limits.h"

#include <QtCore/qfile.h>

namespace Holdfast {

namespace {

// A heartbeat between the look and the removal makes the removal refuse. Three in a row within microseconds do not happen.
constexpr int Rounds = 3;

Failure cannotRemove(const QString &path, const QString &words)
{
    return {LockError::System, QStringLiteral("Cannot remove \"%1\": %2.").arg(path, words)};
}

Failure cannotRemove(const QString &path, const os::SystemError &error)
{
    return {toLockError(error.kind),
            QStringLiteral("Cannot remove \"%1\": %2.").arg(path, QString::fromLocal8Bit(error.words()))};
}

// Not moved aside first: nobody knows such a name among the claims, and all others would call the lock damaged. No later
// claim has the same name either, because it is random.
FileRemoval removeClaim(const std::string &path, const LockEntry &entry)
{
    if (const os::Status removed = os::Directory::working().remove(path); !removed)
        return {FileRemoval::Failed, cannotRemove(entry.file, removed.error())};
    return {FileRemoval::Done};
}

FileRemoval removeOnce(const std::string &path, const LockEntry &entry)
{
    const os::Directory here = os::Directory::working();
    os::MarkerReader reader;
    os::Result<std::optional<os::MarkerContent>> content = reader.read(here, path, records::MostRecordBytes);
    if (!content)
        return {FileRemoval::Failed, cannotRemove(entry.file, content.error())};
    if (!*content)
        return {FileRemoval::Gone};
    const Ageing ageing = entry.renewed.isValid() ? Ageing::Renewed : Ageing::Still;
    if (stampOf(**content, ageing) != entry.stamp)
        return {FileRemoval::Changed};
    if ((*content)->facts.type != os::FileFacts::Regular)
        return {FileRemoval::NoFile};
    if (entry.family == LockEntry::Family::Strict)
        return removeClaim(path, entry);
    switch (removeJudged(here, path, reader, **content)) {
    case Removal::Done:
        return {FileRemoval::Done};
    case Removal::Changed:
        return {FileRemoval::Changed};
    case Removal::InUse:
        return {FileRemoval::Failed,
                cannotRemove(entry.file, QStringLiteral("somebody else is removing it at this moment"))};
    case Removal::Failed:
        break;
    }
    return {FileRemoval::Failed, cannotRemove(entry.file, QStringLiteral("the system refuses; check the permissions"))};
}

} // namespace

FileRemoval removeLockFile(const LockEntry &entry)
{
    const std::string path = QFile::encodeName(entry.file).toStdString();
    FileRemoval removal;
    for (int round = 0; round < Rounds; ++round) {
        removal = removeOnce(path, entry);
        if (removal.answer != FileRemoval::Changed)
            break;
    }
    if (removal.answer == FileRemoval::Done)
        qCDebug(lcHoldfast).noquote() << "removed by force:" << entry.file << "of" << entry.holder.toString();
    return removal;
}

} // namespace Holdfast
