// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "player.h"

#include <QDeadlineTimer>

#include <csignal>
#include <stdexcept>

namespace {

constexpr int Patience = 20'000; // ms, for a machine that has much else to do

[[noreturn]] void fail(const QString &text)
{
    throw std::runtime_error(text.toStdString());
}

} // namespace

Player::Player(QString name, const QString &program, const QStringList &arguments) : m_name(std::move(name))
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(program, arguments);
    if (!m_process.waitForStarted(Patience))
        fail("cannot start " + program + ": " + m_process.errorString());
    await("window", "visible", "true");
}

Player::~Player()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(Patience))
        m_process.kill();
}

void Player::close()
{
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(Patience))
        fail(m_name + " does not end");
}

void Player::kill()
{
    m_process.kill();
    if (!m_process.waitForFinished(Patience))
        fail(m_name + " does not die");
}

void Player::stop()
{
    ::kill(pid_t(m_process.processId()), SIGSTOP);
}

void Player::goOn()
{
    ::kill(pid_t(m_process.processId()), SIGCONT);
}

int Player::end()
{
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(Patience))
        fail(m_name + " does not end");
    return m_process.exitCode();
}

QString Player::say(const QStringList &words)
{
    m_process.write(words.join('\t').toUtf8() + '\n');
    const QDeadlineTimer deadline(Patience);
    while (!m_process.canReadLine()) {
        if (deadline.hasExpired() || !m_process.waitForReadyRead(int(deadline.remainingTime())))
            fail(m_name + " gives no answer to: " + words.join(' '));
    }
    QStringList answer = QString::fromUtf8(m_process.readLine()).trimmed().split('\t');
    if (answer.first() != "ok")
        fail(m_name + ", asked for " + words.join(' ') + ": " + answer.value(1));
    return answer.value(1).replace("\\n", "\n");
}
