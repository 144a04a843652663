// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/syscalls_unix.h"

#include <array>
#include <cerrno>
#include <climits>
#include <functional>
#include <mutex>
#include <unistd.h>
#include <utility>
#include <vector>

namespace Holdfast::Testing {

enum class Call { Open, Close, Flock, Fstat, Lstat, Ftruncate, Fchmod, Mkdir, Count };

constexpr int ForEver = INT_MAX;

/**
 * Makes system calls of the library fail, counts them, and runs code right before or after one of them, so that another
 * process can be played in between. One at a time; everything is as before when it goes.
 */
class Faults
{
public:
    using Action = std::function<void()>;

    Faults() : m_before(std::exchange(os::systemCalls(), table())) { s_current = this; }
    ~Faults()
    {
        os::systemCalls() = m_before;
        s_current = nullptr;
    }
    Faults(const Faults &) = delete;
    Faults &operator=(const Faults &) = delete;

    /** The calls number @p from and the following, @p times in all, counted from now, fail with @p code. */
    void fail(Call call, int code, int from = 1, int times = 1)
    {
        const std::scoped_lock lock(m_mutex);
        m_failures.push_back({call, code, counted(call) + from, times});
    }

    /** Runs @p action before (or after) call number @p number, counted from now. */
    void before(Call call, int number, Action action) { add(call, number, std::move(action), false); }
    void after(Call call, int number, Action action) { add(call, number, std::move(action), true); }

    /** How often it was called. */
    int count(Call call)
    {
        const std::scoped_lock lock(m_mutex);
        return counted(call);
    }

private:
    struct Failure
    {
        Call call;
        int code;
        int from;
        int times;
    };
    struct Event
    {
        Call call;
        int number;
        bool afterwards;
        Action action;
    };

    int &counted(Call call) { return m_counts.at(static_cast<std::size_t>(call)); }

    void add(Call call, int number, Action action, bool afterwards)
    {
        const std::scoped_lock lock(m_mutex);
        m_events.push_back({call, counted(call) + number, afterwards, std::move(action)});
    }

    template<class Real>
    int run(Call call, Real real)
    {
        int number = 0;
        int code = 0;
        {
            const std::scoped_lock lock(m_mutex);
            number = ++counted(call);
            for (const Failure &failure : m_failures) {
                if (failure.call == call && number >= failure.from && number - failure.from < failure.times)
                    code = failure.code;
            }
        }
        act(call, number, false);
        int result = -1;
        if (code == 0 || call == Call::Close) // Linux closes the descriptor whatever it answers
            result = real();
        int answer = errno;
        if (code != 0) {
            result = -1;
            answer = code;
        }
        act(call, number, true);
        errno = answer;
        return result;
    }

    void act(Call call, int number, bool afterwards)
    {
        std::vector<Action> actions;
        {
            const std::scoped_lock lock(m_mutex);
            for (const Event &event : m_events) {
                if (event.call == call && event.number == number && event.afterwards == afterwards)
                    actions.push_back(event.action);
            }
        }
        for (const Action &action : actions)
            action();
    }

    static os::SystemCalls real() { return s_current->m_before; }

    static os::SystemCalls table()
    {
        return {
            .open =
                [](const char *path, int flags, mode_t mode) {
                    return s_current->run(Call::Open, [=] { return real().open(path, flags, mode); });
                },
            .close =
                [](int descriptor) { return s_current->run(Call::Close, [=] { return real().close(descriptor); }); },
            .flock =
                [](int descriptor, int operation) {
                    return s_current->run(Call::Flock, [=] { return real().flock(descriptor, operation); });
                },
            .fstat =
                [](int descriptor, struct stat *facts) {
                    return s_current->run(Call::Fstat, [=] { return real().fstat(descriptor, facts); });
                },
            .lstat =
                [](const char *path, struct stat *facts) {
                    return s_current->run(Call::Lstat, [=] { return real().lstat(path, facts); });
                },
            .ftruncate =
                [](int descriptor, off_t length) {
                    return s_current->run(Call::Ftruncate, [=] { return real().ftruncate(descriptor, length); });
                },
            .fchmod =
                [](int descriptor, mode_t mode) {
                    return s_current->run(Call::Fchmod, [=] { return real().fchmod(descriptor, mode); });
                },
            .mkdir = [](const char *path,
                        mode_t mode) { return s_current->run(Call::Mkdir, [=] { return real().mkdir(path, mode); }); },
        };
    }

    static inline Faults *s_current = nullptr;
    const os::SystemCalls m_before;
    std::mutex m_mutex;
    std::array<int, static_cast<std::size_t>(Call::Count)> m_counts{};
    std::vector<Failure> m_failures;
    std::vector<Event> m_events;
};

} // namespace Holdfast::Testing
