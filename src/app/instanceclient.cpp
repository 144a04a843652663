// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/instanceclient.h"

#include "app/activationmessage.h"
#include "os/process.h"

#include <QtCore/qpointer.h>

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

using Error = SingleInstance::Error;
using namespace std::chrono_literals;
using How = ActivationReply::Outcome;

constexpr auto HeadSize = static_cast<qsizetype>(records::FrameHeadSize);

Error errorFrom(int number)
{
    const bool isKnown = number > int(Error::None) && number <= int(Error::CannotConnect);
    return isKnown ? static_cast<Error>(number) : Error::OtherProtocol;
}

} // namespace

InstanceClient::InstanceClient(const InstanceSettings &settings, const QByteArray &message, Activation::Wait wait,
                               QObject *parent)
    : QObject(parent), m_settings(settings), m_message(message), m_wait(wait), m_reader(settings.maximumSize)
{
    connect(&m_socket, &QLocalSocket::readyRead, this, &InstanceClient::read);
    connect(&m_socket, &QLocalSocket::bytesWritten, this, &InstanceClient::beSilentNoLonger);
    connect(&m_socket, &QLocalSocket::disconnected, this, &InstanceClient::handleEndOfConnection);
    m_alarm.setSingleShot(true);
    connect(&m_alarm, &QTimer::timeout, this, &InstanceClient::lookWhetherItIsSilent);
}

InstanceClient::~InstanceClient()
{
    m_socket.disconnect(this);
}

void InstanceClient::start(const os::SocketPlace &place)
{
    if (m_message.size() - HeadSize > m_settings.maximumSize)
        return refuse(Error::TooLarge, QStringLiteral("it has %1 bytes, and %2 is the limit")
                                           .arg(m_message.size() - HeadSize)
                                           .arg(m_settings.maximumSize));
    if (!connectTo(place))
        return;
    beSilentNoLonger();
    m_alarm.start(m_settings.timeout);
    m_socket.write(m_message);
    m_socket.flush();
}

std::optional<ClientEnd> InstanceClient::run(const os::SocketPlace &place, QDeadlineTimer deadline)
{
    start(place);
    while (!m_end && !deadline.hasExpired()) {
        lookWhetherItIsSilent();
        if (m_end)
            break;
        const QDeadlineTimer next = std::min(deadline, m_silence);
        if (!m_socket.waitForReadyRead(static_cast<int>(next.remainingTime()))
            && m_socket.state() == QLocalSocket::UnconnectedState)
            handleEndOfConnection();
    }
    return m_end;
}

void InstanceClient::giveUp()
{
    end({ClientEnd::Gone});
}

bool InstanceClient::connectTo(const os::SocketPlace &place)
{
    auto connected = os::connectTo(place);
    if (connected && checkPeer(connected->number())) {
        m_socket.setSocketDescriptor(connected->take(), QLocalSocket::ConnectedState, QIODevice::ReadWrite);
        return true;
    }
    if (connected)
        return false;
    const os::SystemError &error = connected.error();
    if (os::isNobodyThere(error) || os::isCrowded(error))
        end({ClientEnd::Gone});
    else
        refuse(error.kind == os::ErrorKind::PermissionDenied ? Error::OtherUser : Error::CannotConnect,
               QString::fromLocal8Bit(error.words()));
    return false;
}

// A place where others could put a socket was refused before; the kernel's word is what counts all the same.
bool InstanceClient::checkPeer(std::intptr_t socket)
{
    auto peer = os::peerOf(socket);
    if (peer && (m_settings.access == SingleInstance::Access::Everyone || peer->user == os::currentUser()))
        return true;
    refuse(Error::OtherUser, peer ? QStringLiteral("who answers is process %1 of the user %2")
                                        .arg(peer->process)
                                        .arg(QString::fromStdString(os::userName(peer->user)))
                                  : QStringLiteral("nobody knows who answers"));
    return false;
}

void InstanceClient::read()
{
    while (!m_end && m_socket.bytesAvailable() > 0) {
        beSilentNoLonger();
        switch (m_reader.read(m_socket)) {
        case FrameReader::Result::Incomplete:
            return;
        case FrameReader::Result::TooLarge:
            return refuse(Error::TooLarge,
                          QStringLiteral("the answer is larger than %1 bytes").arg(m_settings.maximumSize));
        case FrameReader::Result::Foreign:
            return refuse(Error::OtherProtocol, QStringLiteral("who answers does not know its form"));
        case FrameReader::Result::Complete:
            handleFrame();
        }
    }
}

// Whoever has begun to answer has done it: sent to another one, it would be done twice.
void InstanceClient::handleEndOfConnection()
{
    read();
    if (m_reader.hasHead() && m_reader.kind() == records::FrameKind::Answer)
        return refuse(Error::Unresponsive, QStringLiteral("the connection has ended in the middle of it"));
    end({ClientEnd::Gone});
}

void InstanceClient::handleFrame()
{
    switch (m_reader.kind()) {
    case records::FrameKind::Acknowledgement:
        m_isAcknowledged = true;
        m_reader.takeBody();
        return;
    case records::FrameKind::Leaving:
        return end({ClientEnd::Gone});
    case records::FrameKind::Answer:
        return handleAnswer();
    case records::FrameKind::Activation:
        break;
    }
    refuse(Error::OtherProtocol, QStringLiteral("who answers asks instead"));
}

void InstanceClient::handleAnswer()
{
    const std::optional<ActivationReply> reply = readReply(m_reader.takeBody());
    if (!reply)
        return refuse(Error::OtherProtocol, QStringLiteral("the answer cannot be read"));
    if (reply->outcome == How::Failed)
        return refuse(errorFrom(reply->exitCode), reply->text);
    end({ClientEnd::Answered, *reply});
}

void InstanceClient::beSilentNoLonger()
{
    m_silence.setRemainingTime(m_settings.timeout);
}

// Whoever wants to wait until it is finished, and was told that it will be looked after, has time.
void InstanceClient::lookWhetherItIsSilent()
{
    if (m_end)
        return;
    const bool isPatient = m_isAcknowledged && m_wait == Activation::Wait::UntilFinished;
    if (isPatient)
        m_silence = QDeadlineTimer(QDeadlineTimer::Forever);
    else if (!m_silence.hasExpired())
        m_alarm.start(std::max(std::chrono::milliseconds(m_silence.remainingTime()), 1ms));
    else if (m_isAcknowledged)
        end({ClientEnd::Answered, {.outcome = How::Unanswered}});
    else
        complain();
}

// Who goes on waiting keeps this connection: sent a second time, it would be done twice.
void InstanceClient::complain()
{
    const QPointer<InstanceClient> self = this;
    m_silence = QDeadlineTimer(QDeadlineTimer::Forever);
    Q_EMIT silent();
    if (self && m_settings.whenUnresponsive != SingleInstance::WhenUnresponsive::Wait)
        end({ClientEnd::Silent});
}

void InstanceClient::refuse(Error error, const QString &why)
{
    const QString what =
        m_isAcknowledged ? QStringLiteral("The running instance has the activation, but its answer cannot be had: %1.")
                         : QStringLiteral("The activation could not be handed to the running instance: %1.");
    end({ClientEnd::Refused, {}, {error, what.arg(why)}});
}

void InstanceClient::end(const ClientEnd &end)
{
    if (m_end)
        return;
    m_end = end;
    m_alarm.stop();
    Q_EMIT ended(end);
}

} // namespace Holdfast
