// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace Bench {

/** One way to lock a file, ours or a competitor's. */
class Peer
{
public:
    Peer() = default;
    virtual ~Peer() = default;
    Peer(const Peer &) = delete;
    Peer &operator=(const Peer &) = delete;

    /** Waits for the lock. True: it is ours now. False: the event loop goes on, and got() will be called. */
    virtual bool take() = 0;
    virtual void give() = 0;

    std::function<void()> got;
};

/**
 * - `holdfast`: FileLock::tryAcquireFor(); `holdfast-loop`: FileLock::acquire()
 * - `soft`, `soft-loop`, `lease-loop`, `soft-rw-loop`: the same with the soft family; SoftReadWriteLock for writing
 * - `sqlite`, `sqlite-loop`: ReadWriteLock on a file, for writing
 * - `server-loop`: ReadWriteLock on a PostgreSQL server; `notify`, `listen`: one NOTIFY there instead of a lock
 * - `flock`: blocked in flock(2) on a descriptor that is kept; `flock-open`: opened and closed at each turn
 * - `timer`: a QTimer of 50 ms that tries flock(2) on a descriptor that is kept
 * - `qlockfile`: QLockFile::lock()
 */
std::unique_ptr<Peer> makePeer(const std::string &kind, const std::string &path);

} // namespace Bench
