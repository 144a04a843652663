// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app_export.h>
#include <holdfast/lockholder.h>
#include <holdfast/locktypes.h>
#include <holdfast/ownerfile.h>

#include <QtCore/qlist.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>

namespace Holdfast {

/** Who has a document, looked up once: a plain value; see DocumentLock::inspect(). */
struct HOLDFAST_APP_EXPORT DocumentInspection
{
    Q_GADGET
    Q_PROPERTY(bool locked READ isLocked CONSTANT FINAL)
    Q_PROPERTY(QList<Holdfast::OwnerFile> files MEMBER files CONSTANT FINAL)
    Q_PROPERTY(Holdfast::LockHolder owner MEMBER owner CONSTANT FINAL)
    Q_PROPERTY(Holdfast::LockError error MEMBER error CONSTANT FINAL)
    Q_PROPERTY(QString errorString MEMBER errorString CONSTANT FINAL)

public:
    QList<OwnerFile> files = {}; ///< what lies beside it: this library's and those of other programs
    LockHolder owner = {};       ///< invalid: nobody; with liveness Dead: he has left the document without letting go
    LockError error =
        LockError::None; ///< set: that could not be told; NotAFile: nobody can have it, acquire() says the same
    QString errorString = {};

    /** Whether somebody has it who lives, or of whom that is not known. */
    bool isLocked() const { return owner.isValid() && owner.liveness != Liveness::Dead; }
};

} // namespace Holdfast

Q_DECLARE_METATYPE(Holdfast::DocumentInspection)
