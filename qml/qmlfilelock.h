// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmlcorelock.h"

namespace Holdfast {

/** FileLock in QML: the operating system's own lock on a file. */
class QmlFileLock : public Holdfast::QmlCoreLock
{
    Q_OBJECT
    QML_NAMED_ELEMENT(FileLock)
    Q_PROPERTY(Mode mode READ mode WRITE setMode NOTIFY modeChanged FINAL)

public:
    enum class Mode {
        Exclusive, ///< one holder
        Shared     ///< any number of shared holders, no exclusive one
    };
    Q_ENUM(Mode)

    explicit QmlFileLock(QObject *parent = nullptr);

    Mode mode() const; ///< initially Exclusive; a change while held gives back, and acquires anew
    void setMode(Mode mode);

Q_SIGNALS:
    void modeChanged();

protected:
    std::unique_ptr<AbstractLock> makeLock(const QString &path) const override;
};

} // namespace Holdfast
