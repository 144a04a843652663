// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/inspectiontext.h"

#include "cli/output.h"
#include "cli/ownerfilewords.h"

#include <QtCore/qstringlist.h>

#include <algorithm>
#include <chrono>

namespace Holdfast::Cli {

namespace {

using Family = LockEntry::Family;
using Role = LockEntry::Role;

// By the local clock, against a time of the filesystem's: for people only.
QString ago(const QDateTime &then)
{
    return inWords(std::max<qint64>(0, then.secsTo(QDateTime::currentDateTime())));
}

bool hasManyFiles(Family family)
{
    return family == Family::Strict || family == Family::SoftReadWrite;
}

// The one line that has always been there, for the kind of lock that was.
QString systemLine(const QString &file, const LockHolder &holder)
{
    return QStringLiteral("\"%1\" is held (%2) by %3").arg(file, modeWord(holder.mode), describe(holder));
}

} // namespace

QString describe(const LockHolder &holder)
{
    return holder.isValid() ? holder.toString() : QStringLiteral("somebody who cannot be seen from here");
}

QString whoAndWhere(const LockHolder &holder)
{
    if (!holder.isValid())
        return QStringLiteral("nobody knows who");
    return holder.hostName.isEmpty() ? holder.toString() : holder.toString() + QStringLiteral(" on ") + holder.hostName;
}

QString familyWord(LockEntry::Family family)
{
    switch (family) {
    case Family::System:
        return QStringLiteral("file");
    case Family::Soft:
        return QStringLiteral("soft");
    case Family::Lease:
        return QStringLiteral("lease");
    case Family::Strict:
        return QStringLiteral("strict");
    case Family::SoftReadWrite:
        return QStringLiteral("soft-rw");
    case Family::ReadWrite:
        return QStringLiteral("rw");
    case Family::Unknown:
        return QStringLiteral("unknown");
    case Family::None:
        break;
    }
    return {};
}

QString roleWord(LockEntry::Role role)
{
    switch (role) {
    case Role::Writer:
        return QStringLiteral("writer");
    case Role::Reader:
        return QStringLiteral("reader");
    case Role::Claim:
        return QStringLiteral("claim");
    case Role::Intent:
        return QStringLiteral("intent");
    case Role::Mutex:
        return QStringLiteral("mutex");
    case Role::Stray:
        return QStringLiteral("stray");
    case Role::Holder:
        break;
    }
    return QStringLiteral("holder");
}

QString livenessWord(Liveness liveness)
{
    switch (liveness) {
    case Liveness::Alive:
        return QStringLiteral("alive");
    case Liveness::Dead:
        return QStringLiteral("dead");
    case Liveness::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

QString modeWord(LockMode mode)
{
    return mode == LockMode::Shared ? QStringLiteral("shared") : QStringLiteral("exclusive");
}

bool isBlocked(const OwnerFileList &owners)
{
    return owners.error == LockError::NotAFile;
}

QString stateWord(const LockInspection &inspection, const OwnerFileList &owners)
{
    if (inspection.isHeld())
        return QStringLiteral("held");
    if (owners.inTheWay().format != OwnerFile::Format::None)
        return QStringLiteral("edited");
    if (isBlocked(owners))
        return QStringLiteral("blocked");
    return inspection.isStale() ? QStringLiteral("stale") : QStringLiteral("free");
}

QString entryName(const LockEntry &entry)
{
    return entry.file.section(u'/', -1);
}

QStringList holderClauses(const LockHolder &holder)
{
    QStringList parts;
    parts += whoAndWhere(holder);
    if (holder.liveness == Liveness::Unknown)
        parts += QStringLiteral("not known whether alive");
    else
        parts += livenessWord(holder.liveness);
    if (holder.since.isValid())
        parts += QStringLiteral("for ") + ago(holder.since);
    return parts;
}

QString entryLine(const LockEntry &entry)
{
    QStringList parts = holderClauses(entry.holder);
    if (entry.renewed.isValid())
        parts += QStringLiteral("renewed %1 ago").arg(ago(entry.renewed));
    if (entry.holder.leaseDuration.count() > 0) {
        const double seconds = std::chrono::duration<double>(entry.holder.leaseDuration).count();
        parts += QStringLiteral("lasts %1 s").arg(seconds);
    }
    if (!entry.remark.isEmpty())
        parts += entry.remark;
    const QString name = hasManyFiles(entry.family) ? u' ' + entryName(entry) : QString();
    return printable(roleWord(entry.role) + name + QStringLiteral(": ") + parts.join(QStringLiteral(", ")));
}

QString inspectionText(const QString &file, const LockInspection &inspection, const OwnerFileList &owners)
{
    const bool isSystems = inspection.entries.size() == 1 && inspection.entries.first().family == Family::System;
    QStringList lines;
    if (isSystems) {
        lines += printable(systemLine(file, inspection.entries.first().holder));
    } else {
        QString line = QStringLiteral("\"%1\" is %2").arg(file, stateWord(inspection, owners));
        const bool isAnyFile = inspection.family == Family::System || inspection.family == Family::Unknown;
        if (inspection.family != Family::None && !isAnyFile)
            line += QStringLiteral(" (%1)").arg(familyWord(inspection.family));
        lines += printable(line);
        for (const LockEntry &entry : inspection.entries)
            lines += QStringLiteral("  ") + entryLine(entry);
    }
    for (const QString &remark : inspection.remarks)
        lines += QStringLiteral("  note: ") + printable(remark);
    return lines.join(u'\n') + u'\n' + ownerFilesText(owners);
}

} // namespace Holdfast::Cli
