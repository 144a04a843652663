// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "stalleddisk.h"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdarg>
#include <dlfcn.h>
#include <mutex>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <thread>

namespace {

std::mutex s_mutex;
std::condition_variable s_answered;
bool s_isStalled = false;
std::thread::id s_ownThread;
std::atomic<bool> s_refusesRemoval = false;
int s_waiting = 0;
int s_askedByItself = 0;

void ask()
{
    std::unique_lock lock(s_mutex);
    if (!s_isStalled)
        return;
    if (std::this_thread::get_id() == s_ownThread) {
        ++s_askedByItself;
        return;
    }
    ++s_waiting;
    s_answered.wait(lock, [] { return !s_isStalled; });
    --s_waiting;
}

template<class Function>
Function *realOne(const char *name)
{
    return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

} // namespace

StalledDisk::StalledDisk()
{
    const std::scoped_lock lock(s_mutex);
    s_ownThread = std::this_thread::get_id();
    s_askedByItself = 0;
    s_isStalled = true;
}

StalledDisk::~StalledDisk()
{
    const std::scoped_lock lock(s_mutex);
    s_isStalled = false;
    s_answered.notify_all();
}

void StalledDisk::refuseRemoval()
{
    s_refusesRemoval = true;
}

int StalledDisk::waiting() const
{
    const std::scoped_lock lock(s_mutex);
    return s_waiting;
}

int StalledDisk::askedByItself() const
{
    const std::scoped_lock lock(s_mutex);
    return s_askedByItself;
}

// What locks begin and end with.
extern "C" {

__attribute__((visibility("default"))) int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    ask();
    return realOne<int(const char *, int, ...)>("open")(path, flags, mode);
}

__attribute__((visibility("default"))) int openat(int directory, const char *name, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    ask();
    return realOne<int(int, const char *, int, ...)>("openat")(directory, name, flags, mode);
}

__attribute__((visibility("default"))) int flock(int descriptor, int operation) noexcept
{
    ask();
    return realOne<int(int, int)>("flock")(descriptor, operation);
}

__attribute__((visibility("default"))) int lstat(const char *path, struct stat *facts) noexcept
{
    ask();
    return realOne<int(const char *, struct stat *)>("lstat")(path, facts);
}

__attribute__((visibility("default"))) int unlinkat(int directory, const char *name, int flags) noexcept
{
    ask();
    if (s_refusesRemoval.exchange(false)) {
        errno = EIO;
        return -1;
    }
    return realOne<int(int, const char *, int)>("unlinkat")(directory, name, flags);
}
}
