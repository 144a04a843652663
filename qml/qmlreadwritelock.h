// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmlabstractreadwritelock.h"

namespace Holdfast {

/** ReadWriteLock in QML: many readers or one writer, with the locks of SQLite on an empty file. */
class QmlReadWriteLock : public Holdfast::QmlAbstractReadWriteLock
{
    Q_OBJECT
    QML_NAMED_ELEMENT(ReadWriteLock)

public:
    explicit QmlReadWriteLock(QObject *parent = nullptr);

protected:
    std::unique_ptr<AbstractLock> makeLock(const QString &path) const override;
};

} // namespace Holdfast
