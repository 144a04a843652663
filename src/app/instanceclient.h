// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/framereader.h"
#include "app/instancesettings.h"
#include "os/localsocket.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qlocalsocket.h>

#include <optional>

namespace Holdfast {

/** How one try to reach the primary ended. */
struct ClientEnd
{
    enum Kind {
        Answered, ///< see reply
        Gone,     ///< nobody listens, or it has left or died: there is to be another primary
        Silent,   ///< no sign of life within the timeout; not if WhenUnresponsive::Wait
        Refused   ///< see failure
    };
    Kind kind = Gone;
    ActivationReply reply = {};
    InstanceFailure failure = {};
};

/** The secondary's end of one connection: hands over one activation and waits for the answer. Through signals, or blocking. */
class InstanceClient : public QObject
{
    Q_OBJECT
public:
    InstanceClient(const InstanceSettings &settings, const QByteArray &message, Activation::Wait wait,
                   QObject *parent = nullptr);
    ~InstanceClient() override;

    void start(const os::SocketPlace &place); ///< ends in ended(), perhaps before this returns

    /** start(), and waits for the end; nothing when @p deadline comes first. Runs no event loop. */
    std::optional<ClientEnd> run(const os::SocketPlace &place, QDeadlineTimer deadline);

    void giveUp(); ///< ends, as if nobody were there

    bool isAcknowledged() const { return m_isAcknowledged; } ///< whether the primary has all of it

Q_SIGNALS:
    void silent(); ///< no sign of life within the timeout; once
    void ended(const Holdfast::ClientEnd &end);

private:
    bool connectTo(const os::SocketPlace &place);
    bool checkPeer(std::intptr_t socket);
    void read();
    void handleEndOfConnection();
    void handleFrame();
    void handleAnswer();
    void beSilentNoLonger();
    void lookWhetherItIsSilent();
    void complain();
    void refuse(SingleInstance::Error error, const QString &why);
    void end(const ClientEnd &end);

    const InstanceSettings m_settings;
    const QByteArray m_message;
    const Activation::Wait m_wait;
    QLocalSocket m_socket;
    FrameReader m_reader;
    QDeadlineTimer m_silence; ///< counts anew with each sign of life
    QTimer m_alarm;
    bool m_isAcknowledged = false;
    std::optional<ClientEnd> m_end;
};

} // namespace Holdfast
