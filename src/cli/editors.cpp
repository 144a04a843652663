// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/editors.h"

#include <holdfast/app/documentlock.h>

namespace Holdfast::Cli {

namespace {

using Family = LockEntry::Family;

LockEntry entryOf(const OwnerFile &file)
{
    LockEntry entry{.family = Family::Document, .file = file.file, .holder = file.holder, .remark = file.remark};
    if (file.unsaved && entry.remark.isEmpty())
        entry.remark = QStringLiteral("with unsaved changes");
    return entry;
}

} // namespace

// A file that names nobody keeps nobody out, and is only worth a note.
void addEditors(const QString &path, LockInspection &inspection)
{
    const DocumentInspection document = DocumentLock::inspect(path);
    const bool isNoLock = inspection.family == Family::None || inspection.family == Family::Unknown;
    if (document.files.isEmpty())
        return;
    if (isNoLock) {
        inspection.family = Family::Document;
        inspection.remarks.clear(); // they are on what the document would be as a lock
    }
    for (const OwnerFile &file : document.files) {
        if (file.holder.isValid())
            inspection.entries += entryOf(file);
        else
            inspection.remarks += file.file.section(u'/', -1) + QStringLiteral(": ") + file.remark;
    }
}

} // namespace Holdfast::Cli
