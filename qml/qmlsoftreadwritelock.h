// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmlabstractreadwritelock.h"

namespace Holdfast {

/** SoftReadWriteLock in QML: many readers or one writer, by markers on a disk that several machines share. */
class QmlSoftReadWriteLock : public Holdfast::QmlAbstractReadWriteLock
{
    Q_OBJECT
    QML_NAMED_ELEMENT(SoftReadWriteLock)
    Q_PROPERTY(double heartbeatInterval READ heartbeatInterval WRITE setHeartbeatInterval NOTIFY
                   heartbeatIntervalChanged FINAL)
    Q_PROPERTY(double staleThreshold READ staleThreshold WRITE setStaleThreshold NOTIFY staleThresholdChanged FINAL)
    Q_PROPERTY(QString token READ token NOTIFY heldChanged FINAL)

public:
    explicit QmlSoftReadWriteLock(QObject *parent = nullptr);

    double heartbeatInterval() const { return m_heartbeatInterval; } ///< ms; initially 30 s; for the next hold
    void setHeartbeatInterval(double msecs);

    double staleThreshold() const
    {
        return m_staleThreshold;
    } ///< ms; -1 (initial): three heartbeats; for the next hold
    void setStaleThreshold(double msecs);

    QString token() const; ///< names this one hold; empty when not held

Q_SIGNALS:
    void heartbeatIntervalChanged();
    void staleThresholdChanged();

protected:
    std::unique_ptr<AbstractLock> makeLock(const QString &path) const override;
    bool configure(AbstractLock &lock) const override;

private:
    double m_heartbeatInterval;
    double m_staleThreshold;
};

} // namespace Holdfast
