// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

namespace Holdfast {

/**
 * What another program has left beside a document to say that somebody edits it: a plain value, read once and never updated.
 * ownerFiles() in `<holdfast/app/ownerfiles.h>` gives all that a document has.
 *
 * Such files are for people. Most name no process, and a program that crashes leaves its file behind, so all that is known of
 * many an owner is his name: then `holder.liveness` is Unknown.
 */
struct HOLDFAST_CORE_EXPORT OwnerFile
{
    Q_GADGET
    Q_PROPERTY(Holdfast::OwnerFile::Format format MEMBER format CONSTANT FINAL)
    Q_PROPERTY(QString file MEMBER file CONSTANT FINAL)
    Q_PROPERTY(Holdfast::LockHolder holder MEMBER holder CONSTANT FINAL)
    Q_PROPERTY(QDateTime written MEMBER written CONSTANT FINAL)
    Q_PROPERTY(bool unsaved MEMBER unsaved CONSTANT FINAL)
    Q_PROPERTY(QString remark MEMBER remark CONSTANT FINAL)
    Q_PROPERTY(bool inTheWay READ isInTheWay CONSTANT FINAL)

public:
    /** Whose custom it is; other programs follow it, too (sync clients, JOE). The holder's application is named after it. */
    enum class Format {
        None,
        LibreOffice, ///< `.~lock.NAME#`: full name, login name, host, since; a DocumentLock's: process and token, too
        LibreOfficeSharing, ///< `.~sharing.NAME#`, a spreadsheet open to several: the same of each; `holder.mode` is Shared
        MsOffice, ///< `~$NAME`: full name. Word leaves out the first letters, so it may be of another document
        Emacs,    ///< `.#NAME`, a symbolic link, while a text is changed: login name, host, process
        Vim       ///< `.NAME.swp`, `.NAME.swo`, ...: login name, host, process; stays after a crash, with the text
    };
    Q_ENUM(Format)

    Format format = Format::None;
    QString file = {};      ///< its path
    LockHolder holder = {}; ///< invalid: the file does not say who; then there is a remark
    QDateTime written = {}; ///< its last change, by the clock of the filesystem
    bool unsaved = false;   ///< the owner had changes that are not in the document (Emacs, Vim)
    QString remark = {};    ///< a clause about what is wrong with it; empty: nothing

    /** Whether it names somebody who is not proven to be dead. */
    bool isInTheWay() const;

    friend bool operator==(const OwnerFile &, const OwnerFile &) = default;
};

} // namespace Holdfast

Q_DECLARE_METATYPE(Holdfast::OwnerFile)
