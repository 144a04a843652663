// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmllock.h"

#include <holdfast/abstractlock.h>

#include <chrono>
#include <memory>

namespace Holdfast {

/**
 * The items whose lock is an AbstractLock: each type makes one of its own class, and everything else is here.
 *
 * A lock object serves one path, and goes when it is no longer wanted; so nothing that it still says can be taken for news of
 * the next one.
 */
class QmlCoreLock : public Holdfast::QmlLock
{
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(int pollInterval READ pollInterval WRITE setPollInterval NOTIFY pollIntervalChanged FINAL)
    Q_PROPERTY(int lifetime READ lifetime WRITE setLifetime NOTIFY lifetimeChanged FINAL)

public:
    ~QmlCoreLock() override; ///< ends a wait and gives back what is held, without signals

    int pollInterval() const { return m_pollInterval; } ///< ms; counts for the next attempt
    void setPollInterval(int msecs);

    int lifetime() const { return m_lifetime; } ///< ms; -1 (initial): for ever; counts for the next hold
    void setLifetime(int msecs);

    bool verifyHeld() override;

Q_SIGNALS:
    void pollIntervalChanged();
    void lifetimeChanged();

protected:
    QmlCoreLock(std::chrono::milliseconds pollInterval, QObject *parent);

    virtual std::unique_ptr<AbstractLock> makeLock(const QString &path) const = 0;

    /** Sets the options of a lock that is neither held nor waited for; false when it refuses one. */
    virtual bool configure(AbstractLock &lock) const;

    LockMode lockMode() const { return m_mode; }
    bool setLockMode(LockMode mode); ///< whether that is another one than before
    const AbstractLock *heldLock() const { return isHeld() ? m_current->lock.get() : nullptr; }

    void start() override;
    bool stop() override;
    bool abandon() override;
    void retarget() override;
    QString pathOfHold() const override;

private:
    /** A lock object, and what it was made for. */
    struct Grip
    {
        std::unique_ptr<AbstractLock> lock;
        QString path;
        LockMode mode;
    };

    QString noSuchMode() const; ///< the sentence for a number that QML has assigned
    void launch();
    void listenTo(Grip &grip);
    bool letGo(std::unique_ptr<Grip> &grip);
    bool isCurrent(const Grip *grip) const { return grip == m_current.get(); }
    void handleAcquired(const Grip *grip);
    void handleTimedOut(const Grip *grip);
    void handleError(const Grip *grip, LockError error);
    void handleContended(const Grip *grip, const LockHolder &holder);
    void handleLost(const Grip *grip, LossReason reason);

    std::unique_ptr<Grip> m_current; ///< on what is wished, once it was tried
    std::unique_ptr<Grip> m_former;  ///< what was held before the path changed, until the new one is
    LockMode m_mode = LockMode::Exclusive;
    int m_pollInterval;
    int m_lifetime = -1;
};

} // namespace Holdfast
