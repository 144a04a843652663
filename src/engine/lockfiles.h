// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockentry.h>

#include "engine/failure.h"
#include "os/markerreader.h"

#include <QtCore/qlist.h>
#include <QtCore/qstringlist.h>

#include <optional>
#include <string>

namespace Holdfast {

struct Owner;

/** What lies at a lock's path and beside it, whatever kind of lock made it; see LockInspection. */
struct LockFiles
{
    LockEntry::Family family = LockEntry::Family::None;
    QList<LockEntry> entries;
    QStringList remarks;
    Failure failure;
};

LockFiles lockFiles(const std::string &path);

/** How removeLockFile() ended. */
struct FileRemoval
{
    enum Answer { Done, Gone, Changed, NoFile, Failed };
    Answer answer = Failed;
    Failure failure = {};
};

/** Removes the file of @p entry if it is still what it was. */
FileRemoval removeLockFile(const LockEntry &entry);

// What the parts of lockFiles() share.

/** A file that was read; its reader has it open. */
struct LockFile
{
    QString path;
    os::MarkerReader reader;
    os::MarkerContent content;
};

/** Nothing when it is missing, or cannot be read: then the failure says so. */
std::optional<LockFile> readLockFile(const os::Directory &directory, const std::string &name, const std::string &path,
                                     LockFiles &files);

enum class Ageing { Still, Renewed };

/** Tells what was in a file from what may be there later. Where signs of life change its time, that is no part of it. */
QByteArray stampOf(const os::MarkerContent &content, Ageing ageing);

/** An entry for @p file, of which nothing is known but that it is there. */
LockEntry entryFor(const LockFile &file, LockEntry::Family family, LockEntry::Role role, Ageing ageing = Ageing::Still);

/** Names its owner. */
void setOwner(LockEntry &entry, const LockFile &file, const Owner &owner);

/** What a file is called in which nothing can be read. */
QString damagedRemark();

Failure cannotTell(const std::string &path, const os::SystemError &error);

void addReadWriteFiles(const std::string &path, LockFiles &files);
void addClaims(const std::string &path, LockFiles &files);

} // namespace Holdfast
