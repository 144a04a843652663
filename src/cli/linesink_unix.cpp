// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/linesink.h"

#include <QtCore/qsocketnotifier.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace Holdfast::Cli {

LineSink::LineSink(QObject *parent) : QObject(parent) { }
LineSink::~LineSink() = default;

// The command's end stays a blocking one, as every program expects. A signal that is caught is not handed down to the command,
// as one that is ignored would be.
bool LineSink::open()
{
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        return false;
    m_reading = Descriptor(ends[0]);
    m_writing = Descriptor(ends[1]);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    m_notifier = std::make_unique<QSocketNotifier>(ends[1], QSocketNotifier::Write, this);
    m_notifier->setEnabled(false);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &LineSink::write);
    struct sigaction action = {};
    if (sigaction(SIGPIPE, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) {
        action.sa_handler = [](int) {};
        sigaction(SIGPIPE, &action, nullptr);
    }
    return true;
}

void LineSink::send(const QByteArray &line)
{
    if (!m_writing.isOpen())
        return;
    m_waiting += line;
    write();
}

void LineSink::write()
{
    const auto size = static_cast<std::size_t>(m_waiting.size());
    const ssize_t written = ::write(static_cast<int>(m_writing.value()), m_waiting.constData(), size);
    if (written < 0 && errno != EAGAIN && errno != EINTR) {
        m_notifier->setEnabled(false);
        m_notifier.release()->deleteLater(); // it may be what has called
        m_writing = Descriptor();
        return;
    }
    m_waiting.remove(0, written < 0 ? 0 : written);
    m_notifier->setEnabled(!m_waiting.isEmpty());
}

} // namespace Holdfast::Cli
