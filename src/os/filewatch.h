// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace Holdfast::os {

/** Something happened to a watched file. */
struct FileEvent
{
    enum Kind {
        Closed,  ///< somebody closed it, perhaps by dying: perhaps let go of a lock
        Changed, ///< its name, its link count or what is in it changed: perhaps removed, replaced, or somebody else's
        Overflow ///< events were dropped: anything may have happened to any file
    };
    int watch = 0;
    Kind kind = Closed;
};

/**
 * Tells when files are closed, removed or replaced, by anybody on this machine (inotify). Instances are few (128 per
 * user) and closing one takes 10 ms: a process keeps one or two for its life.
 */
class FileWatch
{
public:
    enum Interest {
        Everything,  ///< closed, removed, renamed, replaced
        Replacement, ///< removed, renamed, replaced
        Contents     ///< removed, renamed, replaced, written into
    };

    FileWatch() = default; ///< opens nothing before the first add()
    ~FileWatch();
    FileWatch(const FileWatch &) = delete;
    FileWatch &operator=(const FileWatch &) = delete;

    /** Readable when events are there; negative before the first add(), or where there are no events. Any thread. */
    int descriptor() const { return m_descriptor.load(std::memory_order_relaxed); }

    /** Opens what the watches need; false: there is none to be had. Once that is done, add() may be called by any thread. */
    bool prepare();

    /** Watches the open file @p descriptor; the same number for every watch of the same file, which tells of all that anybody is
        interested in. Counted by the caller. Looks at the file, so it takes as long as its disk does. */
    Result<int> add(std::intptr_t descriptor, Interest interest = Everything);
    void remove(int watch);

    /** What has happened since the last call; never waits. */
    std::vector<FileEvent> takeEvents();

    /** In the child of a fork: the queue is the parent's, so lets go of it and starts its own when next needed. */
    void abandon();

private:
    std::atomic<int> m_descriptor{-1};
};

} // namespace Holdfast::os
