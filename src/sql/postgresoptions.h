// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "sql/serveraddress.h"

#include <QtCore/qstring.h>

#include <optional>

namespace Holdfast {

/** The driver's options for a session: the user's, and where he has said nothing, our patience and our name. */
QString postgresOptions(const ServerAddress &address);

/** What a session sets for itself at the server, as an expression; begins with whether that one is a standby. */
QString settingsExpression(std::chrono::milliseconds lossBound);

/** The process at the other end of a session, as it has told the server in its application_name. */
struct SessionOwner
{
    QString program;
    qint64 process = 0;
    QString host;

    static SessionOwner current();
    static std::optional<SessionOwner> in(const QString &applicationName);
    QString toApplicationName() const;
};

} // namespace Holdfast
