// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/platform.h"

#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace Holdfast::Cli {

void occupyStandardDescriptors()
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
        // open() takes the lowest number that is free, and that is this one, since those below are taken.
        if (fcntl(descriptor, F_GETFD) < 0) [[maybe_unused]]
            const int opened = open("/dev/null", O_RDWR | O_CLOEXEC);
    }
}

bool isTerminalOurs()
{
    return isatty(STDERR_FILENO) && tcgetpgrp(STDERR_FILENO) == getpgrp();
}

bool canAsk()
{
    return isatty(STDIN_FILENO) && isTerminalOurs();
}

void endWithParent()
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

bool showsHolders()
{
    return access("/proc/locks", R_OK) == 0;
}

} // namespace Holdfast::Cli
