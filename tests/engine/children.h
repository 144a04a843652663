// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "patience.h"

#include <QtCore/qdebug.h>

#include <csignal>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace Holdfast::Testing {

/** A forked child that does one job and ends without a word; its answer is its exit code. */
class Child
{
public:
    explicit Child(const std::function<bool()> &job) : m_process(fork())
    {
        if (m_process != 0)
            return;
        ::alarm(30); // a child that hangs is killed by this, and that is an answer, too
        _exit(job() ? 0 : 1);
    }
    ~Child()
    {
        if (m_process > 0) {
            ::kill(m_process, SIGKILL);
            ::waitpid(m_process, nullptr, 0);
        }
    }
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;

    pid_t process() const { return m_process; }

    /** Waits for its end, while this thread's event loop runs; true when it has answered true. */
    bool succeeds()
    {
        int status = -1;
        const bool ended = QTest::qWaitFor([&] { return ::waitpid(m_process, &status, WNOHANG) == m_process; }, 40'000);
        if (!ended)
            return false;
        m_process = -1;
        if (WIFSIGNALED(status))
            qWarning() << "the child was killed by signal" << WTERMSIG(status);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

private:
    pid_t m_process;
};

/** In a child: says which of its expectations was wrong. */
inline bool expect(bool condition, const char *what)
{
    if (!condition) {
        ::fprintf(stderr, "child: %s\n", what);
        ::fflush(stderr);
    }
    return condition;
}

} // namespace Holdfast::Testing

#define EXPECT_IN_CHILD(condition) \
    do { \
        if (!Holdfast::Testing::expect(static_cast<bool>(condition), #condition)) \
            return false; \
    } while (false)
