// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/alarm.h"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace Holdfast {

/**
 * What the steward has done on disks, in order, by one background thread of the process: renewals, checks. A disk that
 * stalls delays the next errand, but not the steward, who therefore still tells in time what is lost.
 */
class Errands
{
public:
    static Errands &instance();

    void post(std::function<void()> errand);

    // Around a fork.
    void lock() { m_mutex.lock(); }
    void unlock() { m_mutex.unlock(); }
    void abandon();

private:
    static void runForEver();
    bool runNext();

    std::mutex m_mutex;                 // leaf
    std::unique_ptr<os::Alarm> m_alarm; // made with the thread
    std::deque<std::function<void()>> m_errands;
};

} // namespace Holdfast
