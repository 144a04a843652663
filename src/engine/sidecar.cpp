// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/sidecar.h"

#include "engine/owner.h"
#include "os/lockfile.h"
#include "os/markerreader.h"
#include "os/process.h"
#include "os/recordfile.h"
#include "records/documentrecord.h"
#include "records/libreofficelock.h"
#include "records/locktable.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>

#include <algorithm>

namespace Holdfast {

namespace {

QString toText(const std::string &bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

// Looked up once: that can mean a question to a server.
const std::string &ownUser()
{
    static const std::string name = os::userName(os::currentUser());
    return name;
}

// A record must not become longer than what is read of it, with whatever stands for single characters in it.
std::string shortened(const std::string &name)
{
    constexpr qsizetype MostCharacters = 200;
    return toText(name).remove(QChar::Null).left(MostCharacters).toStdString();
}

records::LocalMinute minuteOf(const QDateTime &time)
{
    const QDate date = time.date();
    return {date.year(), date.month(), date.day(), time.time().hour(), time.time().minute()};
}

// By the clock on the wall of whoever wrote it. In another zone that is some hours wrong, and nobody can tell.
QDateTime timeOf(const std::string &text)
{
    const auto minute = records::readLibreOfficeTime(text);
    if (!minute)
        return {};
    return {QDate(minute->year, minute->month, minute->day), QTime(minute->hour, minute->minute)};
}

// The system's lock tells of this machine. On a disk that several machines share, or that is copied from one to the other, it may
// know nothing of theirs.
Liveness livenessIn(const Owner &owner, SidecarLocked locked, std::intptr_t descriptor)
{
    if (locked == SidecarLocked::Yes)
        return Liveness::Alive;
    if (owner.host != os::hostName())
        return Liveness::Unknown;
    return locked == SidecarLocked::No ? Liveness::Dead : livenessOf(owner, os::notedNamespace(descriptor));
}

} // namespace

SidecarText readSidecar(std::string_view bytes, SidecarLocked locked, std::intptr_t descriptor)
{
    const records::LibreOfficeLock lock = records::readLibreOfficeLock(bytes);
    if (lock.owners.empty())
        return {};
    const records::LibreOfficeOwner &owner = lock.owners.front();
    SidecarText text{SidecarText::Stranger, {}};
    LockHolder &holder = text.holder;
    holder.fullName = toText(owner.fullName);
    holder.userName = toText(owner.user);
    holder.hostName = toText(owner.host);
    const auto record = records::readDocumentRecord(owner.profile);
    if (!record) {
        holder.application = QStringLiteral("LibreOffice");
        holder.since = timeOf(owner.since);
        return text;
    }
    text.author = SidecarText::Library;
    holder.processId = record->process;
    holder.application = toText(record->application);
    holder.since = QDateTime::fromMSecsSinceEpoch(record->since);
    holder.token = QString::fromStdString(record->token);
    const Owner author{record->process, owner.host, record->startToken};
    holder.liveness = livenessIn(author, locked, descriptor);
    Owner self = currentOwner();
    self.pidNamespace.reset(); // not in this record
    text.isOurs = author == self;
    return text;
}

std::string sidecarText(const std::string &fullName, const std::string &application, const std::string &token)
{
    const Owner self = currentOwner();
    // Not by a QDateTime that has both: each way from one to the other looks at the zone's file.
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const records::DocumentRecord record{self.process, self.startToken, token, now, shortened(application)};
    const std::string minute = records::writeLibreOfficeTime(minuteOf(QDateTime::fromMSecsSinceEpoch(now)));
    return records::writeLibreOfficeOwner(
        {shortened(fullName), ownUser(), self.host, minute, records::writeDocumentRecord(record)});
}

LockHolder unreadableHolder(const os::FileFacts &facts)
{
    const os::DeviceNumbers device = os::deviceNumbers(facts.identity);
    const auto holders = records::openFileHolders(os::lockTable(), device.major, device.minor, facts.identity.number,
                                                  static_cast<std::uint64_t>(os::RecordLockOffset));
    LockHolder holder;
    holder.userName = toText(os::userName(facts.owner));
    holder.since = QDateTime::fromMSecsSinceEpoch(facts.modified / 1'000'000);
    holder.liveness = holders.empty() ? Liveness::Unknown : Liveness::Alive;
    return holder;
}

LockHolder sidecarHolder(const std::string &path, Failure *failure)
{
    os::MarkerReader reader;
    const os::Directory working = os::Directory::working();
    os::Result<std::optional<os::MarkerContent>> content = reader.read(working, path, MostSidecarBytes);
    *failure = {};
    if (!content) {
        if (content.error().kind == os::ErrorKind::PermissionDenied) {
            if (os::Result<std::optional<os::FileFacts>> facts = working.facts(path); facts && *facts)
                return unreadableHolder(**facts);
        }
        *failure = systemFailure(path, content.error());
    }
    if (!content || !*content)
        return {};
    os::Result<bool> locked = os::isRecordLocked(reader.descriptor());
    const SidecarLocked says = !locked ? SidecarLocked::CannotTell : *locked ? SidecarLocked::Yes : SidecarLocked::No;
    return readSidecar((*content)->bytes, says, reader.descriptor()).holder;
}

Failure sidecarObstacle(const std::string &document, const std::string &sidecar)
{
    const os::Status openable = os::checkOpenable(sidecar);
    if (openable)
        return {};
    Failure failure = systemFailure(sidecar, openable.error());
    failure.text =
        QStringLiteral("Cannot lock \"%1\": something that is no file lies in the place of its lock file, \"%2\" (%3). "
                       "Remove it, or give it another name.")
            .arg(QFile::decodeName(document.c_str()), QFile::decodeName(sidecar.c_str()),
                 QString::fromLocal8Bit(openable.error().words()));
    return failure;
}

// Our own sidecar must not be opened again and again: each closing would wake those who wait for it.
QList<LockHolder> otherPrograms(const std::string &document, const std::string &sidecarDirectory,
                                OwnerFormats respected)
{
    if (sidecarDirectory.empty())
        respected &= ~bitOf(OwnerFile::Format::LibreOffice);
    if (respected == 0)
        return {};
    Failure ignored;
    QList<LockHolder> holders;
    for (const OwnerFile &file : ownerFilesBeside(document, &ignored, respected)) {
        if (file.isInTheWay())
            holders += file.holder;
    }
    std::stable_partition(holders.begin(), holders.end(),
                          [](const LockHolder &holder) { return holder.liveness == Liveness::Alive; });
    return holders;
}

QString ownUserName()
{
    return toText(ownUser());
}

QString ownFullName()
{
    static const QString name = toText(os::fullNameOfUser(os::currentUser()));
    return name;
}

std::string sidecarPath(const std::string &document, const std::string &directory)
{
    const std::size_t name = document.rfind('/') + 1;
    if (directory.empty())
        return document.substr(0, name) + records::libreOfficeLockName(document.substr(name));
    const QByteArray hash =
        QCryptographicHash::hash(QByteArray::fromStdString(document), QCryptographicHash::Sha256).toHex().first(32);
    return directory + '/' + hash.toStdString() + ".lock";
}

} // namespace Holdfast
