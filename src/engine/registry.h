// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/fileidentity.h"

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace Holdfast {

class Hold;

/**
 * Every hold of every lock in this process, taken or not: for what concerns a thread or the process as a whole. Nothing
 * on the path of an uncontended lock comes here but the first use of a lock in a thread.
 */
class Registry
{
public:
    static Registry &instance();

    void add(const std::shared_ptr<Hold> &hold);
    void remove(const Hold *hold);

    /** All that are alive now. */
    std::vector<std::shared_ptr<Hold>> holds();

    /** Whether @p thread holds the thing @p identity through another hold than @p except. */
    bool isHeldBy(std::thread::id thread, const os::FileIdentity &identity, const Hold *except);

    /** Frees what the thread still holds for itself. */
    void threadEnded(std::thread::id thread);

    // Around a fork.
    void lock() { m_mutex.lock(); }
    void unlock() { m_mutex.unlock(); }
    void abandonAll(); ///< in the child; the mutex is locked

private:
    std::mutex m_mutex; // before any hold's own
    std::unordered_map<const Hold *, std::weak_ptr<Hold>> m_holds;
};

} // namespace Holdfast
