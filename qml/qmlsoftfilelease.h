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
    Q_PROPERTY(int duration READ duration WRITE setDuration NOTIFY durationChanged FINAL)
    Q_PROPERTY(int heartbeat READ heartbeat WRITE setHeartbeat NOTIFY heartbeatChanged FINAL)
    Q_PROPERTY(int malformedGrace READ malformedGrace WRITE setMalformedGrace NOTIFY malformedGraceChanged FINAL)
    Q_PROPERTY(QString token READ token NOTIFY heldChanged FINAL)

public:
    explicit QmlSoftFileLease(QObject *parent = nullptr);

    int duration() const { return m_duration; } ///< ms; initially 30 s; for the next hold; the same for all programs
    void setDuration(int msecs);

    int heartbeat() const { return m_heartbeat; } ///< ms; -1 (initial): a third of the duration; for the next hold
    void setHeartbeat(int msecs);

    int malformedGrace() const { return m_malformedGrace; } ///< as SoftFileLock's
    void setMalformedGrace(int msecs);

    QString token() const; ///< names this one hold; empty when not held

Q_SIGNALS:
    void durationChanged();
    void heartbeatChanged();
    void malformedGraceChanged();

protected:
    std::unique_ptr<AbstractLock> makeLock(const QString &path) const override;
    bool configure(AbstractLock &lock) const override;

private:
    int m_duration;
    int m_heartbeat;
    int m_malformedGrace;
};

} // namespace Holdfast
