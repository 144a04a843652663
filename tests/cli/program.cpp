// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "program.h"

#include <QtCore/qdeadlinetimer.h>

#include <csignal>
#include <unistd.h>

namespace {

constexpr int Patience = 20'000;

} // namespace

QString holdfastProgram()
{
    return QStringLiteral(HOLDFAST_PROGRAM);
}

QString listenerProgram()
{
    return QStringLiteral(HOLDFAST_LISTENER);
}

Running::Running(const QString &program, const QStringList &arguments, const QString &directory)
{
    m_process.setWorkingDirectory(directory);
    m_process.start(program, arguments);
    m_process.waitForStarted(Patience);
}

Running::~Running()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    m_process.kill();
    m_process.waitForFinished(Patience);
}

void Running::collect()
{
    m_out += m_process.readAllStandardOutput();
    m_err += m_process.readAllStandardError();
}

bool Running::waitFor(const QByteArray &text, QByteArray &where)
{
    const QDeadlineTimer deadline(Patience);
    for (collect(); !where.contains(text); collect()) {
        if (deadline.hasExpired() || m_process.state() == QProcess::NotRunning)
            return false;
        m_process.waitForReadyRead(50); // one channel; the other may have got something
    }
    return true;
}

bool Running::waitForOutput(const QByteArray &text)
{
    return waitFor(text, m_out);
}

bool Running::waitForErrors(const QByteArray &text)
{
    return waitFor(text, m_err);
}

bool Running::waitUntilItEnds()
{
    return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(Patience);
}

Ending Running::ending()
{
    if (!waitUntilItEnds())
        return {-1, m_out, m_err + "(still running)"};
    collect();
    const int code = m_process.exitCode();
    return {m_process.exitStatus() == QProcess::CrashExit ? 128 + code : code, m_out, m_err};
}

void Running::signal(int number)
{
    if (const qint64 process = id(); process > 0) // 0 would be everybody in our group
        kill(static_cast<pid_t>(process), number);
}

std::unique_ptr<Running> Scene::start(const QString &program, const QStringList &arguments) const
{
    return std::make_unique<Running>(program, arguments, directory());
}

std::unique_ptr<Running> Scene::holdfast(const QStringList &arguments) const
{
    return start(holdfastProgram(), arguments);
}

Ending Scene::run(const QString &program, const QStringList &arguments, const QByteArray &input) const
{
    const auto running = start(program, arguments);
    running->write(input);
    running->closeInput();
    return running->ending();
}

std::unique_ptr<Running> Scene::flockHolds(const QString &name, bool shared) const
{
    // Without the descriptor (-o), so that the lock goes with flock itself when a test kills it.
    auto running = start(QStringLiteral("flock"),
                         {shared ? QStringLiteral("-so") : QStringLiteral("-xo"), path(name), QStringLiteral("sh"),
                          QStringLiteral("-c"), QStringLiteral("echo held; read line")});
    return running->waitForOutput("held") ? std::move(running) : nullptr;
}

bool Scene::isFree(const QString &name, bool shared) const
{
    const QString mode = shared ? QStringLiteral("-s") : QStringLiteral("-x");
    return run(QStringLiteral("flock"), {mode, QStringLiteral("-n"), path(name), QStringLiteral("true")}).status == 0;
}

bool canTrace()
{
    static const bool works =
        QProcess::execute(QStringLiteral("strace"),
                          {QStringLiteral("-o"), QStringLiteral("/dev/null"), QStringLiteral("true")})
        == 0;
    return works;
}
