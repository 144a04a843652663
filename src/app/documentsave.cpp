// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/documentsave.h>

#include "app/documentlock_p.h"
#include "app/wholefile.h"
#include "engine/canonicalname.h"
#include "engine/fingerprint.h"
#include "os/lockfile.h"

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

namespace Holdfast {

using Error = DocumentSave::Error;

class DocumentSavePrivate
{
public:
    explicit DocumentSavePrivate(DocumentLock &documentLock, DocumentLockPrivate &documentLockInside)
        : lock(documentLock), inside(documentLockInside)
    { }

    bool fail(Error what, const QString &reason);
    bool noteFailure(Error what, const QString &reason);
    void dropFile();
    bool makeSure();
    bool makeSureOfTheHold();
    bool makeSureOfTheOldOne();
    bool replace();

    DocumentLock &lock;
    DocumentLockPrivate &inside;
    std::string document; // canonical
    std::string hold;     // that the save has begun under
    unsigned version = 0; // that it has begun with
    std::unique_ptr<WholeFile> file;
    std::vector<std::unique_ptr<WholeFile>> former; // ended; whoever has a stream on one must not find it gone
    bool overwrites = false;
    Error error = Error::None;
    QString errorString;
};

bool DocumentSavePrivate::fail(Error what, const QString &reason)
{
    dropFile();
    return noteFailure(what, reason);
}

bool DocumentSavePrivate::noteFailure(Error what, const QString &reason)
{
    error = what;
    errorString = QStringLiteral("Cannot save \"%1\": %2").arg(lock.path(), reason);
    return false;
}

// The first try may find that what is buffered cannot be written, and leave it at that.
void DocumentSavePrivate::dropFile()
{
    if (!file)
        return;
    if (!file->remove())
        file->remove();
    former.push_back(std::move(file));
}

// Of the lock, and of what is to be replaced. Whoever hears of a change, or of a loss, may do with the lock what he wants:
//   1 somebody else writes the document     2 the last look finds that, and tells
//   3 whoever hears it loads the document again, and then nothing is different from what was loaded
//   4 what was to be saved is older than that, and would replace it
bool DocumentSavePrivate::makeSure()
{
    if (!makeSureOfTheHold() || !makeSureOfTheOldOne())
        return false;
    if (overwrites || !inside.content.isLoaded())
        return true;
    inside.content.follow(inside.lock->notes().get().document);
    const Failure unknown = inside.content.check();
    if (!makeSureOfTheHold())
        return false;
    if (unknown.isSet())
        return fail(Error::DocumentChanged, unknown.text);
    if (lock.change() == DocumentLock::Change::None)
        return true;
    return fail(
        Error::DocumentChanged,
        QStringLiteral("it was changed, moved or removed by somebody else since it was loaded. Load it again, save "
                       "under another name, or ask the user whether those changes may be lost."));
}

bool DocumentSavePrivate::makeSureOfTheHold()
{
    if (!lock.verify())
        return fail(Error::NotHeld, QStringLiteral("the lock on it is not held, or was lost, so somebody else may be "
                                                   "writing. Acquire it again, or save under another name."));
    if (inside.lock->notes().get().token != hold)
        return fail(
            Error::NotHeld,
            QStringLiteral("the lock on it was given back, or went to another document, since the save has begun. "
                           "Begin again, with what is to be written now."));
    return inside.content.versions() == version
           || fail(Error::DocumentChanged,
                   QStringLiteral("this program has saved it otherwise, loaded it again or closed it since the save "
                                  "has begun. Begin again, with what is to be written now."));
}

// A new file may take the place of one that cannot be written: its directory alone decides. That is not what its owner meant.
bool DocumentSavePrivate::makeSureOfTheOldOne()
{
    const std::string path = inside.lock->notes().get().document;
    const QFileInfo old(QFile::decodeName(path.c_str()));
    if (!hasQtName(path))
        return fail(Error::NotReplaced, QStringLiteral("it leads to \"%1\", whose name is no text. Give that a name in "
                                                       "UTF-8, or save under another name.")
                                            .arg(old.filePath()));
    if (!old.exists())
        return true;
    if (!old.isFile())
        return fail(Error::NotReplaced,
                    QStringLiteral("it is no file, but a folder, a pipe, a socket or a device, which a "
                                   "new file would replace. Save under another name."));
    return old.isWritable()
           || fail(Error::NotReplaced, QStringLiteral("it is write-protected, or belongs to somebody who lets you only "
                                                      "read it. Change its permissions, or save under another name."));
}

bool DocumentSavePrivate::replace()
{
    const WholeFile *const mine = file.get();
    const std::string fresh = QFile::encodeName(file->fileName()).toStdString();
    Failure failure;
    auto print = Fingerprint::of(fresh, &failure);
    if (!print)
        return fail(Error::NotWritten, failure.text);
    if (!makeSure())
        return false;
    if (file.get() != mine)
        return noteFailure(Error::DocumentChanged, QStringLiteral("whoever heard that somebody else has changed it has "
                                                                  "begun this save anew."));
    if (auto written = os::identityOf(std::intptr_t{file->handle()}); !written || *written != print->identity())
        return fail(Error::NotWritten, QStringLiteral("somebody has put another file in the place of the new one. Look "
                                                      "who does that in its directory, and save once more."));
    std::error_code code;
    std::filesystem::rename(fresh, document, code);
    if (code)
        return fail(Error::NotReplaced, QStringLiteral("the new file cannot get its name (rename: %1). The old one is "
                                                       "untouched; check who may write to its directory.")
                                            .arg(QString::fromStdString(code.message())));
    file->setAutoRemove(false);
    file->close();
    former.push_back(std::move(file));
    syncDirectoryOf(document);
    print->noteRenaming(document);
    inside.content.adopt(document, *print);
    return true;
}

DocumentSave::DocumentSave(DocumentLock &lock) : d(std::make_unique<DocumentSavePrivate>(lock, *lock.d)) { }

DocumentSave::~DocumentSave() = default;

void DocumentSave::setOverwritesChanges(bool overwrites)
{
    d->overwrites = overwrites;
}

bool DocumentSave::begin()
{
    d->error = Error::None;
    d->errorString.clear();
    d->dropFile();
    d->hold = d->inside.lock->notes().get().token;
    d->version = d->inside.content.versions();
    if (!d->makeSure())
        return false;
    d->document = d->inside.lock->notes().get().document;
    d->file = std::make_unique<WholeFile>(QFile::decodeName(d->document.c_str()));
    if (d->file->open())
        return true;
    return d->fail(Error::NotCreated,
                   QStringLiteral("no new file can be made beside it (%1). Check who may write to its "
                                  "directory, and how much room is left.")
                       .arg(d->file->errorString()));
}

QIODevice *DocumentSave::device() const
{
    return d->file.get();
}

bool DocumentSave::commit()
{
    if (!d->file) {
        if (d->error == Error::None)
            d->fail(Error::NotCreated, QStringLiteral("the save has not begun. Call begin() first."));
        return false;
    }
    if (!d->file->isOpen())
        return d->fail(Error::NotWritten,
                       QStringLiteral("its device was closed before commit(). Leave it open: commit() closes it."));
    if (const QString reason = d->file->finish(); !reason.isEmpty())
        return d->fail(Error::NotWritten,
                       QStringLiteral("%1. The old one is untouched; make room, or save elsewhere.").arg(reason));
    return d->replace();
}

DocumentSave::Error DocumentSave::error() const
{
    return d->error;
}

QString DocumentSave::errorString() const
{
    return d->errorString;
}

} // namespace Holdfast
