// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/ownerfilereaders.h"

#include "engine/owner.h"
#include "os/process.h"
#include "records/documentrecord.h"
#include "records/emacslock.h"
#include "records/libreofficelock.h"
#include "records/msofficeowner.h"
#include "records/vimswap.h"

#include <QtCore/qfile.h>

namespace Holdfast {

namespace {

using Format = OwnerFile::Format;

QString toText(const std::string &bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

// By the clock on the wall of whoever wrote it. In another zone that is some hours wrong, and nobody can tell.
QDateTime timeOf(const std::string &text)
{
    const auto minute = records::readLibreOfficeTime(text);
    if (!minute)
        return {};
    return {QDate(minute->year, minute->month, minute->day), QTime(minute->hour, minute->minute)};
}

QString remarkOn(records::LibreOfficeDamage damage)
{
    using records::LibreOfficeDamage;
    switch (damage) {
    case LibreOfficeDamage::Empty:
        return QStringLiteral("it is empty");
    case LibreOfficeDamage::Torn:
        return QStringLiteral("it ends in the middle");
    case LibreOfficeDamage::Malformed:
        return QStringLiteral("it is damaged");
    case LibreOfficeDamage::TooLong:
        return QStringLiteral("it is too long for an owner file");
    case LibreOfficeDamage::None:
        break;
    }
    return {};
}

QString somethingElse()
{
    return QStringLiteral("it is something else than its name says");
}

void setOwner(OwnerFile &file, const records::LibreOfficeOwner &owner)
{
    file.holder.fullName = toText(owner.fullName);
    file.holder.userName = toText(owner.user);
    file.holder.hostName = toText(owner.host);
    file.holder.since = timeOf(owner.since);
    if (const auto record = records::readDocumentRecord(owner.profile)) { // a DocumentLock's
        file.holder.application = toText(record->application);
        file.holder.processId = record->process;
        file.holder.token = toText(record->token);
        file.holder.since = QDateTime::fromMSecsSinceEpoch(record->since);
    }
}

// A number is given again and again: a process that has it and is another program has hardly written the file, but such a
// program may be the editor under another name.
Liveness livenessOfEditor(const Owner &owner, bool (*isEditor)(const QString &program))
{
    if (owner.process == 0)
        return Liveness::Unknown;
    const Liveness liveness = livenessOf(owner);
    if (liveness != Liveness::Alive)
        return liveness;
    const auto facts = os::factsOf(owner.process);
    return facts && isEditor(QString::fromLocal8Bit(facts->program)) ? Liveness::Alive : Liveness::Unknown;
}

// vi, vim, vim.basic, gvim, view, vimdiff, and the line editor.
bool isVim(const QString &program)
{
    return program.contains(QLatin1String("vi")) || program == QLatin1String("ex");
}

bool isEmacs(const QString &program)
{
    return program.contains(QLatin1String("emacs"));
}

// Vim cuts the name of its host off.
std::string hostOf(const records::VimSwap &swap)
{
    const std::string own = os::hostName();
    const bool isOwn = swap.host.size() == records::MostVimTextBytes && own.starts_with(swap.host);
    return isOwn ? own : swap.host;
}

} // namespace

OwnerFile ownerFileOf(const FoundOwnerFile &found, Format format)
{
    OwnerFile file;
    file.format = format;
    file.file = QFile::decodeName(QByteArray::fromStdString(found.path));
    file.written = QDateTime::fromMSecsSinceEpoch(found.content.facts.modified / 1'000'000);
    return file;
}

OwnerFile readLibreOfficeFile(const FoundOwnerFile &found)
{
    OwnerFile file = ownerFileOf(found, Format::LibreOffice);
    const records::LibreOfficeLock lock = records::readLibreOfficeLock(found.content.bytes);
    file.holder.application = QStringLiteral("LibreOffice");
    if (lock.owners.empty())
        file.remark = remarkOn(lock.damage);
    else
        setOwner(file, lock.owners.front());
    return file;
}

QList<OwnerFile> readSharingFile(const FoundOwnerFile &found)
{
    OwnerFile file = ownerFileOf(found, Format::LibreOfficeSharing);
    file.holder.application = QStringLiteral("LibreOffice");
    file.holder.mode = LockMode::Shared;
    const records::LibreOfficeLock lock = records::readLibreOfficeLock(found.content.bytes);
    QList<OwnerFile> files;
    for (const records::LibreOfficeOwner &owner : lock.owners) {
        setOwner(file, owner);
        files += file;
    }
    // An empty one is what is left when the last user has gone: nobody, and nothing to remark on.
    if (lock.damage == records::LibreOfficeDamage::None || lock.damage == records::LibreOfficeDamage::Empty)
        return files;
    OwnerFile rest = ownerFileOf(found, Format::LibreOfficeSharing);
    rest.remark = remarkOn(lock.damage);
    return files << rest;
}

OwnerFile readMsOfficeFile(const FoundOwnerFile &found)
{
    OwnerFile file = ownerFileOf(found, Format::MsOffice);
    file.holder.application = QStringLiteral("Microsoft Office");
    const auto owner = records::readMsOfficeOwner(found.content.bytes);
    if (!owner) {
        file.remark = found.content.bytes.empty() ? remarkOn(records::LibreOfficeDamage::Empty) : somethingElse();
        return file;
    }
    using records::MsOfficeProgram;
    if (owner->program == MsOfficeProgram::Word)
        file.holder.application = QStringLiteral("Microsoft Word");
    else if (owner->program == MsOfficeProgram::Excel)
        file.holder.application = QStringLiteral("Microsoft Excel");
    else
        file.holder.application = QStringLiteral("Microsoft PowerPoint");
    file.holder.fullName = toText(owner->fullName);
    file.holder.since = file.written; // written once, when the document was opened
    return file;
}

OwnerFile readEmacsFile(const FoundOwnerFile &found)
{
    OwnerFile file = ownerFileOf(found, Format::Emacs);
    file.holder.application = QStringLiteral("Emacs");
    const auto owner = records::readEmacsLock(found.content.bytes);
    if (!owner) {
        file.remark = somethingElse();
        return file;
    }
    file.holder.processId = owner->process;
    file.holder.userName = toText(owner->user);
    file.holder.hostName = toText(owner->host);
    file.holder.since = file.written;
    file.holder.liveness = livenessOfEditor({owner->process, owner->host, {}}, isEmacs);
    file.unsaved = true; // it is made by the first change, and removed by saving
    return file;
}

OwnerFile readVimFile(const FoundOwnerFile &found)
{
    OwnerFile file = ownerFileOf(found, Format::Vim);
    file.holder.application = QStringLiteral("Vim");
    const auto swap = records::readVimSwap(found.content.bytes);
    if (!swap) {
        file.remark = found.content.bytes.empty() ? remarkOn(records::LibreOfficeDamage::Empty) : somethingElse();
        return file;
    }
    const std::string host = hostOf(*swap);
    file.holder.processId = swap->process;
    file.holder.userName = toText(swap->user);
    file.holder.hostName = toText(host);
    file.holder.liveness = livenessOfEditor({swap->process, host, {}}, isVim);
    file.unsaved = swap->modified;
    return file;
}

} // namespace Holdfast
