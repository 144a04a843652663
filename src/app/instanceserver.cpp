// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/instanceserver.h"

#include "app/instanceconnection.h"
#include "engine/logging.h"
#include "os/process.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qtimer.h>

#include <utility>

namespace Holdfast {

namespace {

using Access = SingleInstance::Access;

// Who reads takes 16 MiB in a tenth of it.
constexpr std::chrono::milliseconds LeavingTakes{500};

constexpr unsigned OwnSocket = 0600;
constexpr unsigned EverybodysSocket = 0666;

// Who has left a socket there that the system does not let us take away; nobody: it is for another reason.
std::optional<unsigned> ownerInTheWay(const os::SocketPlace &place, const os::SystemError &error)
{
    if (error.kind != os::ErrorKind::PermissionDenied)
        return std::nullopt;
    for (const std::string &name : {place.name, os::LocalListener::newNameOf(place)}) {
        auto facts = place.directory.facts(name);
        if (facts && *facts && (*facts)->owner != os::currentUser())
            return (*facts)->owner;
    }
    return std::nullopt;
}

InstanceFailure cannotListen(const os::SocketPlace &place, const os::SystemError &error)
{
    const QString path = QFile::decodeName(place.path.c_str());
    const QString why =
        QStringLiteral("%1: %2").arg(QString::fromLatin1(error.operation), QString::fromLocal8Bit(error.words()));
    if (const auto owner = ownerInTheWay(place, error))
        return {
            SingleInstance::Error::CannotListen,
            QStringLiteral("Cannot listen for other instances of this program in \"%1\" (%2): the user %3 has left "
                           "\"%4\" there by a crash, and in this directory only he or root can remove it. Ask for "
                           "that, or choose a directory in which everybody may remove files (one that is not sticky).")
                .arg(path, why, QString::fromStdString(os::userName(*owner)), QFile::decodeName(place.name.c_str()))};
    return {
        SingleInstance::Error::CannotListen,
        QStringLiteral("Cannot listen for other instances of this program in \"%1\" (%2). Make room there, or choose "
                       "another directory.")
            .arg(path, why)};
}

} // namespace

InstanceServer::InstanceServer(const InstanceSettings &settings, std::function<os::SocketPlace()> place,
                               QObject *parent)
    : QObject(parent), m_settings(settings), m_place(std::move(place))
{
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &InstanceServer::lookWhetherItIsThere);
}

InstanceServer::~InstanceServer()
{
    leave();
}

InstanceFailure InstanceServer::listen()
{
    const os::SocketPlace place = m_place();
    auto listener =
        os::LocalListener::listenAt(place, m_settings.access == Access::Everyone ? EverybodysSocket : OwnSocket);
    if (!listener)
        return cannotListen(place, listener.error());
    if (m_listener)
        accept(); // who came to the old one in time
    m_notifier.reset();
    m_listener.emplace(std::move(*listener));
    m_notifier = std::make_unique<QSocketNotifier>(m_listener->descriptor(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &InstanceServer::accept);
    if (!m_watcher.directories().isEmpty()) // perhaps another one of the same name
        m_watcher.removePaths(m_watcher.directories());
    m_watcher.addPath(QFile::decodeName(place.path.c_str()));
    return {};
}

// Who cleans up temporary files may take the socket away from under a program that runs for weeks.
void InstanceServer::lookWhetherItIsThere()
{
    const os::SocketPlace place = m_place();
    if (!place.directory.isAt(place.path)) { // with the lock file, so all is made anew
        Q_EMIT movedAway();
        return;
    }
    auto facts = place.directory.facts(place.name);
    if (!m_listener || !facts || *facts)
        return;
    qCDebug(lcHoldfast) << "the socket of the instance was removed, and is made anew";
    const InstanceFailure failure = listen();
    if (failure.isSet() && place.directory.isAt(place.path))
        qCWarning(lcHoldfast).noquote() << failure.text;
}

void InstanceServer::accept()
{
    constexpr int inOneGo = 64; // other events want their turn
    for (int i = 0; i < inOneGo; ++i) {
        auto socket = m_listener->accept();
        if (!socket) {
            qCWarning(lcHoldfast) << "cannot accept another instance:" << socket.error().words().c_str();
            pause();
            return;
        }
        if (!socket->isOpen())
            return;
        take(std::move(*socket));
    }
}

// Without descriptors whoever waits goes on waiting, and the event loop would hear of nothing else.
void InstanceServer::pause()
{
    constexpr std::chrono::milliseconds untilSomeAreFree{100};
    m_notifier->setEnabled(false);
    QTimer::singleShot(untilSomeAreFree, m_notifier.get(), [this] { m_notifier->setEnabled(true); });
}

void InstanceServer::take(os::Descriptor socket)
{
    auto peer = os::peerOf(socket.number());
    if (!peer)
        return; // it has gone already
    auto *connection = new InstanceConnection(std::move(socket), *peer, m_settings, this);
    m_connections.insert(connection);
    connect(connection, &InstanceConnection::received, this, &InstanceServer::received);
    connect(connection, &InstanceConnection::ended, this, [this, connection] {
        m_connections.remove(connection);
        connection->deleteLater();
    });
    if (m_settings.access == Access::Everyone || peer->user == os::currentUser())
        return;
    qCWarning(lcHoldfast) << "the user with the number" << peer->user << "tries to reach this program: process"
                          << peer->process;
    connection->refuse(SingleInstance::Error::OtherUser, QStringLiteral("the running instance is another user's"));
}

void InstanceServer::leave()
{
    if (m_generation != forkGeneration())
        return abandon();
    if (!m_listener)
        return;
    m_listener->withdraw(m_place());
    m_notifier.reset();
    m_listener.reset();
    QList<InstanceConnection *> connections = std::exchange(m_connections, {}).values();
    for (InstanceConnection *connection : connections) {
        connection->disconnect(this);
        connection->leave();
        connection->deleteLater();
    }
    // One that does not read costs the others nothing.
    for (const QDeadlineTimer deadline(LeavingTakes); !connections.isEmpty() && !deadline.hasExpired();)
        connections.removeIf([](InstanceConnection *connection) { return connection->hasSentAll(); });
    if (!m_watcher.directories().isEmpty())
        m_watcher.removePaths(m_watcher.directories());
}

// In the child of a fork: socket and connections are the parent's, who goes on.
void InstanceServer::abandon()
{
    m_notifier.reset();
    m_listener.reset();
    for (InstanceConnection *connection : std::exchange(m_connections, {})) {
        connection->disconnect(this);
        connection->abandon();
    }
}

} // namespace Holdfast
