// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/hold.h"
#include "engine/request.h"
#include "engine/wakeable.h"
#include "engine/wakehub.h"
#include "os/alarm.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace Holdfast {

/** One acquisition that blocks its thread: tryAcquireFor(). Needs no event loop and runs none. */
class BlockingWait final
    : public Wakeable
    , public std::enable_shared_from_this<BlockingWait>
{
public:
    BlockingWait(std::shared_ptr<Hold> hold, Request request);

    /** Exceptions of the cancelCheck pass through; the lock is not held then. */
    Outcome run(Failure *failure);

    void wake() override;
    void cancel() override;

private:
    Outcome loop(Failure *failure);
    std::optional<Attempt> attempt();
    void waitForTheOther();
    std::optional<Outcome> handleBusy(Failure *failure);
    bool wouldWaitForItself() const;
    void sleep();

    const std::shared_ptr<Hold> m_hold;
    Request m_request;
    os::Alarm m_alarm;
    WakeHub::Subscription m_subscription;
    Watchable m_watched;
    std::atomic<bool> m_cancelled{false};
    std::atomic<int> m_burst{0};
    std::mutex m_mutex;
    std::optional<Attempt> m_poolAnswer; // busy or failed; guarded by m_mutex
};

} // namespace Holdfast
