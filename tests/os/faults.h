// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/syscalls_unix.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <functional>
#include <mutex>
#include <thread>
#include <type_traits>
#include <unistd.h>
#include <utility>
#include <vector>

namespace Holdfast::Testing {

enum class Call {
    Open,
    OpenStraight,
    Close,
    Flock,
    RangeLock,
    Fstat,
    Lstat,
    Ftruncate,
    Fchmod,
    Mkdir,
    Openat,
    Fstatat,
    Statx,
    Readlinkat,
    Mkdirat,
    Linkat,
    Unlinkat,
    Renameat,
    RenameNew,
    Fdopendir,
    Readdir,
    Closedir,
    Pread,
    Write,
    Pwrite,
    Fsync,
    Futimens,
    Fsetxattr,
    Fgetxattr,
    Fstatfs,
    Kill,
    Getrandom,
    InotifyAddWatch,
    Count
};

constexpr int ForEver = INT_MAX;

/**
 * Makes system calls of the library fail, counts them, and runs code right before or after one of them, so that another
 * process can be played in between. One at a time; everything is as before when it goes.
 */
class Faults
{
public:
    using Action = std::function<void()>;

    Faults()
    {
        s_real = os::systemCalls();
        s_current = this; // first: a background thread may make the next call
        os::systemCalls() = table();
    }
    // A background thread may be in a call, or about to make one that it has looked up before. (In the child of a fork it is not.)
    ~Faults()
    {
        os::systemCalls() = s_real;
        s_current = nullptr;
        while (s_visitors > 0 && m_process == ::getpid())
            std::this_thread::yield();
    }
    Faults(const Faults &) = delete;
    Faults &operator=(const Faults &) = delete;

    /** The calls number @p from and the following, @p times in all, counted from now, fail with @p code. */
    void fail(Call call, int code, int from = 1, int times = 1)
    {
        const std::scoped_lock lock(m_mutex);
        m_failures.push_back({call, code, counted(call) + from, times});
    }

