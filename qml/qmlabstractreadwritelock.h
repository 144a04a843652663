// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmlcorelock.h"

namespace Holdfast {

/** What the read/write locks have in common in QML: many who read, or one who writes. */
class QmlAbstractReadWriteLock : public Holdfast::QmlCoreLock
{
    Q_OBJECT
    QML_NAMED_ELEMENT(AbstractReadWriteLock)
    QML_UNCREATABLE(
        "AbstractReadWriteLock is what two locks have in common; create a ReadWriteLock or a SoftReadWriteLock.")
    Q_PROPERTY(Mode mode READ mode WRITE setMode NOTIFY modeChanged FINAL)

public:
    enum class Mode {
        Write, ///< one, and nobody reads
        Read   ///< together with any number of others
    };
    Q_ENUM(Mode)

    /** Initially Write. A change while held gives back, and acquires in the new mode: others may come in between, so what was
        read before may be old. */
    Mode mode() const;
    void setMode(Mode mode);

Q_SIGNALS:
    void modeChanged();

protected:
    using QmlCoreLock::QmlCoreLock;
};

} // namespace Holdfast
