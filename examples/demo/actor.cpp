// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "actor.h"

#include <QCoreApplication>

#include <csignal>

// Long enough for a sanitizer to look for leaks.
constexpr int EndTimeout = 10'000;

Actor::Actor(const QString &name, const QString &lockFile) : m_name(name)
{
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &Actor::hear);
    connect(&m_process, &QProcess::stateChanged, this, [this](QProcess::ProcessState state) {
        if (state == QProcess::NotRunning && !m_mayEnd)
            Q_EMIT died();
    });
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    // Ctrl-C is for the director; a worker ends when its input does.
    m_process.setChildProcessModifier([] { std::signal(SIGINT, SIG_IGN); });
    m_process.start(QCoreApplication::applicationFilePath(), {"--worker", name, "--lock-file", lockFile});
    m_processId = m_process.processId();
}

Actor::~Actor()
{
    m_mayEnd = true;
    m_process.closeWriteChannel();
    if (m_process.waitForFinished(EndTimeout) || !isRunning())
        return;
    m_process.kill();
    m_process.waitForFinished();
}

void Actor::tell(const Order &order)
{
    m_seen = 0;
    m_process.write(order.toLine());
}

void Actor::cancel()
{
    m_process.write("cancel\n");
}

void Actor::kill()
{
    m_mayEnd = true;
    const Moment when = now();
    m_process.kill();
    report({when, Report::Killed});
}

void Actor::hear()
{
    while (m_process.canReadLine()) {
        if (const auto heard = Report::fromLine(m_process.readLine()))
            report(*heard);
    }
}

void Actor::report(const Report &report)
{
    m_seen |= 1u << report.kind;
    Q_EMIT reported(report);
}
