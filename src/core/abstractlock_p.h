// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>

#include "engine/lockcore.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <system_error>

namespace Holdfast {

class Agent;

/** A duration as the int of a property; the longest one for longer ones. */
int toMsecs(std::chrono::milliseconds duration);

/** What lock() throws, for the error that did not let it be had; None: the wait was ended. */
std::error_code toErrorCode(LockError error);

/** Sets @p lock to those of its @p options that every kind of lock has. */
template<class Options>
void takeCommonOptions(AbstractLock &lock, const Options &options)
{
    lock.setThreadScope(options.threadScope); // first: it decides whose error() the others set
    lock.setTimeout(options.timeout);
    lock.setPollInterval(options.pollInterval);
    lock.setBlocking(options.blocking);
    lock.setLifetime(options.lifetime);
}

/** Behind the public face of a lock: turns what the engine tells into signals. */
class HOLDFAST_CORE_EXPORT AbstractLockPrivate : public Observer
{
public:
    AbstractLockPrivate();
    ~AbstractLockPrivate() override;

    void changed(const HoldFacts &before, const HoldFacts &now) override;
    void ended(Outcome outcome) override;
    void releaseFailed(LockError error) override;
    void errorChanged() override;
    void released() override;
    void lost(LossReason reason) override;
    void contended(const LockHolder &holder) override;
    LockHolder holder() const override;
    bool wantsContended() const override;

    /** Notes why the thread's operation failed, and warns when it was misuse. Gives false, for `return fail(...)`. */
    bool fail(LockError error, const QString &text);
    void succeed(); ///< the thread's last operation went well
    void report(Failure failure);

    /** Whether options can be changed at all, and (if @p onlyIdle) now; notes the error if not. */
    bool mayChange(const char *option, bool onlyIdle);

    /** Comes before each acquisition, in the thread that wants it: what an attempt must not look up later is looked up now. */
    virtual void beginAcquisition() { }

    QString token() const; ///< of this thread's hold, where its kind has one; empty when not held

    enum Levels { OneLevel, AllLevels };
    bool release(Levels levels);

    bool tryNow(LockMode mode); ///< one attempt, for the caller

    /** Starts an acquisition; with a promise for acquireFuture(). */
    void start(const AcquireOptions &options, std::unique_ptr<QPromise<Outcome>> promise);

    AbstractLock *q = nullptr;
    const std::shared_ptr<LockCore> core;
    std::atomic<bool> frozen{false}; ///< shared by several users: nobody changes its options

private:
    void refuse(Agent *agent, std::unique_ptr<QPromise<Outcome>> promise);
    Failure inherited() const;
    friend class AbstractLock;
};

} // namespace Holdfast
