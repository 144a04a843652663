// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace Holdfast {

/**
 * What is done on disks in the background: renewals, checks, letting go, and, apart from these, looking up who holds a lock. In
 * order, by one thread for each disk that is in use: one that stalls delays its own errands, but not those of another, and
 * not the steward, who therefore still tells in time what is lost.
 */
class Errands
{
public:
    static Errands &instance();

    enum class Purpose { Upkeep, LookUp };

    /** @p disk tells the disks apart, as os::FileIdentity::device does. */
    void post(std::uint64_t disk, std::function<void()> errand, Purpose purpose = Purpose::Upkeep);

    // Around a fork.
    void lock() { m_mutex.lock(); }
    void unlock() { m_mutex.unlock(); }
    void abandon();

private:
    struct Lane
    {
        std::condition_variable posted;
        std::deque<std::function<void()>> errands;
        bool hasThread = false;
    };

    void startThread(const std::shared_ptr<Lane> &lane);
    void run(const std::shared_ptr<Lane> &lane);

    std::mutex m_mutex; // leaf
    std::map<std::pair<std::uint64_t, Purpose>, std::shared_ptr<Lane>> m_lanes;
    std::vector<std::shared_ptr<Lane>> m_abandoned; // the parent's, with all that is in them
};

} // namespace Holdfast
