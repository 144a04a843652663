// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/databasejournals.h"

#include "engine/databasebytes.h"
#include "os/lockfile.h"

#include <QtCore/qfile.h>

namespace Holdfast {

namespace {

bool hasContent(const std::string &path)
{
    os::Result<std::optional<os::FileFacts>> facts = os::targetOf(path);
    return facts && *facts && (*facts)->size > 0;
}

bool isWritten(std::intptr_t descriptor)
{
    if (descriptor < 0)
        return false;
    auto conflict = os::rangeConflict(descriptor, ReservedByte, os::LockStrength::Shared);
    return conflict && *conflict;
}

// A writer who does not keep his rollback journal in memory has one beside the empty file for as long as he holds the lock, and
// SQLite lets it be. It is looked for once more, because he may have ended in between.
bool isLeftBehind(const std::string &journal, std::intptr_t descriptor)
{
    return hasContent(journal) && !isWritten(descriptor) && hasContent(journal);
}

} // namespace

Failure journalBeside(const std::string &path, std::intptr_t descriptor)
{
    std::string journal = path + "-wal";
    if (!hasContent(journal)) {
        journal = path + "-journal";
        if (!isLeftBehind(journal, descriptor))
            return {};
    }
    return {
        LockError::NotALockFile,
        QStringLiteral("Cannot lock \"%1\": beside it is \"%2\", in which there may be data of somebody's database, "
                       "and which SQLite would delete. Put the database back, or choose a path that nothing else "
                       "uses.")
            .arg(QFile::decodeName(path.c_str()), QFile::decodeName(journal.c_str()))};
}

} // namespace Holdfast
