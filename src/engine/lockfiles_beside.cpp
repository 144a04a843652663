// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The locks that keep their files beside their path: P.state, P.write and P.readers/, and P.filelock/claims/.
#include "engine/lockfiles.h"
#include "engine/markerholder.h"
#include "engine/owner.h"
#include "records/readwritemarker.h"
#include "records/strictclaim.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace Holdfast {

namespace {

using Family = LockEntry::Family;
using Role = LockEntry::Role;

QString notRegular(const QString &path)
{
    return QStringLiteral("\"%1\" is no regular file, and nothing of a lock").arg(path);
}

// Next to a name of nearly 255 bytes there is no room for a longer one.
bool cannotExist(os::Result<std::optional<os::FileFacts>> &facts)
{
    return facts ? !*facts : facts.error().kind == os::ErrorKind::NameTooLong;
}

// The entries of a directory in the order of their names; nothing: there is none, or it cannot be read.
struct Listed
{
    os::Directory directory;
    std::vector<std::string> names;
};

std::optional<Listed> list(const std::string &path, LockFiles &files)
{
    const os::Directory here = os::Directory::working();
    os::Result<std::optional<os::FileFacts>> facts = here.facts(path);
    if (cannotExist(facts))
        return std::nullopt;
    if (facts && (*facts)->type != os::FileFacts::Directory) {
        files.remarks +=
            QStringLiteral("\"%1\" is no directory, and nothing of a lock").arg(QFile::decodeName(path.c_str()));
        return std::nullopt;
    }
    os::Result<os::Directory> directory = os::Directory::open(path);
    if (!directory) {
        files.failure = cannotTell(path, directory.error());
        return std::nullopt;
    }
    os::Result<std::vector<std::string>> names = directory->list();
    if (!names) {
        files.failure = cannotTell(path, names.error());
        return std::nullopt;
    }
    std::sort(names->begin(), names->end());
    return Listed{std::move(*directory), std::move(*names)};
}

LockEntry readWriteEntry(const LockFile &file, Role role)
{
    const auto marker = records::readReadWriteMarker(file.content.bytes);
    LockEntry entry = entryFor(file, Family::SoftReadWrite, role, marker ? Ageing::Renewed : Ageing::Still);
    if (marker) {
        setOwner(entry, file, ownerAt(marker->host, marker->process, {}));
        entry.holder.token = QString::fromStdString(marker->token);
    } else {
        entry.remark = damagedRemark();
    }
    entry.holder.mode = role == Role::Reader ? LockMode::Shared : LockMode::Exclusive;
    return entry;
}

void addReaders(const std::string &path, LockFiles &files)
{
    const std::string below = path + '/';
    const auto readers = list(path, files);
    if (!readers)
        return;
    if (files.family == Family::None)
        files.family = Family::SoftReadWrite;
    for (const std::string &name : readers->names) {
        if (records::isHousekeeping(name))
            continue;
        const auto file = readLockFile(readers->directory, name, below + name, files);
        if (file && file->content.facts.type == os::FileFacts::Regular)
            files.entries += readWriteEntry(*file, Role::Reader);
        else if (file)
            files.remarks += notRegular(file->path);
    }
}

std::optional<LockFile> readBeside(const std::string &path, LockFiles &files)
{
    const os::Directory here = os::Directory::working();
    if (os::Result<std::optional<os::FileFacts>> facts = here.facts(path); cannotExist(facts))
        return std::nullopt;
    auto file = readLockFile(here, path, path, files);
    if (!file || file->content.facts.type == os::FileFacts::Regular)
        return file;
    files.remarks += notRegular(file->path);
    return std::nullopt;
}

void addClaim(const Listed &claims, const std::string &name, const std::string &path, LockFiles &files)
{
    const auto file = readLockFile(claims.directory, name, path, files);
    if (!file)
        return;
    const auto parts = records::parseClaimName(name);
    const bool isClaim = parts && file->content.facts.type == os::FileFacts::Regular;
    const Role role = !isClaim ? Role::Stray : parts->state == records::ClaimState::Held ? Role::Claim : Role::Intent;
    LockEntry entry = entryFor(*file, Family::Strict, role);
    std::string why;
    const auto record = isClaim ? records::readClaimRecord(file->content.bytes, parts->token, &why)
                                : std::optional<records::ClaimRecord>();
    if (record) {
        setOwner(entry, *file, ownerAt(record->host, record->process, record->startToken));
        entry.holder.token = QString::fromStdString(record->token);
    } else {
        entry.remark =
            isClaim ? QString::fromStdString(why) : QStringLiteral("it is no claim, and keeps everybody out");
    }
    files.entries += entry;
}

} // namespace

// See keepNewerOut(): what is in there is not read here.
void addNewer(const std::string &path, LockFiles &files)
{
    os::Result<std::optional<os::FileFacts>> facts = os::Directory::working().facts(path);
    if (facts && *facts && (*facts)->type == os::FileFacts::Directory)
        files.remarks +=
            QStringLiteral("the directory \"%1\" is a soft read/write lock of version 4 of filelock, of which "
                           "nothing can be said here")
                .arg(QFile::decodeName(path.c_str()));
}

// Where something else lies at the path, files with such names may be anybody's unless they can be read.
void addReadWriteFiles(const std::string &path, LockFiles &files)
{
    const bool isForeign = files.family != Family::None;
    const auto add = [&](const LockEntry &entry) {
        if (isForeign && !entry.holder.isValid())
            return;
        if (!isForeign)
            files.family = Family::SoftReadWrite;
        files.entries += entry;
    };
    if (const auto file = readBeside(path + ".write", files))
        add(readWriteEntry(*file, Role::Writer));
    addReaders(path + ".readers", files);
    if (const auto file = readBeside(path + ".state", files)) {
        LockEntry entry = entryFor(*file, Family::SoftReadWrite, Role::Mutex);
        if (const auto owner = ownerIn(file->content.bytes))
            setOwner(entry, *file, *owner);
        else
            entry.remark = damagedRemark();
        add(entry);
    }
    if (!isForeign)
        addNewer(path + ".rw", files);
}

void addClaims(const std::string &path, LockFiles &files)
{
    const std::string above = path + ".filelock";
    if (!list(above, files))
        return;
    const std::string directory = above + "/claims";
    const std::string below = directory + '/';
    const auto claims = list(directory, files);
    if (!claims)
        return;
    if (files.family == Family::None)
        files.family = Family::Strict;
    for (const std::string &name : claims->names) {
        if (!name.starts_with('.')) // in flight, or left over by somebody who died before he claimed anything
            addClaim(*claims, name, below + name, files);
    }
}

} // namespace Holdfast
