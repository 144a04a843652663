// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/wakeable.h"
#include "os/filewatch.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace Holdfast {

/**
 * Wakes who waits for a file when anybody closes, removes or replaces it. One for the process, for its whole life.
 *
 * There is no thread behind it: every thread that waits polls descriptor() (an event loop through a socket notifier, a
 * blocked thread through its Alarm), and whoever comes first drains the events and wakes all whom they concern. So the
 * usual single waiter is woken without a detour, and a thread that is busy delays nobody else.
 */
class WakeHub
{
public:
    /** Ends the subscription when it goes. */
    class Subscription
    {
    public:
        Subscription() = default;
        Subscription(Subscription &&other) noexcept { *this = std::move(other); }
        Subscription &operator=(Subscription &&other) noexcept;
        ~Subscription() { reset(); }
        void reset();
        bool isActive() const { return m_watch >= 0; }

    private:
        friend class WakeHub;
        int m_watch = -1;
        std::uint64_t m_id = 0;
    };

    static WakeHub &instance();

    /** Readable when somebody should drain(); negative where there are no such events. */
    int descriptor() const { return m_files.descriptor(); }

    /** Wakes @p wakeable for every event of the open file @p descriptor. Inactive when the system cannot tell. */
    Subscription subscribe(std::intptr_t descriptor, std::weak_ptr<Wakeable> wakeable);

    /** Takes the events that are there and wakes everybody concerned. */
    void drain();

    // Around a fork: the child must not read the parent's events.
    void lock() { m_mutex.lock(); }
    void unlock() { m_mutex.unlock(); }
    void abandon();

private:
    struct Subscriber
    {
        std::uint64_t id;
        std::weak_ptr<Wakeable> wakeable;
    };

    void unsubscribe(int watch, std::uint64_t id);
    std::vector<std::shared_ptr<Wakeable>> concerned(const std::vector<os::FileEvent> &events);

    std::mutex m_mutex; // leaf: nothing else is locked while it is
    os::FileWatch m_files;
    std::unordered_map<int, std::vector<Subscriber>> m_subscribers;
    std::uint64_t m_lastId = 0;
};

} // namespace Holdfast
