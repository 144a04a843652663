// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>
#include <QtSql/qsqldatabase.h>

#include <chrono>
#include <string>

namespace Holdfast {

/** Which server to ask, as whom, and how patient to be with it: the settings of a QSqlDatabase, as plain values. */
struct ServerAddress
{
    QString driver;
    QString host;
    int port = -1;
    QString database;
    QString user;
    QString password;
    QString options;
    std::chrono::milliseconds lossBound{0};

    /** Reads the settings; asks nobody. */
    static ServerAddress of(const QSqlDatabase &connection, std::chrono::milliseconds lossBound);

    /** All but the loss bound, in a text that is no path; another one for other settings. With the password: not for messages. */
    std::string identity() const;

    /** For messages: `postgresql://user@host:port/database`, without what may be a password. */
    QString text() const;

    /** What somebody else said about the connection, without the password; where that may stand in it in pieces, a clause that
        says so instead. */
    QString withoutSecrets(QString words) const;

    /** A closed connection with these settings, called @p name, that belongs to the calling thread; @p options is for the
        driver. */
    QSqlDatabase makeConnection(const QString &name, const QString &driverOptions) const;

    friend bool operator<(const ServerAddress &a, const ServerAddress &b);
};

} // namespace Holdfast
