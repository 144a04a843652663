// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/command.h"

#include "cli/exitcode.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
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
    Child(const QByteArrayList &words, const SignalPause &pause, std::intptr_t inherited, const Pipe &gate,
          const Pipe &refusal)
        : m_pause(pause), m_inherited(static_cast<int>(inherited)), m_gate(gate), m_refusal(refusal)
    {
        for (const QByteArray &word : words)
            m_arguments.push_back(const_cast<char *>(word.constData())); // exec's old signature; it only reads
        m_arguments.push_back(nullptr);
    }

    [[noreturn]] void execute()
    {
        char go = 0;
        close(number(m_gate.writing)); // or we would wait for ourselves, should the parent be killed
        if (read(number(m_gate.reading), &go, 1) != 1)
            _exit(ExitCode::CannotRun);
        m_pause.liftInChild();
        if (m_inherited >= 0)
            fcntl(m_inherited, F_SETFD, 0);
        execvp(m_arguments.front(), m_arguments.data());
        const int why = errno;
        [[maybe_unused]] const ssize_t written = write(number(m_refusal.writing), &why, sizeof why);
        _exit(ExitCode::CannotRun);
    }

private:
    const SignalPause &m_pause;
    const int m_inherited;
    const Pipe &m_gate;
    const Pipe &m_refusal;
    std::vector<char *> m_arguments;
};

} // namespace

Command::Command(const QByteArrayList &words, QObject *parent) : QObject(parent), m_words(words)
{
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    m_process.setInputChannelMode(QProcess::ForwardedInputChannel);
    connect(&m_process, &QProcess::finished, this, &Command::reportEnd);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            reportStartError(m_process.errorString());
    });
}

// QProcess forks, forwards and waits. It does not execute: its arguments are text, it puts the full path in place of the
// name, and it looks for the program in another way than flock(1), so a command could tell the difference.
bool Command::prepare(const SignalPause &pause, std::intptr_t inherited)
{
    auto gate = makePipe();
    auto refusal = makePipe();
    if (!gate || !refusal) {
        reportStartError(QString::fromLocal8Bit(std::strerror(errno)));
        return false;
    }
    Child child(m_words, pause, inherited, *gate, *refusal);
    m_process.setChildProcessModifier([&child] { child.execute(); });
    m_process.start(QStringLiteral("/"), QStringList(), QIODevice::ReadOnly); // a name it wants; it is never used
    m_process.setChildProcessModifier({});
    m_gate = std::move(gate->writing);
    m_refusal = std::move(refusal->reading);
    return m_process.state() != QProcess::NotRunning;
}

void Command::start()
{
    constexpr char Go = 1;
    [[maybe_unused]] const ssize_t written = write(number(m_gate), &Go, 1);
    m_gate = Descriptor();
}

void Command::abandon()
{
    m_process.disconnect(this);
    m_gate = Descriptor();
    m_process.waitForFinished(); // it has nothing else to do
}

void Command::pass(int signal)
{
    if (const qint64 process = m_process.processId(); process > 0)
        kill(static_cast<pid_t>(process), signal);
}

void Command::reportStartError(const QString &words)
{
    Q_EMIT failedToStart(ExitCode::System, QStringLiteral("cannot start a process: %1").arg(words));
}

void Command::reportEnd(int code, QProcess::ExitStatus kind)
{
    int why = 0;
    if (read(number(m_refusal), &why, sizeof why) == sizeof why) {
        Q_EMIT failedToStart(why == ENOMEM ? ExitCode::System : ExitCode::CannotRun,
                             QStringLiteral("cannot run '%1': %2")
                                 .arg(QString::fromUtf8(m_words.first()), QString::fromLocal8Bit(std::strerror(why))));
        return;
    }
    Q_EMIT ended(kind == QProcess::CrashExit ? ExitCode::BySignal + code : code);
}

} // namespace Holdfast::Cli
