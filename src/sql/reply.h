// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "sql/spin.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace Holdfast {

/** What one thread gives to another one, who waits for it only so long. */
template<class Value>
class Reply
{
public:
    /** False: nobody waits any more. */
    bool isAwaited() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_isAwaited;
    }

    /** False: nobody has waited for it. */
    bool give(Value value)
    {
        bool isAwaited = false;
        {
            const std::scoped_lock lock(m_mutex);
            m_value = std::move(value);
            isAwaited = m_isAwaited;
        }
        m_isGiven.store(true, std::memory_order_release);
        m_given.notify_one(); // without the mutex, which whoever wakes wants
        return isAwaited;
    }

    /** Once. Nothing: it took too long, and nobody will hear of it. */
    std::optional<Value> wait(std::chrono::nanoseconds limit)
    {
        const auto end = std::chrono::steady_clock::now() + limit;
        spinUntil([this] { return m_isGiven.load(std::memory_order_acquire); },
                  std::min<std::chrono::nanoseconds>(limit, SpinTime));
        std::unique_lock lock(m_mutex);
        m_given.wait_until(lock, end, [this] { return m_value.has_value(); });
        m_isAwaited = m_value.has_value();
        return std::move(m_value);
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_given;
    std::optional<Value> m_value;
    std::atomic<bool> m_isGiven{false}; // for a look without the mutex
    bool m_isAwaited = true;
};

} // namespace Holdfast
