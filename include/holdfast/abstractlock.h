// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>
#include <holdfast/locktypes.h>

#include <QtCore/qfuture.h>
#include <QtCore/qobject.h>

#include <chrono>
#include <memory>

QT_BEGIN_NAMESPACE
class QThreadPool;
QT_END_NAMESPACE

namespace Holdfast {

class AbstractLockPrivate;

/**
 * What every lock has in common: state, verbs, errors, signals. Take one of the classes derived from it.
 *
 * **Words.** *To acquire*: to become the holder. *Held*: by this object. *Busy*: somebody else holds it. *Recursive*:
 * the holder acquires again and counts one level more; the lock is free after as many release() calls.
 *
 * **Two ways to use it.** A program with an event loop calls acquire() and reacts to signals; nothing ever blocks. A
 * worker thread or command-line tool calls tryAcquire() or tryAcquireFor(), or uses std::unique_lock.
 *
 * | state   | acquire()            | tryAcquire()     | cancel()           | release()            |
 * |---------|----------------------|------------------|--------------------|----------------------|
 * | Idle    | Waiting, one ending  | Held or false    | nothing            | warning, false       |
 * | Waiting | queued behind        | Held or false    | `cancelled`, Idle  | warning, false       |
 * | Held    | `acquired`, depth +1 | true, depth +1   | nothing            | depth -1; Idle at 0  |
 *
 * **Threads.** All verbs may be called from any thread; with ThreadScope::PerThread each thread sees its own state. The
 * signals of an acquisition come in the thread that called. Options belong to the object, not to the thread. Create,
 * move and destroy the object like any QObject: while no other thread is inside one of its functions.
 *
 * **A thread that ends** while it holds a per-thread lock frees it, with a warning in the log. **A process that ends**,
 * however it ends, frees every lock that the system holds for it. **fork()**: in the child the object is inert: not held,
 * release() does nothing, acquiring fails with LockError::Inherited; the parent's lock is untouched.
 *
 * **Logging**: category `holdfast`; debug for every transition, warning for misuse.
 */
class HOLDFAST_CORE_EXPORT AbstractLock : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AbstractLock)
    Q_PROPERTY(bool held READ isHeld NOTIFY heldChanged FINAL)
    Q_PROPERTY(Holdfast::LockState state READ state NOTIFY stateChanged FINAL)
    Q_PROPERTY(int depth READ depth NOTIFY depthChanged FINAL)
    Q_PROPERTY(int timeout READ timeoutMsecs WRITE setTimeoutMsecs NOTIFY timeoutChanged FINAL)
    Q_PROPERTY(int pollInterval READ pollIntervalMsecs WRITE setPollIntervalMsecs NOTIFY pollIntervalChanged FINAL)
    Q_PROPERTY(bool blocking READ isBlocking WRITE setBlocking NOTIFY blockingChanged FINAL)
    Q_PROPERTY(int lifetime READ lifetimeMsecs WRITE setLifetimeMsecs NOTIFY lifetimeChanged FINAL)
    Q_PROPERTY(Holdfast::ThreadScope threadScope READ threadScope WRITE setThreadScope NOTIFY threadScopeChanged FINAL)
    Q_PROPERTY(Holdfast::LockError error READ error NOTIFY errorChanged FINAL)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorChanged FINAL)