    /** The calls number @p from and the following, @p times in all, read or write @p size bytes at most. */
    void shorten(Call call, std::size_t size, int from = 1, int times = ForEver)
    {
        const std::scoped_lock lock(m_mutex);
        m_limits.push_back({call, size, counted(call) + from, times});
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
    struct Limit
    {
        Call call;
        std::size_t size;
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

    /** How much of @p size the next call of this kind may do. */
    std::size_t limited(Call call, std::size_t size)
    {
        const std::scoped_lock lock(m_mutex);
        const int number = counted(call) + 1;
        for (const Limit &limit : m_limits) {
            if (limit.call == call && number >= limit.from && number - limit.from < limit.times)
                size = std::min(size, limit.size);
        }
        return size;
    }

    template<class Real>
    auto run(Call call, Real real) -> decltype(real())
    {
        using Answer = decltype(real());
        constexpr auto failed = [] {
            if constexpr (std::is_pointer_v<Answer>)
                return Answer(nullptr);
            else
                return Answer(-1);
        };
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
        Answer result = failed();
        // Linux closes the descriptor whatever it answers.
        if (code == 0 || call == Call::Close || call == Call::Closedir)
            result = real();
        int answer = errno;
        if (code != 0) {
            result = failed();
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

    /** Who is in a call: whoever comes when the faults have gone makes it as it is. */
    class Visit
    {
    public:
        Visit() : faults((++s_visitors, s_current.load())) { } // in this order
        ~Visit() { --s_visitors; }
        Visit(const Visit &) = delete;
        Visit &operator=(const Visit &) = delete;
        Faults *const faults;
    };

    template<class Real>
    static auto visit(Call call, Real real) -> decltype(real())
    {
        const Visit visit;
        return visit.faults ? visit.faults->run(call, real) : real();
    }
    static std::size_t limitedNow(Call call, std::size_t size)
    {
        const Visit visit;
        return visit.faults ? visit.faults->limited(call, size) : size;
    }

    static os::SystemCalls real() { return s_real; }

    static os::SystemCalls table()
    {
        return {
            .open = [](const char *path, int flags,
                       mode_t mode) { return visit(Call::Open, [=] { return real().open(path, flags, mode); }); },
            .openStraight =
                [](const char *path, int flags) {
                    return visit(Call::OpenStraight, [=] { return real().openStraight(path, flags); });
                },
            .close = [](int descriptor) { return visit(Call::Close, [=] { return real().close(descriptor); }); },
            .flock =
                [](int descriptor, int operation) {
                    return visit(Call::Flock, [=] { return real().flock(descriptor, operation); });
                },
            .rangeLock =
                [](int descriptor, int command, struct flock *range) {
                    return visit(Call::RangeLock, [=] { return real().rangeLock(descriptor, command, range); });
                },
            .fstat =
                [](int descriptor, struct stat *facts) {
                    return visit(Call::Fstat, [=] { return real().fstat(descriptor, facts); });
                },
            .lstat = [](const char *path,
                        struct stat *facts) { return visit(Call::Lstat, [=] { return real().lstat(path, facts); }); },
            .ftruncate =
                [](int descriptor, off_t length) {
                    return visit(Call::Ftruncate, [=] { return real().ftruncate(descriptor, length); });
                },
            .fchmod = [](int descriptor,
                         mode_t mode) { return visit(Call::Fchmod, [=] { return real().fchmod(descriptor, mode); }); },
            .mkdir = [](const char *path,
                        mode_t mode) { return visit(Call::Mkdir, [=] { return real().mkdir(path, mode); }); },
            .openat =
                [](int directory, const char *name, int flags, mode_t mode) {
                    return visit(Call::Openat, [=] { return real().openat(directory, name, flags, mode); });
                },
            .fstatat =
                [](int directory, const char *name, struct stat *facts, int flags) {
                    return visit(Call::Fstatat, [=] { return real().fstatat(directory, name, facts, flags); });
                },
            .statxat =
                [](int directory, const char *name, int flags, unsigned wanted, struct statx *facts) {
                    return visit(Call::Statx, [=] { return real().statxat(directory, name, flags, wanted, facts); });
                },
            .readlinkat =
                [](int directory, const char *name, char *target, std::size_t size) {
                    return visit(Call::Readlinkat, [=] { return real().readlinkat(directory, name, target, size); });
                },
            .mkdirat =
                [](int directory, const char *name, mode_t mode) {
                    return visit(Call::Mkdirat, [=] { return real().mkdirat(directory, name, mode); });
                },
            .linkat =
                [](int directory, const char *from, int to, const char *name, int flags) {
                    return visit(Call::Linkat, [=] { return real().linkat(directory, from, to, name, flags); });
                },
            .unlinkat =
                [](int directory, const char *name, int flags) {
                    return visit(Call::Unlinkat, [=] { return real().unlinkat(directory, name, flags); });
                },
            .renameat =
                [](int directory, const char *from, int to, const char *name) {
                    return visit(Call::Renameat, [=] { return real().renameat(directory, from, to, name); });
                },
            .renameNew =
                [](int directory, const char *from, int to, const char *name) {
                    return visit(Call::RenameNew, [=] { return real().renameNew(directory, from, to, name); });
                },
            .fdopendir =
                [](int descriptor) { return visit(Call::Fdopendir, [=] { return real().fdopendir(descriptor); }); },
            .readdir = [](DIR *stream) { return visit(Call::Readdir, [=] { return real().readdir(stream); }); },
            .closedir = [](DIR *stream) { return visit(Call::Closedir, [=] { return real().closedir(stream); }); },
            .pread =
                [](int descriptor, void *bytes, std::size_t size, off_t from) {
                    const std::size_t most = limitedNow(Call::Pread, size);
                    return visit(Call::Pread, [=] { return real().pread(descriptor, bytes, most, from); });
                },
            .write =
                [](int descriptor, const void *bytes, std::size_t size) {
                    const std::size_t most = limitedNow(Call::Write, size);
                    return visit(Call::Write, [=] { return real().write(descriptor, bytes, most); });
                },
            .pwrite =
                [](int descriptor, const void *bytes, std::size_t size, off_t at) {
                    const std::size_t most = limitedNow(Call::Pwrite, size);
                    return visit(Call::Pwrite, [=] { return real().pwrite(descriptor, bytes, most, at); });
                },
            .fsync = [](int descriptor) { return visit(Call::Fsync, [=] { return real().fsync(descriptor); }); },
            .futimens =
                [](int descriptor, const timespec *times) {
                    return visit(Call::Futimens, [=] { return real().futimens(descriptor, times); });
                },
            .fsetxattr =
                [](int descriptor, const char *name, const void *value, std::size_t size, int flags) {
                    return visit(Call::Fsetxattr,
                                 [=] { return real().fsetxattr(descriptor, name, value, size, flags); });
                },
            .fgetxattr =
                [](int descriptor, const char *name, void *value, std::size_t size) {
                    return visit(Call::Fgetxattr, [=] { return real().fgetxattr(descriptor, name, value, size); });
                },
            .fstatfs =
                [](int descriptor, struct statfs *facts) {
                    return visit(Call::Fstatfs, [=] { return real().fstatfs(descriptor, facts); });
                },
            .kill = [](pid_t process,
                       int signal) { return visit(Call::Kill, [=] { return real().kill(process, signal); }); },
            .getrandom =
                [](void *bytes, std::size_t size, unsigned flags) {
                    const std::size_t most = limitedNow(Call::Getrandom, size);
                    return visit(Call::Getrandom, [=] { return real().getrandom(bytes, most, flags); });
                },
            .inotifyAddWatch =
                [](int instance, const char *path, std::uint32_t mask) {
                    return visit(Call::InotifyAddWatch, [=] { return real().inotifyAddWatch(instance, path, mask); });
                },
        };
    }

    static inline std::atomic<Faults *> s_current{nullptr};
    static inline std::atomic<int> s_visitors{0};
    static inline os::SystemCalls s_real{};
    const pid_t m_process = ::getpid();
    std::mutex m_mutex;
    std::array<int, static_cast<std::size_t>(Call::Count)> m_counts{};
    std::vector<Failure> m_failures;
    std::vector<Limit> m_limits;
    std::vector<Event> m_events;
};

} // namespace Holdfast::Testing
