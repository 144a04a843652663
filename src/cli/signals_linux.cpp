// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/signals.h"

#include <QtCore/qsocketnotifier.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace Holdfast::Cli {

namespace {

constexpr std::array Endings{SIGINT, SIGQUIT, SIGTERM, SIGHUP};

// What a signal handler may touch. Set before the handlers are, and never changed while they are.
std::array<int, 2> s_pipe{-1, -1};
sigset_t s_caught;
sigset_t s_inherited;
bool s_leadsSession = false;

// si_code is positive when the kernel itself made the signal. When a terminal hangs up it tells the leader of the session
// alone.
Addressee addresseeOf(int number, const siginfo_t &info)
{
    const bool fromTerminal = info.si_code > 0 && !(number == SIGHUP && s_leadsSession);
    return fromTerminal ? Addressee::Group : Addressee::Us;
}

void note(int number, siginfo_t *info, void *)
{
    const int before = errno;
    const CaughtSignal caught{number, addresseeOf(number, *info)};
    // Shorter than PIPE_BUF, so whole or not at all; the pipe is full only if thousands wait already.
    [[maybe_unused]] const ssize_t written = write(s_pipe[1], &caught, sizeof caught);
    errno = before;
}

bool isIgnored(int number)
{
    struct sigaction action;
    return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

} // namespace

SignalWatch::SignalWatch(QObject *parent) : QObject(parent) { }

SignalWatch::~SignalWatch()
{
    m_notifier.reset();
}

bool SignalWatch::start()
{
    if (pipe2(s_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    m_notifier = std::make_unique<QSocketNotifier>(s_pipe[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        while (const auto signal = take())
            Q_EMIT caught(*signal);
    });
    s_leadsSession = getsid(0) == getpid();
    struct sigaction action = {};
    action.sa_sigaction = note;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    sigemptyset(&s_caught);
    for (const int number : Endings) {
        if (isIgnored(number))
            continue;
        sigaddset(&s_caught, number);
        sigaction(number, &action, nullptr);
    }
    action.sa_flags |= SA_NOCLDSTOP;
    sigaction(SIGCHLD, &action, nullptr); // also if it was ignored or held back: no exit status would reach us
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    pthread_sigmask(SIG_UNBLOCK, &child, &s_inherited);
    return true;
}

std::optional<CaughtSignal> SignalWatch::take()
{
    CaughtSignal caught;
    while (read(s_pipe[0], &caught, sizeof caught) == sizeof caught) {
        if (caught.number != SIGCHLD)
            return caught;
        Q_EMIT childChanged();
    }
    return std::nullopt;
}

struct SignalPause::State
{
    sigset_t before;
};

SignalPause::SignalPause() : m_state(std::make_unique<State>())
{
    pthread_sigmask(SIG_BLOCK, &s_caught, &m_state->before);
}

SignalPause::~SignalPause()
{
    pthread_sigmask(SIG_SETMASK, &m_state->before, nullptr);
}

std::optional<CaughtSignal> SignalPause::take()
{
    constexpr timespec Now{};
    siginfo_t info;
    const int number = sigtimedwait(&s_caught, &info, &Now);
    if (number < 0)
        return std::nullopt;
    return CaughtSignal{number, addresseeOf(number, info)};
}

void SignalPause::liftInChild() const
{
    // Not by our handler: until its program starts, the child shares the pipe, and would tell its parent instead of dying.
    for (const int number : Endings) {
        if (sigismember(&s_caught, number))
            std::signal(number, SIG_DFL);
    }
    sigset_t mask = m_state->before;
    if (sigismember(&s_inherited, SIGCHLD))
        sigaddset(&mask, SIGCHLD); // the command gets what we got
    pthread_sigmask(SIG_SETMASK, &mask, nullptr);
}

} // namespace Holdfast::Cli
