// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "otherprocess.h"

#include <QtTest/qtest.h>

#include <csignal>

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long, also on a loaded machine

} // namespace

OtherProcess::OtherProcess(const QString &kind, const QString &path)
    : OtherProcess(QStringLiteral(HOLDFAST_LOCKPROCESS), {kind, path}, QStringLiteral("ready"))
{ }

OtherProcess::OtherProcess(const QString &program, const QStringList &arguments, const QString &ready)
{
    m_process.start(program, arguments);
    if (!m_process.waitForStarted(Patience))
        QTest::qFail(qPrintable(program + QStringLiteral(" does not start")), __FILE__, __LINE__);
    const QString said = hear();
    if (said != ready)
        QTest::qFail(
            qPrintable(QStringLiteral("%1 says \"%2\" instead of \"%3\"\n%4").arg(program, said, ready, errors())),
            __FILE__, __LINE__);
}

OtherProcess::~OtherProcess()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished(Patience);
}

void OtherProcess::tell(const QString &line)
{
    m_process.write(line.toUtf8() + '\n');
    m_process.waitForBytesWritten(Patience);
}

QString OtherProcess::hear()
{
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(Patience))
            return {};
    }
    return QString::fromUtf8(m_process.readLine()).trimmed();
}

QString OtherProcess::ask(const QString &line)
{
    tell(line);
    return hear();
}

bool OtherProcess::isSilent()
{
    return !m_process.canReadLine() && !m_process.waitForReadyRead(50);
}

void OtherProcess::kill()
{
    m_process.kill();
    m_process.waitForFinished(Patience);
}

void OtherProcess::freeze()
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGSTOP);
}

void OtherProcess::unfreeze()
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGCONT);
}

bool OtherProcess::end()
{
    m_process.closeWriteChannel();
    return m_process.waitForFinished(Patience) && m_process.exitStatus() == QProcess::NormalExit
           && m_process.exitCode() == 0;
}
