// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Holdfast::Testing {

/** Does @p job as a user without rights, in a process of its own; true when it gave true. */
inline bool asNobody(const std::function<bool()> &job)
{
    constexpr uid_t nobody = 65534;
    const pid_t child = fork();
    if (child == 0) {
        ::alarm(30); // a wait where an error is due must not hang the test
        const bool isNobody = geteuid() != 0
                              || (setgroups(0, nullptr) == 0 && setresgid(nobody, nobody, nobody) == 0
                                  && setresuid(nobody, nobody, nobody) == 0);
        _exit(isNobody && job() ? 0 : 1);
    }
    int status = -1;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace Holdfast::Testing
