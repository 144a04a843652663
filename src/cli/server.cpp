// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/server.h"

#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>
#include <QtCore/qurlquery.h>

namespace Holdfast::Cli {

// The rules of libpq's connection URIs (PostgreSQL's manual, 34.1.1.2), without lists of hosts.
std::variant<Server, QString> parseServer(const QString &address)
{
    const QUrl url(address, QUrl::StrictMode);
    const bool isPostgres = url.scheme() == u"postgresql" || url.scheme() == u"postgres";
    if (!url.isValid() || !isPostgres)
        return QStringLiteral("it must be like postgresql://user@host:port/database");
    const QUrlQuery query(url);
    if (!url.password().isEmpty() || query.hasQueryItem(QStringLiteral("password"))
        || query.hasQueryItem(QStringLiteral("sslpassword")))
        return QStringLiteral(
            "a password there can be read by everybody on this machine: put it into PGPASSWORD or ~/.pgpass");
    Server server{.host = url.host(QUrl::FullyDecoded),
                  .port = url.port(),
                  .database = url.path(QUrl::FullyDecoded).mid(1),
                  .user = url.userName(QUrl::FullyDecoded)};
    QStringList options;
    for (const auto &[name, value] : query.queryItems(QUrl::FullyDecoded)) {
        if (value.contains(u';') || name.contains(u';'))
            return QStringLiteral("an option of it contains a semicolon");
        if (name == u"host")
            server.host = value;
        else if (name == u"port")
            server.port = value.toInt();
        else if (name == u"dbname")
            server.database = value;
        else if (name == u"user")
            server.user = value;
        else
            options += name + u'=' + value;
    }
    server.options = options.join(u';');
    return server;
}

QSqlDatabase describeConnection(const Server &server)
{
    QSqlDatabase connection = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), QStringLiteral("holdfast"));
    connection.setHostName(server.host);
    connection.setPort(server.port);
    connection.setDatabaseName(server.database);
    connection.setUserName(server.user);
    connection.setConnectOptions(server.options);
    return connection;
}

} // namespace Holdfast::Cli
