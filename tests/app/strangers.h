// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

#include <chrono>
#include <memory>

/** Who speaks to an instance, or in its place, without this library. */

/** Connects, says @p bytes, and waits until the other end has said something or hung up. */
QByteArray sayTo(const QString &path, const QByteArray &bytes);

/** Connects, says @p bytes, and then one more byte in each @p interval until the other end hangs up, or @p longest is over. */
void dribbleTo(const QString &path, const QByteArray &bytes, std::chrono::milliseconds interval,
               std::chrono::milliseconds longest);

/** Listens at a path, and says the same to everybody. Needs the event loop. */
class Impostor
{
public:
    Impostor(const QString &path, const QByteArray &bytes);
    ~Impostor();
    Q_DISABLE_COPY_MOVE(Impostor)

private:
    struct Server;
    std::unique_ptr<Server> m_server;
};
