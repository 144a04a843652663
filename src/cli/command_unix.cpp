// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/command.h"

#include "cli/exitcode.h"
#include "cli/platform.h"
#include "cli/signals.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace Holdfast::Cli {

namespace {

struct Pipe
{
    Descriptor reading;
    Descriptor writing;
};

std::optional<Pipe> makePipe()
{
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        return std::nullopt;
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

int number(const Descriptor &descriptor)
{
    return static_cast<int>(descriptor.value());
}

// The child between fork and exec, where only system calls are allowed.
class Child
{
public:
    Child(const QByteArrayList &words, const Surroundings &surroundings, std::intptr_t inherited, const Pipe &gate,
          const Pipe &refusal)
        : m_surroundings(surroundings), m_inherited(static_cast<int>(inherited)), m_gate(gate), m_refusal(refusal)
    {
        for (const QByteArray &word : words)
            m_arguments.push_back(changeable(word));
        m_arguments.push_back(nullptr);
        for (char **variable = environ; *variable; ++variable) {
            if (!isReplaced(*variable))
                m_environment.push_back(*variable);
        }
        for (const QByteArray &variable : surroundings.variables)
            m_environment.push_back(changeable(variable));
        m_environment.push_back(nullptr);
    }

    [[noreturn]] void execute(const SignalPause &pause)
    {
        char go = 0;
        close(number(m_gate.writing)); // or we would wait for ourselves, should the parent be killed
        if (read(number(m_gate.reading), &go, 1) != 1)
            _exit(ExitCode::CannotRun);
        pause.liftInChild();
        if (m_inherited >= 0)
            fcntl(m_inherited, F_SETFD, 0);
        if (isReady())
            execvp(m_arguments.front(), m_arguments.data());
        const int why = errno;
        [[maybe_unused]] const ssize_t written = write(number(m_refusal.writing), &why, sizeof why);
        _exit(ExitCode::CannotRun);
    }

private:
    static char *changeable(const QByteArray &text)
    {
        return const_cast<char *>(text.constData()); // exec's old signature; it only reads
    }

    bool isReplaced(const char *variable) const
    {
        const auto hasItsName = [variable](const QByteArray &other) {
            return std::strncmp(variable, other.constData(), static_cast<std::size_t>(other.indexOf('=') + 1)) == 0;
        };
        const auto names = m_surroundings.variables + m_surroundings.without;
        return std::any_of(names.begin(), names.end(), hasItsName);
    }

    bool isReady()
    {
        environ = m_environment.data();
        const int input = static_cast<int>(m_surroundings.input);
        return (m_surroundings.directory.isEmpty() || chdir(m_surroundings.directory.constData()) == 0)
               && (input < 0 || dup2(input, STDIN_FILENO) >= 0);
    }

    const Surroundings &m_surroundings;
    const int m_inherited;
    const Pipe &m_gate;
    const Pipe &m_refusal;
    std::vector<char *> m_arguments;
    std::vector<char *> m_environment;
};

} // namespace

Command::Command(const QByteArrayList &words, IfOrphaned ifOrphaned, QObject *parent)
    : QObject(parent), m_words(words), m_ifOrphaned(ifOrphaned)
{
    m_patience.setSingleShot(true);
    m_patience.setTimerType(Qt::PreciseTimer); // others may be early
    m_patience.setInterval(PatienceWithCommand);
    connect(&m_patience, &QTimer::timeout, this, [this] { pass(SIGKILL); });
}

// A duplicate of what is inherited, for locks close their own descriptors in every child.
bool Command::prepare(const SignalPause &pause, std::intptr_t inherited)
{
    const Descriptor heirloom = inherited < 0 ? Descriptor() : Descriptor::duplicateOf(inherited);
    const bool isReady = inherited < 0 || heirloom.isOpen();
    auto gate = isReady ? makePipe() : std::nullopt;
    auto refusal = gate ? makePipe() : std::nullopt;
    if (refusal) {
        Child child(m_words, m_surroundings, heirloom.value(), *gate, *refusal);
        m_process = fork();
        if (m_process == 0) {
            if (m_ifOrphaned == IfOrphaned::Terminate)
                endWithParent(); // before it waits at the gate, where a parent that has ended already is noticed
            child.execute(pause);
        }
    }
    if (!refusal || m_process < 0) {
        const QString words = QString::fromLocal8Bit(std::strerror(errno));
        Q_EMIT failedToStart(ExitCode::System, QStringLiteral("cannot start a process: %1").arg(words));
        return false;
    }
    m_gate = std::move(gate->writing);
    m_refusal = std::move(refusal->reading);
    return true;
}

void Command::start()
{
    constexpr char Go = 1;
    [[maybe_unused]] const ssize_t written = write(number(m_gate), &Go, 1);
    m_gate = Descriptor();
}

void Command::abandon()
{
    m_gate = Descriptor();
    while (waitpid(static_cast<pid_t>(m_process), nullptr, 0) < 0 && errno == EINTR)
        continue;
    m_process = 0;
}

void Command::pass(int signal)
{
    if (m_process > 0)
        kill(static_cast<pid_t>(m_process), signal);
}

void Command::terminate()
{
    pass(SIGTERM);
    pass(SIGCONT); // one that was stopped would not hear of it
    m_patience.start();
}

void Command::lookWhetherItEnded()
{
    int status = 0;
    if (m_process <= 0 || waitpid(static_cast<pid_t>(m_process), &status, WNOHANG) != m_process)
        return;
    m_process = 0;
    m_patience.stop();
    reportEnd(status);
}

void Command::reportEnd(int status)
{
    // The other end has been closed, by the program's start or by the end: this does not wait.
    int why = 0;
    if (read(number(m_refusal), &why, sizeof why) != sizeof why) {
        Q_EMIT ended(WIFSIGNALED(status) ? ExitCode::BySignal + WTERMSIG(status) : WEXITSTATUS(status));
        return;
    }
    Q_EMIT failedToStart(why == ENOMEM ? ExitCode::System : ExitCode::CannotRun,
                         QStringLiteral("cannot run '%1': %2")
                             .arg(QString::fromUtf8(m_words.first()), QString::fromLocal8Bit(std::strerror(why))));
}

} // namespace Holdfast::Cli
