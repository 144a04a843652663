// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/backgroundthread.h"

#include <csignal>
#include <memory>
#include <pthread.h>

namespace Holdfast::os {

namespace {

struct Start
{
    void (*run)(void *);
    void *argument;
};

void *enter(void *given)
{
    const std::unique_ptr<Start> start(static_cast<Start *>(given));
    start->run(start->argument);
    return nullptr;
}

} // namespace

bool startBackgroundThread(const char *name, void (*run)(void *), void *argument)
{
    auto start = std::make_unique<Start>(Start{run, argument});
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // inherited by the new thread
    pthread_t thread{};
    const bool started = pthread_create(&thread, nullptr, enter, start.get()) == 0;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (started) {
        static_cast<void>(start.release()); // the thread's now
        pthread_setname_np(thread, name);
        pthread_detach(thread);
    }
    return started;
}

} // namespace Holdfast::os
