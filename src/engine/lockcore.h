// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include "engine/backend.h"
#include "engine/hold.h"
#include "engine/observer.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QThreadPool)

namespace Holdfast {

/** Options that every lock has. Plain atomics: each stands alone, any thread may read them. */
struct LockOptions
{
    std::atomic<std::chrono::milliseconds> timeout{std::chrono::milliseconds(-1)};
    std::atomic<std::chrono::milliseconds> pollInterval{std::chrono::milliseconds(50)}; // as in Python's filelock
    std::atomic<bool> blocking{true};
    std::atomic<std::chrono::milliseconds> lifetime{std::chrono::milliseconds(-1)};
    std::atomic<LockMode> mode{LockMode::Exclusive};
    std::atomic<ThreadScope> threadScope{ThreadScope::PerThread};
    std::atomic<QThreadPool *> threadPool{nullptr}; ///< the user's: attempts and releases
    QThreadPool *builtInPool = nullptr;             ///< for attempts, if he has none; fixed when the lock is made

    QThreadPool *poolForAttempts() const ///< null: in the calling thread
    {
        QThreadPool *pool = threadPool;
        return pool ? pool : builtInPool;
    }
    bool canShare = false; ///< whether it knows LockMode::Shared; fixed when the lock is made
};

/**
 * What a lock object is behind its public face: options, and one hold per thread (or one for all). Outlives the public
 * object while an attempt is still under way somewhere.
 */
class HOLDFAST_CORE_EXPORT LockCore : public std::enable_shared_from_this<LockCore>
{
public:
    /** The options live as long as the backend. Any thread; a refusal is not kept, so the next attempt asks again. */
    using BackendFactory = std::function<MadeBackend(const LockOptions &)>;

    /** A factory that makes nothing, and says why. */
    static BackendFactory refuse(const Failure &why)
    {
        return [why](const LockOptions &) { return MadeBackend(why); };
    }

    explicit LockCore(Observer *observer);

    LockOptions options;

    /** The hold of the calling thread; made when missing. */
    std::shared_ptr<Hold> hold();

    /** The hold of the calling thread; null when it never used the lock. */
    std::shared_ptr<Hold> existingHold() const;

    std::vector<std::shared_ptr<Hold>> holds() const;
    bool isIdle() const;                       ///< nobody holds it or waits for it, in any thread
    void forgetThread(std::thread::id thread); ///< frees what the thread held

    void setBackendFactory(BackendFactory factory); ///< how backends are made for the holds to come
    MadeBackend makeBackend() const;
    unsigned backendVersion() const { return m_backendVersion.load(std::memory_order_relaxed); }

    /** The public face; null once it is gone. Only for the thread that the event concerns; look again after each event,
        for its handler may have destroyed it. */
    Observer *observer() const { return m_observer.load(std::memory_order_acquire); }

    void reportChange(Hold &hold);
    void reportRelease(Hold &hold, const std::optional<Failure> &failure);
    void reportLoss(Hold &hold, LossReason reason);
    void reportEnding(Hold &hold, Outcome outcome);

    /** The public object goes: no more events; every wait ends, every hold is freed. */
    void close();

    /**
     * While one lives, close() in another thread waits. For those who use the public object though it may be destroyed
     * meanwhile: a thread that says its last words (who destroys a lock on QThread::finished() does so rightly), the steward.
     */
    class Visit
    {
    public:
        explicit Visit(LockCore &core);
        ~Visit();
        Visit(const Visit &) = delete;
        Visit &operator=(const Visit &) = delete;

    private:
        LockCore &m_core;
    };

    QString name(); ///< what names the lock in messages; any thread; empty once the public object has gone

    /** Whether this object came through a fork from another process; then it is inert. */
    bool isInherited() const;

private:
    std::atomic<Observer *> m_observer;
    const unsigned m_generation;
    mutable std::mutex m_mutex;
    std::condition_variable m_visitEnded;
    std::vector<std::thread::id> m_visitors;
    std::vector<std::shared_ptr<Hold>> m_holds;
    BackendFactory m_factory;
    std::atomic<unsigned> m_backendVersion{0};
};

} // namespace Holdfast
