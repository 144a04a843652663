// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>

#include <atomic>
#include <chrono>
#include <memory>

namespace Holdfast {

class ReadLockView;
class WriteLockView;

/**
 * What the read/write locks have in common: many readers (LockMode::Shared) or one writer (LockMode::Exclusive).
 *
 * Everything of AbstractLock works; which of the two it means is AcquireOptions::mode, or else the property mode. The verbs
 * below say it in their names. release() gives back one level of either.
 *
 * **A waiting writer goes first**: from then on new readers wait, so that a stream of readers cannot keep it out.
 *
 * **Recursion** never waits, also behind a waiting writer; but in one mode: who reads cannot begin to write, nor the reverse
 * (LockError::Misuse), because two readers that both wait to write would wait for each other for ever. Release first.
 * A *second* lock object in the same thread is a stranger: reading through it while somebody waits for the first to leave
 * waits for ever.
 *
 * **The standard's names**: lock() and its kind write, lock_shared() and its kind read, so that std::unique_lock and
 * std::shared_lock do what they say. Where only std::unique_lock or std::scoped_lock will do, take a view:
 *
 * @code
 * const std::shared_lock reading(lock);           // one lock for reading
 * auto view = a.readLock();
 * const std::scoped_lock both(view, b);           // a for reading and b for writing, without a deadlock
 * @endcode
 */
class HOLDFAST_CORE_EXPORT AbstractReadWriteLock : public Holdfast::AbstractLock
{
    Q_OBJECT
    Q_PROPERTY(Holdfast::LockMode mode READ mode WRITE setMode NOTIFY modeChanged FINAL)
    Q_PROPERTY(bool closed READ isClosed NOTIFY closedChanged FINAL)

public:
    ~AbstractReadWriteLock() override;

    LockMode mode() const;       ///< what acquire() and tryAcquire() take; initially Exclusive: writing
    bool setMode(LockMode mode); ///< refused (Misuse) while held or waiting

    void acquireRead(const AcquireOptions &options);  ///< acquire() for reading
    void acquireWrite(const AcquireOptions &options); ///< acquire() for writing
    QFuture<Outcome> acquireReadFuture(const AcquireOptions &options = {});
    QFuture<Outcome> acquireWriteFuture(const AcquireOptions &options = {});

    [[nodiscard]] Q_INVOKABLE bool tryAcquireRead();  ///< one attempt, now
    [[nodiscard]] Q_INVOKABLE bool tryAcquireWrite(); ///< one attempt, now
    [[nodiscard]] bool tryAcquireReadFor(std::chrono::milliseconds timeout, const AcquireOptions &options = {});
    [[nodiscard]] bool tryAcquireWriteFor(std::chrono::milliseconds timeout, const AcquireOptions &options = {});

    bool isClosed() const;

    // The standard's SharedTimedLockable. unlock() is AbstractLock's, and so is what the others do but for the mode.
    void lock();        ///< writes; @throws std::system_error when the lock cannot be had
    bool try_lock();    ///< tryAcquireWrite()
    void lock_shared(); ///< reads; @throws std::system_error when the lock cannot be had
    bool try_lock_shared();
    void unlock_shared(); ///< release()
    template<class Rep, class Period>
    bool try_lock_for(const std::chrono::duration<Rep, Period> &duration)
    {
        return tryAcquireWriteFor(bounded(duration));
    }
    template<class Clock, class Duration>
    bool try_lock_until(const std::chrono::time_point<Clock, Duration> &when)
    {
        return try_lock_for(when - Clock::now());
    }
    template<class Rep, class Period>
    bool try_lock_shared_for(const std::chrono::duration<Rep, Period> &duration)
    {
        return tryAcquireReadFor(bounded(duration));
    }
    template<class Clock, class Duration>
    bool try_lock_shared_until(const std::chrono::time_point<Clock, Duration> &when)
    {
        return try_lock_shared_for(when - Clock::now());
    }

    ReadLockView readLock();   ///< locking it reads
    WriteLockView writeLock(); ///< locking it writes

public Q_SLOTS:
    void acquireRead();
    void acquireWrite();

    /** Gives back all levels of all threads, ends all waits as cancelled, and refuses (Misuse) what is asked for later. For
        good; a second time does nothing. Whoever shares the object is served by a new one from then on. */
    void close();

Q_SIGNALS:
    void modeChanged();
    void closedChanged();

protected:
    AbstractReadWriteLock(std::unique_ptr<AbstractLockPrivate> d, QObject *parent);

private:
    void lockIn(LockMode mode);

    // As AbstractLock::try_lock_for(): never overflows, and a fraction of a millisecond is one.
    std::atomic<bool> m_closed{false};
};

/** A read/write lock as a lock for reading: a value that points to it, and must not outlive it. */
class ReadLockView
{
public:
    explicit ReadLockView(AbstractReadWriteLock &lock) : m_lock(&lock) { }
    void lock() { m_lock->lock_shared(); }
    bool try_lock() { return m_lock->try_lock_shared(); }
    void unlock() { m_lock->unlock_shared(); }
    template<class Duration>
    bool try_lock_for(const Duration &duration)
    {
        return m_lock->try_lock_shared_for(duration);
    }
    template<class TimePoint>
    bool try_lock_until(const TimePoint &when)
    {
        return m_lock->try_lock_shared_until(when);
    }

private:
    AbstractReadWriteLock *m_lock;
};

/** A read/write lock as a lock for writing: a value that points to it, and must not outlive it. */
class WriteLockView
{
public:
    explicit WriteLockView(AbstractReadWriteLock &lock) : m_lock(&lock) { }
    void lock() { m_lock->lock(); }
    bool try_lock() { return m_lock->try_lock(); }
    void unlock() { m_lock->unlock(); }
    template<class Duration>
    bool try_lock_for(const Duration &duration)
    {
        return m_lock->try_lock_for(duration);
    }
    template<class TimePoint>
    bool try_lock_until(const TimePoint &when)
    {
        return m_lock->try_lock_until(when);
    }

private:
    AbstractReadWriteLock *m_lock;
};

inline ReadLockView AbstractReadWriteLock::readLock()
{
    return ReadLockView(*this);
}

inline WriteLockView AbstractReadWriteLock::writeLock()
{
    return WriteLockView(*this);
}

} // namespace Holdfast
