// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmlcorelock.h"

namespace Holdfast {

/** SoftFileLease in QML: a marker that is kept alive by a heartbeat, and taken over when it is not. */
class QmlSoftFileLease : public Holdfast::QmlCoreLock
{
    Q_OBJECT
    QML_NAMED_ELEMENT(SoftFileLease)
    Q_PROPERTY(double duration READ duration WRITE setDuration NOTIFY durationChanged FINAL)
    Q_PROPERTY(double heartbeat READ heartbeat WRITE setHeartbeat NOTIFY heartbeatChanged FINAL)
    Q_PROPERTY(double malformedGrace READ malformedGrace WRITE setMalformedGrace NOTIFY malformedGraceChanged FINAL)
    Q_PROPERTY(QString token READ token NOTIFY heldChanged FINAL)

public:
    explicit QmlSoftFileLease(QObject *parent = nullptr);

    double duration() const { return m_duration; } ///< ms; initially 30 s; for the next hold; the same for all programs
    void setDuration(double msecs);

    double heartbeat() const { return m_heartbeat; } ///< ms; -1 (initial): a third of the duration; for the next hold
    void setHeartbeat(double msecs);

    double malformedGrace() const { return m_malformedGrace; } ///< as SoftFileLock's
    void setMalformedGrace(double msecs);

    QString token() const; ///< names this one hold; empty when not held

Q_SIGNALS:
    void durationChanged();
    void heartbeatChanged();
    void malformedGraceChanged();

protected:
    std::unique_ptr<AbstractLock> makeLock(const QString &path) const override;
    bool configure(AbstractLock &lock) const override;

private:
    double m_duration;
    double m_heartbeat;
    double m_malformedGrace;
};

} // namespace Holdfast
