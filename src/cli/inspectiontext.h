// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/ownerfiles.h>
#include <holdfast/lockinspection.h>

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

namespace Holdfast::Cli {

/** The words of `status`, in text and in JSON. */
QString familyWord(LockEntry::Family family); ///< as `run --kind` takes it where it can
QString roleWord(LockEntry::Role role);
QString livenessWord(Liveness liveness);
QString modeWord(LockMode mode);
QString stateWord(const LockInspection &inspection, const OwnerFileList &owners);

bool isBlocked(const OwnerFileList &owners); ///< nobody can lock the document

/** The name by which `break` knows the file of @p entry; empty when it has none. */
QString entryName(const LockEntry &entry);

/** "flock (pid 4711, user anna)", or words for somebody whom the system does not show. */
QString describe(const LockHolder &holder);

/** `notepad (pid 4711, user anna) on desk`, or words for nobody who is known. */
QString whoAndWhere(const LockHolder &holder);
/** Who, whether he lives, and since when. */
QStringList holderClauses(const LockHolder &holder);

/** `claim held-v1-...: notepad (pid 4711, user anna) on desk, alive, for 7 s`, in one line and safe to be shown. */
QString entryLine(const LockEntry &entry);

/** What `status` says, in one line or more. */
QString inspectionText(const QString &file, const LockInspection &inspection, const OwnerFileList &owners);

} // namespace Holdfast::Cli
