// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <QtCore/qdeadlinetimer.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

constexpr int Patience = 20'000;

} // namespace

Terminal::Terminal(const QString &program, const QStringList &arguments, const QString &directory)
{
    int slave = -1;
    if (openpty(&m_master, &slave, nullptr, nullptr, nullptr) != 0)
        return;
    fcntl(m_master, F_SETFD, FD_CLOEXEC);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TERM"), QStringLiteral("xterm"));
    m_process.setProcessEnvironment(environment);
    m_process.setWorkingDirectory(directory);
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    m_process.setInputChannelMode(QProcess::ForwardedInputChannel);
    m_process.setChildProcessModifier([slave] {
        setsid();
        ioctl(slave, TIOCSCTTY, 0);
        for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            dup2(slave, descriptor);
    });
    m_process.start(program, arguments, QIODevice::ReadOnly);
    m_process.waitForStarted(Patience);
    close(slave);
}

Terminal::~Terminal()
{
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished(Patience);
    }
    hangUp();
}

void Terminal::type(const QByteArray &keys)
{
    [[maybe_unused]] const ssize_t written = write(m_master, keys.constData(), static_cast<std::size_t>(keys.size()));
}

bool Terminal::readSome(int milliseconds)
{
    pollfd poll{m_master, POLLIN, 0};
    if (::poll(&poll, 1, milliseconds) <= 0)
        return false;
    std::array<char, 4096> buffer;
    const ssize_t count = read(m_master, buffer.data(), buffer.size());
    if (count > 0)
        m_output.append(buffer.data(), count);
    return count > 0;
}

bool Terminal::waitFor(const QByteArray &text)
{
    const QDeadlineTimer deadline(Patience);
    while (!m_output.contains(text)) {
        readSome(50);
        if (deadline.hasExpired())
            return false;
    }
    return true;
}

void Terminal::hangUp()
{
    if (m_master >= 0)
        close(m_master);
    m_master = -1;
}

void Terminal::signal(int number)
{
    if (const qint64 process = id(); process > 0) // 0 would be everybody in our group
        kill(static_cast<pid_t>(process), number);
}

int Terminal::status()
{
    // Somebody has to read, or a full terminal would stop the program.
    const QDeadlineTimer deadline(Patience);
    while (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(20)) {
        if (m_master >= 0)
            readSome(0);
        if (deadline.hasExpired())
            return -1;
    }
    while (m_master >= 0 && readSome(0))
        continue;
    return m_process.exitStatus() == QProcess::CrashExit ? 128 + m_process.exitCode() : m_process.exitCode();
}
