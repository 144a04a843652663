// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app_export.h>
#include <holdfast/ownerfile.h>

#include <QtCore/qlist.h>

namespace Holdfast {

/** What ownerFiles() has found. */
struct HOLDFAST_APP_EXPORT OwnerFileList
{
    QList<OwnerFile> files = {};       ///< in the order of OwnerFile::Format
    LockError error = LockError::None; ///< set: there may be others; NotAFile: and nobody can lock the document
    QString errorString = {};

    /** The first that is in the way; with format None when there is none. */
    OwnerFile inTheWay() const;
};

/**
 * Looks for the files that LibreOffice, Microsoft Office, Emacs and Vim leave beside a document that somebody edits, now.
 *
 * @code
 * for (const Holdfast::OwnerFile &file : Holdfast::ownerFiles(path).files)
 *     qInfo().noquote() << file.holder.toString() << file.remark;
 * @endcode
 *
 * Nothing is created, locked or written, and no folder is listed: each name that the document's file could have is asked for
 * once, and of a file that is there the beginning is read, a few KiB at most. A symbolic link stands for the document that it leads
 * to, as in those programs. The document itself need not be there.
 *
 * - **Whether the owner lives** is known of Emacs and Vim on this machine, whose files name a process: Dead when there is none
 *   with that number, Alive when there is one and its program is that editor, Unknown otherwise, as in a container or with
 *   somebody else's number. It is Unknown of owners on other machines, and of the office programs.
 * - **Holder dies**: its file stays. **Network disk**: read as any file; what another machine wrote may come late.
 * - **Errors**: PermissionDenied for a folder that cannot be searched, InvalidArgument for what is no path, System for a disk that
 *   fails, NotAFile when something that is no file (a folder, a pipe, a link) lies in the place of a DocumentLock's file. A file that is there and cannot be read is no error: it is listed with a remark, and as its holder the user to whom
 *   it belongs. A folder that is not there has none.
 * - **Threads**: any. It reads files, so a disk that stalls stalls the caller.
 *
 * Vim asked to keep its swap files elsewhere ('directory'), Emacs its locks (lock-file-name-transforms), and Neovim, which always
 * does, leave nothing beside the document, and are not found.
 */
HOLDFAST_APP_EXPORT OwnerFileList ownerFiles(const QString &document);

} // namespace Holdfast
