// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/lockfiles.h"

#include "engine/databasefile.h"
#include "engine/fileholder.h"
#include "engine/markerfamilyname.h"
#include "engine/markerholder.h"
#include "os/directories.h"
#include "records/leaserecord.h"
#include "records/limits.h"

#include <QtCore/qfile.h>

#include <cmath>
#include <utility>

namespace Holdfast {

namespace {

using Family = LockEntry::Family;
using Role = LockEntry::Role;

void addLease(const LockFile &file, LockFiles &files)
{
    const auto record = records::readLeaseRecord(file.content.bytes);
    LockEntry entry = entryFor(file, Family::Lease, Role::Holder, record ? Ageing::Renewed : Ageing::Still);
    if (record)
        setOwner(entry, file, ownerAt(record->host, record->process, record->startToken));
    else
        entry.remark = damagedRemark();
    if (record && record->contract == records::LeaseContract::Unknown)
        entry.remark = QStringLiteral("it follows rules that this version does not know, and nobody takes it over");
    if (record) {
        entry.holder.token = QString::fromStdString(record->token);
        entry.holder.leaseDuration = std::chrono::milliseconds(std::llround(record->duration * 1000));
    }
    files.family = Family::Lease;
    files.entries += entry;
}

void addSoft(const LockFile &file, LockFiles &files)
{
    LockEntry entry = entryFor(file, Family::Soft, Role::Holder);
    const auto owner = ownerIn(file.content.bytes);
    const bool isNote = owner && !files.entries.isEmpty() && files.entries.first().holder.processId == owner->process;
    if (isNote) // programs like to write that into the file that the system locks for them
        return;
    if (owner)
        setOwner(entry, file, *owner);
    files.family = Family::Soft;
    files.entries += entry;
}

// An operating system lock leaves no trace in the file, and so goes with every content.
void addMarker(const LockFile &file, LockFiles &files)
{
    using records::MarkerFamily;
    const MarkerFamily family = records::markerFamily(file.content.bytes);
    if (family == MarkerFamily::Soft)
        return addSoft(file, files);
    if (family == MarkerFamily::StrictSentinel) {
        files.family = Family::Strict;
        return;
    }
    if (records::claimsProtocolTwo(file.content.bytes))
        return addLease(file, files);
    files.family = files.entries.isEmpty() ? Family::Unknown : Family::System;
    const bool isPartOfALock = family != MarkerFamily::Empty && family != MarkerFamily::Other;
    if (files.family == Family::Unknown && isPartOfALock) // else it is a document, of which there is nothing to say
        files.remarks += QStringLiteral("there is %1, which soft locks and leases refuse")
                             .arg(QString::fromLatin1(familyName(family)));
}

// What SQLite locks, be it for a ReadWriteLock or for whoever works with the database.
void addDatabaseLocks(const std::string &path, LockFiles &files)
{
    for (const LockHolder &holder : databaseFileHolders(path)) {
        const Role role = holder.mode == LockMode::Shared ? Role::Reader : Role::Writer;
        files.entries += LockEntry{.family = Family::ReadWrite, .role = role, .holder = holder};
        files.family = Family::ReadWrite;
    }
}

void addRemoteLock(const std::string &path, LockFiles &files)
{
    os::Result<std::optional<LockMode>> mode = remoteLock(path);
    if (!mode)
        files.failure = cannotTell(path, mode.error());
    else if (*mode)
        files.entries += LockEntry{.family = Family::System, .role = Role::Holder, .holder = {.mode = **mode}};
}

void addWhatIsAtThePath(const std::string &path, LockFiles &files)
{
    const os::Directory here = os::Directory::working();
    os::Result<std::optional<os::FileFacts>> facts = here.facts(path);
    if (!facts)
        files.failure = cannotTell(path, facts.error());
    if (!facts || !*facts)
        return;
    if ((*facts)->type != os::FileFacts::Regular) {
        files.failure = cannotTell(path, os::notAFile("lstat"));
        return;
    }
    files.family = Family::System;
    if (const LockHolder holder = fileHolder(path); holder.isValid())
        files.entries += LockEntry{.family = Family::System, .role = Role::Holder, .holder = holder};
    addDatabaseLocks(path, files);
    if (files.entries.isEmpty())
        addRemoteLock(path, files);
    if ((*facts)->size == 0)
        return; // left closed: whoever waits for its lock would be woken
    if (files.family == Family::ReadWrite)
        return; // and to close it would cost this process its locks, should it be one of those
    const bool isHeldBySystem = !files.entries.isEmpty();
    if (const auto file = readLockFile(here, path, path, files))
        addMarker(*file, files);
    if (isHeldBySystem && files.failure.isSet()) // what is in it matters no more
        files.failure = {};
    if (isHeldBySystem && files.family != Family::System)
        files.remarks += QStringLiteral("an operating system lock is held on it, too, which does not see the other");
}

} // namespace

LockFiles lockFiles(const std::string &path)
{
    LockFiles files;
    os::forgetNames(path);
    addWhatIsAtThePath(path, files);
    if (files.failure.isSet())
        return files;
    addReadWriteFiles(path, files);
    if (!files.failure.isSet())
        addClaims(path, files);
    for (const LockEntry &entry : std::as_const(files.entries)) {
        if (entry.family != files.family && entry.family != Family::System && entry.isInTheWay()) {
            files.remarks += QStringLiteral("locks of different kinds are in use on it, which do not see each other");
            break;
        }
    }
    return files;
}

std::optional<LockFile> readLockFile(const os::Directory &directory, const std::string &name, const std::string &path,
                                     LockFiles &files)
{
    LockFile file{QFile::decodeName(path.c_str()), {}, {}};
    os::Result<std::optional<os::MarkerContent>> content = file.reader.read(directory, name, records::MostRecordBytes);
    if (!content) {
        files.failure = cannotTell(path, content.error());
        return std::nullopt;
    }
    if (!*content)
        return std::nullopt;
    file.content = **std::move(content);
    return file;
}

QByteArray stampOf(const os::MarkerContent &content, Ageing ageing)
{
    const os::FileFacts &facts = content.facts;
    const std::int64_t modified = ageing == Ageing::Renewed ? 0 : facts.modified;
    const std::string text = std::to_string(facts.type) + ' ' + std::to_string(facts.identity.device) + ' '
                             + std::to_string(facts.identity.number) + ' ' + std::to_string(modified) + '\n';
    return QByteArray::fromStdString(text + content.bytes);
}

LockEntry entryFor(const LockFile &file, LockEntry::Family family, LockEntry::Role role, Ageing ageing)
{
    LockEntry entry{.family = family, .role = role, .file = file.path, .stamp = stampOf(file.content, ageing)};
    if (ageing == Ageing::Renewed)
        entry.renewed = QDateTime::fromMSecsSinceEpoch(file.content.facts.modified / 1'000'000);
    return entry;
}

void setOwner(LockEntry &entry, const LockFile &file, const Owner &owner)
{
    entry.holder = holderFrom(owner, livenessIn(owner, file.reader), file.content.facts);
    if (entry.renewed.isValid())
        entry.holder.since = {}; // what the file tells is the time of the last sign of life
}

QString damagedRemark()
{
    return QStringLiteral("it is damaged, or not yet written");
}

Failure cannotTell(const std::string &path, const os::SystemError &error)
{
    return {toLockError(error.kind), QStringLiteral("Cannot tell who holds \"%1\": %2.")
                                         .arg(QFile::decodeName(path.c_str()), QString::fromLocal8Bit(error.words()))};
}

} // namespace Holdfast
