// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

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
        m_given.notify_one(); // without the mutex, which whoever wakes wants
        return isAwaited;
    }

    /** Once. Nothing: it took too long, and nobody will hear of it. */
    std::optional<Value> wait(std::chrono::nanoseconds limit)
    {
        std::unique_lock lock(m_mutex);
        m_given.wait_for(lock, limit, [this] { return m_value.has_value(); });
        m_isAwaited = m_value.has_value();
        return std::move(m_value);
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_given;
    std::optional<Value> m_value;
    bool m_isAwaited = true;
};

} // namespace Holdfast
