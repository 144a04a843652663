// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearray.h>

#include <string>

namespace Bench {

/** What a message costs on a bare QLocalSocket: no frame, no name that is verified, no user that is asked for. The last byte of a
    message, which no other has, is its end; one byte is the answer. */
constexpr char LastByte = '\n';

/** A QLocalServer at @p path that answers, until it is killed. */
int runPlainServer(const std::string &path);

/** One connection, @p message there and the answer back, blocking. In nanoseconds. */
double plainTime(const std::string &path, const QByteArray &message);

/** The same through the event loop. */
double plainTimeInLoop(const std::string &path, const QByteArray &message);

} // namespace Bench
