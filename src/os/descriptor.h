// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace Holdfast::os {

/**
 * One open file or directory, closed exactly once. Not thread-safe, but for abandon(), which the fork handler calls.
 *
 * Negative numbers are not open; whoever needs one with a meaning (AT_FDCWD) may keep it here.
 */
class Descriptor
{
public:
    explicit Descriptor(std::intptr_t number = -1) : m_number(number) { }
    ~Descriptor() { close(); }
    Descriptor(Descriptor &&other) noexcept : m_number(other.take()) { }
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        close();
        m_number.store(other.take(), std::memory_order_relaxed);
        return *this;
    }

    bool isOpen() const { return number() >= 0; }
    std::intptr_t number() const { return m_number.load(std::memory_order_relaxed); }

    /** Takes charge of @p number; only when nothing is open, and inside a ForkPause. */
    void set(std::intptr_t number) { m_number.store(number, std::memory_order_relaxed); }

    void close();   ///< whatever it answers, it is closed: a retry could close somebody else's
    void abandon(); ///< the same in the child of a fork

    /** Gives the number away: somebody else closes it. */
    std::intptr_t take() { return m_number.exchange(-1, std::memory_order_relaxed); }

private:
    std::atomic<std::intptr_t> m_number;
};

} // namespace Holdfast::os
