// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/fork.h"

#include <atomic>
#include <chrono>
#include <pthread.h>
#include <thread>

namespace Holdfast::os {

namespace {

// A counter and a flag instead of a shared mutex: two additions on the path of every lock, and a fork that is not starved by
// threads that come again and again.
std::atomic<int> s_paused{0};
std::atomic<bool> s_forking{false};
ForkHandlers s_handlers{};

constexpr std::chrono::milliseconds LongestPause{100};

void before()
{
    s_forking = true;
    const auto end = std::chrono::steady_clock::now() + LongestPause;
    while (s_paused > 0 && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    s_handlers.before();
}

void goOn()
{
    s_forking = false;
    s_forking.notify_all();
}

void afterInParent()
{
    s_handlers.afterInParent();
    goOn();
}

void afterInChild()
{
    s_paused = 0; // those threads are the parent's
    s_handlers.afterInChild();
    goOn();
}

} // namespace

void installForkHandlers(const ForkHandlers &handlers)
{
    s_handlers = handlers;
    pthread_atfork(before, afterInParent, afterInChild);
}

ForkPause::ForkPause()
{
    for (++s_paused; s_forking; ++s_paused) {
        --s_paused;
        s_forking.wait(true);
    }
}

ForkPause::~ForkPause()
{
    --s_paused;
}

} // namespace Holdfast::os
