// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/command.h"

#include "cli/exitcode.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace Holdfast::Cli {

namespace {

// The child between fork and exec, where only system calls are allowed.
class Child
{
public:
    Child(const QByteArrayList &words, const SignalPause &pause, std::intptr_t inherited, std::intptr_t refusal)
        : m_pause(pause), m_inherited(static_cast<int>(inherited)), m_refusal(static_cast<int>(refusal))
    {
        for (const QByteArray &word : words)
            m_arguments.push_back(const_cast<char *>(word.constData())); // exec's old signature; it only reads
        m_arguments.push_back(nullptr);
    }

    [[noreturn]] void execute()
    {
        m_pause.liftInChild();
        if (m_inherited >= 0)
            fcntl(m_inherited, F_SETFD, 0);
        execvp(m_arguments.front(), m_arguments.data());
        const int why = errno;
        [[maybe_unused]] const ssize_t written = write(m_refusal, &why, sizeof why);
        _exit(ExitCode::CannotRun);
    }

private:
    const SignalPause &m_pause;
    const int m_inherited;
    const int m_refusal;
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
void Command::start(const SignalPause &pause, std::intptr_t inherited)
{
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return reportStartError(QString::fromLocal8Bit(std::strerror(errno)));
    m_refusal = Descriptor(ends[0]);
    const Descriptor childsEnd(ends[1]);
    Child child(m_words, pause, inherited, childsEnd.value());
    m_process.setChildProcessModifier([&child] { child.execute(); });
    m_process.start(QStringLiteral("/"), QStringList(), QIODevice::ReadOnly); // a name it wants; it is never used
    m_process.setChildProcessModifier({});
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
    if (read(static_cast<int>(m_refusal.value()), &why, sizeof why) == sizeof why) {
        Q_EMIT failedToStart(why == ENOMEM ? ExitCode::System : ExitCode::CannotRun,
                             QStringLiteral("cannot run '%1': %2")
                                 .arg(QString::fromUtf8(m_words.first()), QString::fromLocal8Bit(std::strerror(why))));
        return;
    }
    Q_EMIT ended(kind == QProcess::CrashExit ? ExitCode::BySignal + code : code);
}

} // namespace Holdfast::Cli
