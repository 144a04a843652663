// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmllock.h"

#include <holdfast/abstractlock.h>

#include <chrono>
#include <memory>
#include <vector>

namespace Holdfast {

/**
 * The items whose lock is an AbstractLock: each type makes one of its own class, and everything else is here.
 *
 * A lock object serves one path, and goes when it is no longer wanted; so nothing that it still says can be taken for news of
 * the next one. It asks the disk on a thread pool: neither an attempt nor giving back holds up the event loop.
 */
class QmlCoreLock : public Holdfast::QmlLock
{
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(double pollInterval READ pollInterval WRITE setPollInterval NOTIFY pollIntervalChanged FINAL)
    Q_PROPERTY(double lifetime READ lifetime WRITE setLifetime NOTIFY lifetimeChanged FINAL)

public:
    ~QmlCoreLock() override; ///< ends a wait and gives back what is held, without signals

    double pollInterval() const { return m_pollInterval; } ///< ms; counts for the next attempt
    void setPollInterval(double msecs);

    double lifetime() const { return m_lifetime; } ///< ms; -1 (initial): for ever; counts for the next hold
    void setLifetime(double msecs);

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
    Giving giveBack() override;
    bool abandon() override;
    bool turn() override;
    QString pathOfHold() const override;

private:
    /** A lock object, and what it was made for. */
    struct Grip
    {
        std::unique_ptr<AbstractLock> lock;
        QString path;
        LockMode mode;
        bool isLeaving = false; ///< being given back
        bool isTold = false;    ///< when that is done
    };
    using Grips = std::vector<std::unique_ptr<Grip>>;

    void launch();
    void dismissCurrent();
    std::unique_ptr<Grip> gripOn(const QString &place);
    std::unique_ptr<Grip> takeLeaving(const Grip *grip);
    void listenTo(Grip &grip);
    bool letGo(std::unique_ptr<Grip> &grip, bool isTold);
    bool isCurrent(const Grip *grip) const { return grip == m_current.get(); }
    void handleAcquired(const Grip *grip);
    void handleTimedOut(const Grip *grip);
    void handleError(const Grip *grip, LockError error);
    void handleContended(const Grip *grip, const LockHolder &holder);
    void handleLost(const Grip *grip, LossReason reason);
    void handleReleased(const Grip *grip);
    void handleReleaseFailed(std::unique_ptr<Grip> grip);

    std::unique_ptr<Grip> m_current; ///< on what is wished, once it was tried
    std::unique_ptr<Grip> m_former;  ///< what was held before the path changed, until the new one is
    Grips m_leaving;                 ///< what is being given back
    LockMode m_mode = LockMode::Exclusive;
    double m_pollInterval;
    double m_lifetime = -1;
};

} // namespace Holdfast
