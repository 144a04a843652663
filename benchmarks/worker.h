// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "peers.h"

#include <holdfast/filelock.h>

#include <QtCore/qtimer.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace Bench {

/**
 * The other process: a lock user that does what it reads from its standard input.
 *
 * | command         | does                                                      | says                                |
 * |-----------------|-----------------------------------------------------------|-------------------------------------|
 * | `hold NS`       | takes the lock, sleeps, gives it back                     | `held`, `released MOMENT`           |
 * | `keep`, `drop`  | takes the lock; gives it back                             | `held`; `released MOMENT`           |
 * | `wait`          | takes the lock, gives it back                             | `got MOMENT`                        |
 * | `count N FILE`  | N times: takes it, adds one to the number in FILE, gives  | `counted END TAKEN LONGEST-WAIT`    |
 * | `tick NS`       | runs a timer of 5 ms for so long                          | `gap LONGEST`                       |
 * | `crowd N`       | waits for N locks, on files of its own                    | `crowded` when all have been asked  |
 * | `usage`         |                                                           | `usage CPU-TIME HEAP-BYTES`         |
 *
 * MOMENT is taken right before giving, and right after taking.
 */
class Worker
{
public:
    Worker(const std::string &kind, const std::string &path);

    /** Until the end of the input. */
    int run();

private:
    void readInput();
    void obey(const std::string &line);
    void repeat(std::int64_t times, std::function<void()> step, std::function<void()> finish = {});
    void goOn();
    void hold(std::int64_t nanoseconds);
    void wait();
    void drop();
    void count(std::int64_t times, const std::string &file);
    void tick(std::int64_t nanoseconds);
    void ticked();
    void crowd(std::int64_t number);
    void usage();
    void say(const char *word, std::initializer_list<std::int64_t> numbers = {});

    const std::string m_path;
    const std::unique_ptr<Peer> m_peer;
    std::string m_input;
    std::int64_t m_left = 0;
    std::int64_t m_asked = 0;
    std::function<void()> m_step;
    std::function<void()> m_finish;
    QTimer m_ticker;
    std::int64_t m_lastTick = 0;
    std::int64_t m_tickUntil = 0;
    std::int64_t m_longestGap = 0;
    std::vector<std::unique_ptr<Holdfast::FileLock>> m_crowd;
};

} // namespace Bench
