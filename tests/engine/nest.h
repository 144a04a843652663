// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "children.h"
#include "engine/owner.h"
#include "os/process.h"

#include <csignal>
#include <cstring>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Holdfast::Testing {

/** In a child: gives it a /proc, or another @p directory, that nobody else sees. */
inline bool mountPrivately(const char *type, const char *options = "", const std::string &directory = "/proc")
{
    return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
           && ::mount(type, directory.c_str(), type, 0, options) == 0;
}

enum class Table { Own, Outer };

/** In a child: runs @p job as the first process of a PID namespace, under that namespace's /proc or under ours. */
inline bool inNamespace(Table table, const std::function<bool()> &job)
{
    EXPECT_IN_CHILD(::unshare(CLONE_NEWPID) == 0);
    const pid_t first = ::fork();
    if (first == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const bool ready = table == Table::Outer || mountPrivately("proc");
        _exit(expect(ready, "mount /proc") && job() ? 0 : 1);
    }
    int status = -1;
    EXPECT_IN_CHILD(::waitpid(first, &status, 0) == first);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/**
 * Like a container that shares our host name: a PID namespace with its own /proc, and in it an owner with the number that
 * was asked for. Ends with this object.
 */
class Nest
{
public:
    struct Wishes
    {
        int number = 1;
        std::string boot = {}; ///< a boot id of its own; empty: the machine's
    };

    /** Whether this user may make namespaces, and mount in them: in a chroot whose root is no mount of its own, root cannot. */
    static bool isPossible()
    {
        return Child([] {
                   return ::unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS) == 0
                          && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
               })
            .succeeds();
    }

    explicit Nest(const Wishes &wishes)
    {
        if (::pipe2(m_orders, O_CLOEXEC) != 0 || ::pipe2(m_answers, O_CLOEXEC) != 0)
            qFatal("pipe");
        m_process = ::fork();
        if (m_process == 0) {
            ::alarm(60);
            ::close(m_orders[1]);
            _exit(inNamespace(Table::Own, [&] { return live(wishes); }) ? 0 : 1);
        }
        ::close(m_orders[0]);
        ::close(m_answers[1]);
        m_ready = ::read(m_answers[0], &m_report, sizeof m_report) == sizeof m_report;
    }
    ~Nest() { end(); }
    Nest(const Nest &) = delete;
    Nest &operator=(const Nest &) = delete;

    Owner owner() const { return m_ready ? Owner{m_report.process, m_report.host, m_report.token} : Owner{}; }
    std::uint64_t number() const { return m_report.pidNamespace; }

    /** The owner's number out here. */
    std::int64_t outerProcess() const
    {
        for (const std::int64_t process : os::processes()) {
            const std::string status = os::processStatus(process);
            if (status.find("\t" + std::to_string(m_report.process) + "\n", status.find("\nNSpid:"))
                    != std::string::npos
                && inTheNest(process))
                return process;
        }
        return 0;
    }

    void killOwner() { order('k'); } ///< leaves its zombie
    void buryOwner() { order('b'); }
    void end()
    {
        if (m_process <= 0)
            return;
        ::close(m_orders[1]);
        ::close(m_answers[0]);
        ::waitpid(m_process, nullptr, 0);
        m_process = -1;
    }

private:
    struct Report
    {
        std::int64_t process;
        std::uint64_t pidNamespace;
        char host[256];
        char token[64];
    };

    bool inTheNest(std::int64_t process) const
    {
        struct stat facts;
        const std::string link = "/proc/" + std::to_string(process) + "/ns/pid";
        return ::stat(link.c_str(), &facts) == 0 && facts.st_ino == m_report.pidNamespace;
    }

    void order(char letter) const
    {
        char answer = 0;
        if (::write(m_orders[1], &letter, 1) != 1 || ::read(m_answers[0], &answer, 1) != 1)
            qWarning("the nest does not answer");
    }

    // From here on inside, as its first process.
    bool live(const Wishes &wishes) const
    {
        EXPECT_IN_CHILD(wishes.boot.empty() || giveBootId(wishes.boot));
        pid_t owner = 0;
        if (wishes.number == 1)
            report();
        else
            owner = startOwner(wishes.number);
        char letter = 0;
        while (owner >= 0 && ::read(m_orders[0], &letter, 1) == 1) {
            if (letter == 'k')
                ::kill(owner, SIGKILL);
            siginfo_t info{};
            ::waitid(P_PID, static_cast<id_t>(owner), &info, letter == 'k' ? WEXITED | WNOWAIT : WEXITED);
            EXPECT_IN_CHILD(::write(m_answers[1], &letter, 1) == 1);
        }
        return true;
    }

    static bool giveBootId(const std::string &boot)
    {
        char path[] = "/tmp/boot-XXXXXX";
        const int file = ::mkstemp(path);
        const auto written = ::write(file, boot.data(), boot.size());
        ::close(file);
        const bool mounted = ::mount(path, "/proc/sys/kernel/random/boot_id", nullptr, MS_BIND, nullptr) == 0;
        ::unlink(path);
        return written > 0 && mounted;
    }

    pid_t startOwner(pid_t number) const
    {
        clone_args arguments{};
        arguments.exit_signal = SIGCHLD;
        arguments.set_tid = reinterpret_cast<std::uintptr_t>(&number);
        arguments.set_tid_size = 1;
        const auto process = static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
        if (process == 0) {
            report();
            for (;;)
                ::pause();
        }
        expect(process > 0, "clone3 with a chosen number");
        return process;
    }

    void report() const
    {
        const Owner owner = currentOwner();
        Report report{owner.process, os::pidNamespace().value_or(0), {}, {}};
        std::strncpy(report.host, owner.host.c_str(), sizeof report.host - 1);
        std::strncpy(report.token, owner.startToken.c_str(), sizeof report.token - 1);
        expect(::write(m_answers[1], &report, sizeof report) == sizeof report, "report");
    }

    int m_orders[2] = {-1, -1};
    int m_answers[2] = {-1, -1};
    pid_t m_process = -1;
    bool m_ready = false;
    Report m_report{};
};

} // namespace Holdfast::Testing
