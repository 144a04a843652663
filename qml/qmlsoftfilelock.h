// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmlcorelock.h"

namespace Holdfast {

/** SoftFileLock in QML: a marker file that says who holds it. */
class QmlSoftFileLock : public Holdfast::QmlCoreLock
{
    Q_OBJECT
    QML_NAMED_ELEMENT(SoftFileLock)
    Q_PROPERTY(double malformedGrace READ malformedGrace WRITE setMalformedGrace NOTIFY malformedGraceChanged FINAL)

public:
    explicit QmlSoftFileLock(QObject *parent = nullptr);

    double malformedGrace() const { return m_malformedGrace; } ///< ms; initially 2000, -1: never; for the next attempt
    void setMalformedGrace(double msecs);

Q_SIGNALS:
    void malformedGraceChanged();

protected:
    std::unique_ptr<AbstractLock> makeLock(const QString &path) const override;
    bool configure(AbstractLock &lock) const override;

private:
    double m_malformedGrace;
};

} // namespace Holdfast
