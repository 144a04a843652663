// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "strangers.h"

#include <QtCore/qelapsedtimer.h>
#include <QtNetwork/qlocalserver.h>
#include <QtNetwork/qlocalsocket.h>

namespace {

constexpr int Patience = 20000; // ms; only a hang takes that long

} // namespace

QByteArray sayTo(const QString &path, const QByteArray &bytes)
{
    QLocalSocket socket;
    socket.connectToServer(path);
    if (!socket.waitForConnected(Patience))
        return "no connection";
    socket.write(bytes);
    QByteArray said;
    while (socket.state() == QLocalSocket::ConnectedState && said.isEmpty() && socket.waitForReadyRead(Patience))
        said += socket.readAll();
    return said;
}

void dribbleTo(const QString &path, const QByteArray &bytes, std::chrono::milliseconds interval,
               std::chrono::milliseconds longest)
{
    QLocalSocket socket;
    socket.connectToServer(path);
    socket.write(bytes);
    QElapsedTimer clock;
    clock.start();
    while (socket.state() == QLocalSocket::ConnectedState && clock.elapsed() < longest.count()) {
        socket.write("x");
        socket.waitForReadyRead(static_cast<int>(interval.count())); // the load: each byte in time, and never an end
    }
}

struct Impostor::Server : QLocalServer
{ };

Impostor::Impostor(const QString &path, const QByteArray &bytes) : m_server(std::make_unique<Server>())
{
    QObject::connect(m_server.get(), &QLocalServer::newConnection,
                     [this, bytes] { m_server->nextPendingConnection()->write(bytes); });
    m_server->listen(path);
}

Impostor::~Impostor() = default;
