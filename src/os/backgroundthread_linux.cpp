// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/backgroundthread.h"

#include <csignal>
#include <pthread.h>

namespace Holdfast::os {

namespace {

void *enter(void *argument)
{
    reinterpret_cast<void (*)()>(argument)();
    return nullptr;
}

} // namespace

bool startBackgroundThread(const char *name, void (*run)())
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // inherited by the new thread
    pthread_t thread{};
    const bool started = pthread_create(&thread, nullptr, enter, reinterpret_cast<void *>(run)) == 0;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (started) {
        pthread_setname_np(thread, name);
        pthread_detach(thread);
    }
    return started;
}

} // namespace Holdfast::os
