// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include "engine/attempt.h"
#include "engine/upkeep.h"
#include "os/fileidentity.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace Holdfast {

/** What to watch: closed, removed, replaced by anybody, or, in a directory, an entry that goes. */
struct Watchable
{
    std::intptr_t descriptor = -1; ///< negative: nothing
    std::uint64_t opening = 0;     ///< another number for another opening, which may get the same descriptor

    /** So often somebody looks, for all who watch, whether there is something that no event tells of, and makes it one; 0: nobody
        does, so they have to look for themselves. */
    std::chrono::milliseconds looksEvery{0};

    bool contents = false; ///< while it is held, what is written into it is worth a look, too

    friend bool operator==(const Watchable &, const Watchable &) = default;
};

/**
 * One kind of lock, one hold of it: attempts and facts. Never waits, never polls, has no timer and tells nobody; all that is
 * the engine's.
 *
 * Rules: at most one thread is inside at a time, not always the same one (a thread pool, the steward); only abandon() may
 * come at any moment, in the child of a fork. Between attempts a backend may keep what makes the next one cheap, until
 * stopTrying().
 */
class Backend
{
public:
    Backend() = default;
    virtual ~Backend() = default; ///< lets go of everything
    Backend(const Backend &) = delete;
    Backend &operator=(const Backend &) = delete;

    /** One attempt. Acquired: held until release() or drop(). Locks that only know one mode ignore @p mode. */
    virtual Attempt attempt(LockMode mode) = 0;

    /** One attempt for a waiter who looks often and is told by an event when what he waits for is replaced: may leave out
        what only makes sure of that. */
    virtual Attempt attemptBriefly(LockMode mode) { return attempt(mode); }

    /** Whether the next attempt will ask nothing that can stall, so that a thread which must not wait can make it. */
    virtual bool isQuick() const { return false; }

    /** The wait is over without the lock: lets go of what attempts have kept. */
    virtual void stopTrying() = 0;

    /** Gives the lock back; a failure means that it is still held. */
    virtual std::optional<Failure> release() = 0;

    /** Lets go in any case, without telling: the hold is over whatever the system says. */
    virtual void drop() = 0;

    /** In the child of a fork: lets go without touching the parent's hold. Async-signal-safe. */
    virtual void abandon() = 0;

    /** Whether newcomers still contend for what we hold: None, or why they do not. None when that cannot be asked. */
    virtual LossReason inspect() = 0;

    /** The same for whoever must be sure before he goes on, and waits for the answer as long as that can be. */
    virtual LossReason verify() { return inspect(); }

    /** Why what is lost (as inspect() or renew() has said, or for want of renewals) is lost; unset: the engine has a sentence.
        Any thread, and at once. */
    virtual Failure whyLost() const { return {}; }

    /** How what we hold wants to be kept up; never by default. Asked when it becomes held. */
    virtual Upkeep upkeep() const { return {}; }

    /** One renewal. Comes from the errands' thread, for it may stall. */
    virtual Renewal renew() { return Renewal::done(); }

    /** The file that is contended for, known after an attempt: two backends with the same one exclude each other. */
    virtual os::FileIdentity identity() const = 0;

    /** The open file or directory in which an event is worth another look. */
    virtual Watchable watchable() const = 0;

    /** What proves that the hold is ours, and not a later one's; empty: nothing does. Asked while held, any thread. */
    virtual QString token() const { return {}; }

    /** Who holds it now; needs no attempt before. */
    virtual LockHolder holder() const = 0;

    /** What messages call it. Never changes, any thread. */
    virtual QString name() const { return {}; }
};

/** What a factory answers: a backend, or why there can be none now. */
struct MadeBackend
{
    template<class Kind>
    MadeBackend(std::unique_ptr<Kind> made) : backend(std::move(made)) // implicit: a factory returns what it made
    { }
    MadeBackend(Failure why) : refusal(std::move(why)) { }

    std::unique_ptr<Backend> backend;
    Failure refusal;
};

} // namespace Holdfast
