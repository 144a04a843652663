// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/documentlock.h>
#include <holdfast/app_export.h>

#include <QtCore/qglobal.h>
#include <QtCore/qstring.h>

#include <memory>

QT_BEGIN_NAMESPACE
class QIODevice;
QT_END_NAMESPACE

namespace Holdfast {

class DocumentSavePrivate;

/**
 * One save of a document that is locked: all of it, or nothing. What lay there stays as it is until the new file is whole and on
 * the disk.
 *
 * @code
 * Holdfast::DocumentSave save(lock);
 * if (!save.begin() || !write(save.device()) || !save.commit())
 *     showError(save.errorString()); // the old document is untouched
 * @endcode
 *
 * begin() makes sure that the lock is still held and that the document is what documentLoaded() or the last save has left;
 * commit() makes sure of that once more, and that it is the same hold of the same document, which this program has not loaded,
 * saved or closed meanwhile, that every byte has reached the disk, and only then gives the new file the document's name. After that the lock knows it as its own, so no documentChanged() comes
 * for it. (QSaveFile of Qt 6.4 looks at none of this, and on a full disk it replaces the document with an empty one and says that
 * all is well.)
 *
 * Both may tell of a change or a loss, and a handler may do then with the lock what he wants, but destroy it.
 *
 * The file keeps its permissions (but those to run as its owner or group) and access control list, and its owner and group where this user may give files away; where not,
 * its new group and everybody get what both had, or nothing if there was a list: nobody may do more than before. It is a new one,
 * so other hard links keep the old content, and other extended attributes are those of a new file. A symbolic link stays; what it
 * leads to is replaced.
 *
 * - **Destroyed before commit()**: nothing has happened. **Process dies**: the document is the old or the new one; a file
 *   `.NAME.*.tmp` may be left beside it.
 * - **Between the last look and the renaming** a program that does not lock can still write, and is overwritten: some
 *   microseconds, against the whole time of editing without a lock.
 * - **Threads**: in that of the lock, which must live longer. Writing and commit() wait for the disk.
 */
class HOLDFAST_APP_EXPORT DocumentSave
{
public:
    enum class Error {
        None,
        NotHeld, ///< the lock is not held, was lost, or is another hold than begin() has found: others may be writing
        DocumentChanged, ///< by somebody else since it was loaded: DocumentLock::change(); or by this program since begin()
        NotCreated,      ///< no new file beside the document
        NotWritten,      ///< not every byte has reached the disk: it is full, or fails; or device() was closed
        NotReplaced      ///< the document is write-protected or no file, or the new file could not get its name
    };

    explicit DocumentSave(DocumentLock &lock); ///< touches nothing
    ~DocumentSave();
    DocumentSave(const DocumentSave &) = delete;
    DocumentSave &operator=(const DocumentSave &) = delete;

    /** Whether a document that somebody else has changed is saved over; initially not. For after the user was asked. */
    void setOverwritesChanges(bool overwrites);

    [[nodiscard]] bool begin();
    /** To write the whole document to; null before begin() and after commit(). A QTextStream on it is flushed by commit(), and
        writes nothing more then; it must not live longer than this object. */
    QIODevice *device() const;
    [[nodiscard]] bool commit();

    Error error() const;
    QString errorString() const; ///< one sentence: path, reason, the system's words, what to do

private:
    const std::unique_ptr<DocumentSavePrivate> d;
};

} // namespace Holdfast
