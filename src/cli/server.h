// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>
#include <QtSql/qsqldatabase.h>

#include <variant>

namespace Holdfast::Cli {

/** A PostgreSQL server, as `--database` names it. The password is libpq's business: PGPASSWORD, or ~/.pgpass. */
struct Server
{
    QString host = {}; ///< or the directory of its socket; empty: libpq's default
    int port = -1;
    QString database = {};
    QString user = {};
    QString options = {}; ///< what else the address says, as QSqlDatabase wants it: `a=b;c=d`

    friend bool operator==(const Server &, const Server &) = default;
};

/** The server that `postgresql://user@host:port/database?option=value` names, or a clause that says why it names none. */
std::variant<Server, QString> parseServer(const QString &address);

/** A closed connection with these settings. */
QSqlDatabase describeConnection(const Server &server);

} // namespace Holdfast::Cli
