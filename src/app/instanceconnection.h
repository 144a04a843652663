// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/framereader.h"
#include "app/instancesettings.h"
#include "os/localsocket.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qfuturewatcher.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qlocalsocket.h>

#include <memory>
#include <optional>

namespace Holdfast {

class ActivationTicket;

/** The primary's end of one connection: takes one activation, acknowledges it, and sends the answer when there is one. */
class InstanceConnection : public QObject
{
    Q_OBJECT
public:
    InstanceConnection(os::Descriptor socket, const os::Peer &peer, const InstanceSettings &settings,
                       QObject *parent = nullptr);
    ~InstanceConnection() override;

    void refuse(SingleInstance::Error error, const QString &why); ///< the activation is not even read

    void leave(); ///< the primary is leaving: tells the other end what will not be done, and what is finished
    bool
    hasSentAll();   ///< waits a moment; what is larger than the system keeps for the other end goes when that reads it
    void abandon(); ///< in the child of a fork: says nothing

Q_SIGNALS:
    void received(const Holdfast::Activation &activation); ///< one that can be answered
    void ended();                                          ///< nothing more is going to happen

private:
    /** What the bytes say; neither: nothing that is known here. */
    struct Decoded
    {
        std::optional<Activation> activation = {};
        bool hasTooManyEntries = false;
    };

    static Decoded decode(const QByteArray &bytes);
    void read();
    void readActivation();
    void take(Decoded &&decoded);
    void sendReply();
    void sayItIsTooLarge(qsizetype size);
    void send(records::FrameKind kind, const QByteArray &body = {});
    void close();
    void handleEndOfConnection();
    void end();

    const os::Peer m_peer;
    const InstanceSettings m_settings;
    QLocalSocket m_socket;
    FrameReader m_reader;
    QTimer m_silence;          ///< since the last byte came, or went
    QDeadlineTimer m_patience; ///< with all of it
    std::weak_ptr<ActivationTicket> m_ticket;
    QFutureWatcher<Decoded> m_decoding;
    QFutureWatcher<ActivationReply> m_reply;
    bool m_isOrphaned = false; ///< the other end has gone, and what it sent is still being decoded
    enum class Phase { Reading, Decoding, Refusing, Answering, Closing, Ended } m_phase = Phase::Reading;
};

} // namespace Holdfast
