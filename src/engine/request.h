// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include "engine/clock.h"
#include "engine/failure.h"

#include <QtCore/qfuturewatcher.h>
#include <QtCore/qpromise.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace Holdfast {

struct LockOptions;

/** @p interval, or a day if it is longer: the timers below hold no more than 24 of them. */
std::chrono::milliseconds boundedPoll(std::chrono::milliseconds interval);

/** One acquire() call: what its caller asked for, with the lock's own options filled in. */
struct Request
{
    std::uint64_t id = 0;
    Deadline deadline;
    LockMode mode = LockMode::Exclusive;
    bool once = false;                                        ///< one attempt, no wait
    bool forEver = false;                                     ///< no deadline at all
    std::optional<std::chrono::milliseconds> pollInterval;    ///< nothing: the lock's, whatever it is then
    std::shared_ptr<const std::function<bool()>> cancelCheck; ///< shared: it may end the request that it belongs to
    std::stop_token stopToken;
    Failure refusal; ///< set: the arguments mean nothing
    bool cancelled = false;
    bool toldContended = false;
    bool wasRefused = false; ///< an attempt has found the lock busy

    /** Its time is over, and one more attempt, whose answer it could not wait for, would only be in the way of the next call. */
    bool isDone() const { return wasRefused && deadline.hasPassed(); }

    // For acquireFuture() alone.
    std::unique_ptr<QPromise<Outcome>> promise;
    std::unique_ptr<QFutureWatcher<Outcome>> futureWatcher;
    std::unique_ptr<std::stop_callback<std::function<void()>>> stopCallback;

    /** Fills in @p defaults and checks every value; what means nothing is the refusal, which names the lock @p name(). */
    static Request from(const AcquireOptions &options, const LockOptions &defaults,
                        const std::function<QString()> &name);
};

} // namespace Holdfast
