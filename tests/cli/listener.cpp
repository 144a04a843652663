// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Says "ready", then the name of each signal it gets, one a line; SIGTERM ends it with exit status 3. Signals wait in line
// for it, so that it misses none that the system delivers.
#include <csignal>
#include <cstdio>
#include <cstring>
#include <initializer_list>

int main()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGTERM})
        sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    std::puts("ready");
    std::fflush(stdout);
    for (;;) {
        const int number = sigwaitinfo(&set, nullptr);
        if (number < 0)
            continue;
        std::printf("SIG%s\n", sigabbrev_np(number));
        std::fflush(stdout);
        if (number == SIGTERM)
            return 3;
    }
}
