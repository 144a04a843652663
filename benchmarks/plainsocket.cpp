// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "plainsocket.h"

#include "micro.h"
#include "stats.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtNetwork/qlocalserver.h>
#include <QtNetwork/qlocalsocket.h>

#include <cstdio>
#include <memory>

namespace Bench {

namespace {

void answer(QLocalSocket *socket)
{
    const auto got = std::make_shared<QByteArray>();
    QObject::connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    QObject::connect(socket, &QLocalSocket::readyRead, socket, [socket, got] {
        got->append(socket->readAll());
        if (!got->endsWith(LastByte))
            return;
        socket->write("k");
        socket->flush();
    });
}

} // namespace

int runPlainServer(const std::string &path)
{
    QLocalServer server;
    QObject::connect(&server, &QLocalServer::newConnection, &server, [&server] {
        while (QLocalSocket *socket = server.nextPendingConnection())
            answer(socket);
    });
    require(server.listen(QString::fromStdString(path)));
    std::puts("ready");
    std::fflush(stdout);
    return QCoreApplication::exec();
}

double plainTime(const std::string &path, const QByteArray &message)
{
    constexpr int minute = 60000;
    const std::int64_t before = now();
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(path));
    require(socket.waitForConnected(minute));
    socket.write(message);
    socket.flush();
    require(socket.waitForReadyRead(minute) && socket.readAll() == "k");
    return static_cast<double>(now() - before);
}

double plainTimeInLoop(const std::string &path, const QByteArray &message)
{
    const std::int64_t before = now();
    QLocalSocket socket;
    QEventLoop loop;
    QObject::connect(&socket, &QLocalSocket::connected, &socket, [&] {
        socket.write(message);
        socket.flush();
    });
    QObject::connect(&socket, &QLocalSocket::readyRead, &loop, &QEventLoop::quit);
    QObject::connect(&socket, &QLocalSocket::errorOccurred, &loop, &QEventLoop::quit);
    socket.connectToServer(QString::fromStdString(path));
    loop.exec();
    require(socket.readAll() == "k");
    return static_cast<double>(now() - before);
}

} // namespace Bench
