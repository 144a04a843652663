// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/instanceconnection.h"

#include "app/activationmessage.h"
#include "app/activationticket.h"
#include "engine/attemptpool.h"
#include "engine/logging.h"

#include <QtCore/qpromise.h>
#include <QtCore/qthreadpool.h>

#include <utility>

namespace Holdfast {

namespace {

using Error = SingleInstance::Error;
using How = ActivationReply::Outcome;

// One that sends byte after byte, each in time, must come to an end, too.
constexpr int SilencesInAll = 12;

// Decoded at once, without a pause that anybody sees. More takes a thread of its own: 16 MiB of short texts, a second.
constexpr qsizetype MostDecodedHere = qsizetype(64) << 10;

// What comes beyond stays with the sender until it has been read here, or never is.
constexpr qint64 MostUnread = qint64(1) << 20;

} // namespace

InstanceConnection::InstanceConnection(os::Descriptor socket, const os::Peer &peer, const InstanceSettings &settings,
                                       QObject *parent)
    : QObject(parent),
      m_peer(peer),
      m_settings(settings),
      m_reader(settings.maximumSize),
      m_patience(settings.timeout * SilencesInAll)
{
    connect(&m_socket, &QLocalSocket::readyRead, this, &InstanceConnection::read);
    connect(&m_socket, &QLocalSocket::disconnected, this, &InstanceConnection::handleEndOfConnection);
    connect(&m_socket, &QLocalSocket::bytesWritten, this, [this] {
        if (m_phase == Phase::Closing)
            m_silence.start();
    });
    // Not takeResult(): it resets a promise that is still there, which then finishes once more when it goes.
    connect(&m_decoding, &QFutureWatcherBase::finished, this, [this] { take(m_decoding.result()); });
    connect(&m_reply, &QFutureWatcherBase::finished, this, &InstanceConnection::sendReply);
    connect(&m_silence, &QTimer::timeout, this, [this] {
        qCDebug(lcHoldfast) << "a connection of process" << m_peer.process << "is closed: it says nothing";
        end();
    });
    m_silence.setSingleShot(true);
    m_silence.start(m_settings.timeout);
    m_socket.setReadBufferSize(MostUnread);
    m_socket.setSocketDescriptor(socket.take(), QLocalSocket::ConnectedState, QIODevice::ReadWrite);
}

InstanceConnection::~InstanceConnection()
{
    m_socket.disconnect(this);
}

void InstanceConnection::read()
{
    if (m_phase == Phase::Refusing)
        m_socket.readAll();
    if (m_phase != Phase::Reading)
        return;
    if (m_patience.hasExpired())
        return end();
    m_silence.start();
    switch (m_reader.read(m_socket)) {
    case FrameReader::Result::Incomplete:
        return;
    case FrameReader::Result::TooLarge:
        return refuse(Error::TooLarge, QStringLiteral("it is larger than the %1 bytes that the running instance takes")
                                           .arg(m_settings.maximumSize));
    case FrameReader::Result::Foreign:
        return refuse(Error::OtherProtocol, QStringLiteral("the running instance does not know its form"));
    case FrameReader::Result::Complete:
        readActivation();
    }
}

void InstanceConnection::readActivation()
{
    if (m_reader.kind() != records::FrameKind::Activation)
        return refuse(Error::OtherProtocol, QStringLiteral("the running instance cannot read it"));
    m_silence.stop();
    m_phase = Phase::Decoding;
    const QByteArray bytes = m_reader.takeBody();
    if (bytes.size() <= MostDecodedHere)
        return take(decode(bytes));
    const auto promise = std::make_shared<QPromise<Decoded>>();
    promise->start();
    m_decoding.setFuture(promise->future());
    attemptPool(AttemptPool::Files)->start([promise, bytes] {
        promise->addResult(decode(bytes));
        promise->finish();
    });
}

InstanceConnection::Decoded InstanceConnection::decode(const QByteArray &bytes)
{
    if (hasTooManyEntries(bytes))
        return {.hasTooManyEntries = true};
    return {.activation = Holdfast::readActivation(bytes)};
}

void InstanceConnection::take(Decoded &&decoded)
{
    if (m_phase != Phase::Decoding)
        return;
    if (decoded.hasTooManyEntries)
        return refuse(Error::TooLarge, QStringLiteral("it has more than a million entries"));
    if (!decoded.activation)
        return refuse(Error::OtherProtocol, QStringLiteral("the running instance cannot read it"));
    std::optional<Activation> activation = std::move(decoded.activation);
    m_phase = Phase::Answering;
    activation->senderProcessId = m_peer.process;
    activation->senderUserId = m_peer.user;
    const std::shared_ptr<ActivationTicket> ticket = ActivationTicket::attachTo(*activation);
    m_ticket = ticket;
    m_reply.setFuture(ticket->reply());
    if (!m_isOrphaned)
        send(records::FrameKind::Acknowledgement);
    Q_EMIT received(*activation);
    if (m_isOrphaned)
        end();
}

void InstanceConnection::sendReply()
{
    if (m_phase != Phase::Answering)
        return;
    const QFuture<ActivationReply> future = m_reply.future();
    if (future.resultCount() == 0)
        send(records::FrameKind::Leaving);
    else if (QByteArray body = writeReply(future.result()); body.size() <= m_settings.maximumSize)
        send(records::FrameKind::Answer, body);
    else
        sayItIsTooLarge(body.size());
    close();
}

void InstanceConnection::sayItIsTooLarge(qsizetype size)
{
    const QString text = QStringLiteral("it has %1 bytes, and %2 is the limit").arg(size).arg(m_settings.maximumSize);
    qCWarning(lcHoldfast).noquote() << "the answer to the activation from process" << m_peer.process
                                    << "is not sent:" << text;
    send(records::FrameKind::Answer,
         writeReply({.outcome = How::Failed, .exitCode = int(Error::TooLarge), .text = text}));
}

// Closed by us with something unread, the connection would be reset, and the answer perhaps not be seen.
void InstanceConnection::refuse(Error error, const QString &why)
{
    qCDebug(lcHoldfast) << "an activation from process" << m_peer.process << "is refused:" << why;
    send(records::FrameKind::Answer, writeReply({.outcome = How::Failed, .exitCode = int(error), .text = why}));
    m_phase = Phase::Refusing;
    m_silence.start(m_settings.timeout);
    m_socket.readAll();
}

void InstanceConnection::leave()
{
    if (m_phase == Phase::Answering) {
        // What was seen is finished with the program; what nobody has seen the next primary shall see.
        if (const auto ticket = m_ticket.lock())
            ticket->isDelivered() ? ticket->answer({}) : ticket->leaveUnanswered();
        sendReply();
    } else if (m_phase == Phase::Reading || m_phase == Phase::Decoding) {
        send(records::FrameKind::Leaving);
        close();
    }
    m_socket.flush();
}

bool InstanceConnection::hasSentAll()
{
    constexpr int moment = 5; // ms
    while (m_socket.bytesToWrite() > 0 && m_socket.waitForBytesWritten(moment))
        continue;
    return m_socket.bytesToWrite() == 0;
}

void InstanceConnection::abandon()
{
    m_phase = Phase::Ended;
    m_socket.disconnect(this);
    m_socket.abort();
}

void InstanceConnection::send(records::FrameKind kind, const QByteArray &body)
{
    m_socket.write(frame(kind, body));
    m_socket.flush(); // the other end need not wait until this event loop comes round
}

// What has been written still goes out; what still comes is not read. Whoever does not read it is perhaps stopped, and it is done.
void InstanceConnection::close()
{
    m_phase = Phase::Closing;
    m_silence.start(m_settings.timeout * SilencesInAll);
    m_socket.disconnectFromServer();
}

// What has been sent is done, though nobody waits for it any more.
void InstanceConnection::handleEndOfConnection()
{
    if (m_phase == Phase::Decoding)
        m_isOrphaned = true;
    else
        end();
}

void InstanceConnection::end()
{
    if (std::exchange(m_phase, Phase::Ended) != Phase::Ended)
        Q_EMIT ended();
}

} // namespace Holdfast