public:
    ~AbstractLock() override; ///< cancels every wait and frees every hold of this object, without signals

    bool isHeld() const;     ///< whether this object (this thread, when PerThread) holds the lock
    LockState state() const; ///< Held wins over Waiting
    int depth() const;       ///< levels held; 0 when not held

    /** isHeld(), but asks the disk and the clock now instead of believing what was last heard: for the moment before a write
        that must not be wrong, and after a sleep. What turns out to be lost is told by lost() as ever. Takes as long as the
        disk does, and waits for a renewal that is under way. True: it was still held during the call, unless the disk would
        not say (an I/O error is no loss). */
    [[nodiscard]] Q_INVOKABLE bool verifyHeld();

    std::chrono::milliseconds timeout() const;          ///< default for waits; -1 ms (initial) for ever, 0 one attempt
    bool setTimeout(std::chrono::milliseconds timeout); ///< false and Misuse/InvalidArgument when refused

    std::chrono::milliseconds pollInterval() const;           ///< how often to look without an event; initially 50 ms
    bool setPollInterval(std::chrono::milliseconds interval); ///< at least 1 ms; takes effect on waits under way

    bool isBlocking() const; ///< initially true; false: one attempt, wins over any timeout
    bool setBlocking(bool blocking);

    /** A hold ends by itself after this long, with lost(Expired); -1 ms (initial): never. Counted on the clock that
        goes on while the machine sleeps, kept by a background thread: a blocked event loop does not prolong it. */
    std::chrono::milliseconds lifetime() const;
    bool setLifetime(std::chrono::milliseconds lifetime); ///< at least 1 ms, or -1; counts for the next hold

    ThreadScope threadScope() const;        ///< initially PerThread
    bool setThreadScope(ThreadScope scope); ///< refused (Misuse) while held or waiting

    QThreadPool *threadPool() const;
    /** Makes the attempts of acquire() and tryAcquireFor() on @p pool, for disks that can stall, and the releases of threads with an
        event loop; null (initial): all in the calling thread. The pool must outlive the lock. tryAcquire() tries in place all the
        same, after a release on its way: its caller waits for the disk either way, and behind the pool's other work even longer. */
    bool setThreadPool(QThreadPool *pool);

    LockError error() const;     ///< why this thread's last operation failed; None when it did not
    QString errorString() const; ///< one sentence: path, reason, the system's words, what to do; empty when None

    Q_INVOKABLE Holdfast::LossReason lossReason()
        const; ///< of this thread's last hold; None again from the next one on

    /** Who has the lock, read now and without side effect; see LockHolder for how little may be known. Looks where the path
        led when the hold or wait of this object began, should it be relative and the directory be another by now. */
    Q_INVOKABLE virtual Holdfast::LockHolder holder() const = 0;

    void acquire(const AcquireOptions &options); ///< as acquire(), with options for this acquisition alone

    /** As acquire(), with a future besides the signals. Cancelling the future cancels the acquisition; a lock that was
        obtained too late for it is given back. The continuation runs in the calling thread. */
    QFuture<Outcome> acquireFuture(const AcquireOptions &options = {});

    /** One attempt, now, in place, also with a thread pool. False: busy when error() is None, otherwise failed. No
        ending signal. */
    [[nodiscard]] Q_INVOKABLE bool tryAcquire();

    /** Blocks this thread until acquired, at most @p timeout (-1 ms for ever, 0 one attempt); needs no event loop. Woken by the
        release, never late by more than the scheduler. Fails with WouldDeadlock when this thread itself is the holder. */
    [[nodiscard]] bool tryAcquireFor(std::chrono::milliseconds timeout, const AcquireOptions &options = {});

    // The standard's TimedLockable, for std::unique_lock, std::scoped_lock and std::condition_variable_any.
    void lock();     ///< blocks for ever; @throws std::system_error when the lock cannot be had
    bool try_lock(); ///< tryAcquire()
    void unlock();   ///< release()
    template<class Rep, class Period>
    bool try_lock_for(const std::chrono::duration<Rep, Period> &duration)
    {
        return tryAcquireFor(bounded(duration));
    }
    template<class Clock, class Duration>
    bool try_lock_until(const std::chrono::time_point<Clock, Duration> &when)
    {
        return try_lock_for(when - Clock::now());
    }

public Q_SLOTS:
    /** Starts to acquire and returns. Ends, later and in this thread, in exactly one of acquired(), timedOut(), cancelled(),
        errorOccurred(). Several calls queue in order. Waits for the holder through the event loop also when that is another lock
        of this thread. Refused at once, with NoEventLoop, in a std::thread, which has no event loop, and in a thread of a
        QThreadPool (QtConcurrent::run) in which none is running: error() says so when this returns, and no signal can come. In
        any other thread the loop may begin later; if the thread ends first, the acquisition ends with it, directly, as
        errorOccurred(NoEventLoop). Where the loop gets no turn for 10 s, the log says so. Waits of the main thread that are
        under way when the application object goes have no ending. */
    void acquire();

    /** Ends this thread's waits on this lock, as cancelled, after this call has returned; a thread that has none ends those of
        all threads (so a GUI thread stops a worker). A hold is not touched. */
    void cancel();

    /** Gives back one level. False, with a warning and Misuse, when not held; false with the system's error when letting go
        failed, and then it is still held; false and no more when the hold was lost() before. */
    bool release();

    bool forceRelease(); ///< gives back all levels; nothing, successfully, when not held

Q_SIGNALS:
    void acquired();                               ///< ending of an acquire(): held now
    void timedOut();                               ///< ending of an acquire(): busy for the whole timeout
    void cancelled();                              ///< ending of an acquire()
    void errorOccurred(Holdfast::LockError error); ///< ending of an acquire(), or a release on a thread pool failed
    void released();                               ///< the last level was given back
    void lost(Holdfast::LossReason reason);        ///< the hold is gone, not by release(); once per hold
    void contended(const Holdfast::LockHolder &holder); ///< found busy, with who has it; again when that is another one
    void heldChanged();
    void stateChanged();
    void depthChanged();
    void errorChanged();
    void timeoutChanged();
    void pollIntervalChanged();
    void blockingChanged();
    void lifetimeChanged();
    void threadScopeChanged();

protected:
    AbstractLock(std::unique_ptr<AbstractLockPrivate> d, QObject *parent);

    /** Rounded up; what is no number is refused as any other time that means nothing. */
    template<class Rep, class Period>
    static std::chrono::milliseconds bounded(const std::chrono::duration<Rep, Period> &duration)
    {
        constexpr std::chrono::hours longest{24 * 365 * 100}; // more would overflow on the way
        const std::chrono::duration<double> seconds = duration;
        if (!(seconds.count() > 0))
            return std::chrono::milliseconds(seconds.count() <= 0 ? 0 : std::chrono::milliseconds::min().count());
        return seconds < longest ? std::chrono::ceil<std::chrono::milliseconds>(duration) : longest;
    }
    const std::unique_ptr<AbstractLockPrivate> d_ptr;

private:
    friend class AbstractLockPrivate;
    int timeoutMsecs() const;
    void setTimeoutMsecs(int msecs);
    int pollIntervalMsecs() const;
    void setPollIntervalMsecs(int msecs);
    int lifetimeMsecs() const;
    void setLifetimeMsecs(int msecs);
};

} // namespace Holdfast
