// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/server.h"

#include <QtCore/qregularexpression.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>

namespace Holdfast::Cli {

namespace {

// Why an address is none, in a clause that repeats nothing of it.
const auto NoAddress =
    QStringLiteral("it must be like postgresql://user@host:port/database, or, with the directory of the "
                   "server's socket, postgresql://user@/database?host=/directory&port=number");
const auto Password =
    QStringLiteral("a password there can be read by everybody on this machine: put it into PGPASSWORD or ~/.pgpass");
const auto LikePassword =
    QStringLiteral("something before an @ looks like a password there, which everybody on this machine "
                   "can read: put it into PGPASSWORD or ~/.pgpass; any other @ is written %40");
const auto SeveralHosts =
    QStringLiteral("it names several hosts, and two programs could lock on different ones: name one");
const auto OpenBracket = QStringLiteral("an IPv6 address stands in brackets, like [::1]");
const auto NoPort = QStringLiteral("its port is no number from 1 to 65535");
const auto NoOption = QStringLiteral("an option of it is not written name=value");
const auto Semicolon = QStringLiteral("an option of it contains a semicolon");
const auto NoCharacter = QStringLiteral("a % in it does not begin a character in hexadecimal digits, like %2F");

using Complaint = QString; ///< empty: none

QString decoded(const QString &part)
{
    return QUrl::fromPercentEncoding(part.toUtf8());
}

// As libpq wants it in a conninfo string.
QString quoted(QString value)
{
    static const QRegularExpression special(QStringLiteral("[\\s'\\\\]|^$"));
    if (!value.contains(special))
        return value;
    value.replace(u'\\', QLatin1String("\\\\")).replace(u'\'', QLatin1String("\\'"));
    return u'\'' + value + u'\'';
}

Complaint readPort(const QString &text, Server *server)
{
    server->port = text.isEmpty() ? -1 : text.toUShort();
    if (server->port == 0)
        return text.contains(u',') ? SeveralHosts : NoPort;
    return {};
}

Complaint readHost(const QString &text, Server *server)
{
    static const QRegularExpression form(QStringLiteral("^(?:\\[([^\\]]+)\\]|([^:\\[\\]]*))(?::([^:]*))?$"));
    if (decoded(text).contains(u','))
        return SeveralHosts;
    const auto match = form.match(text);
    if (!match.hasMatch())
        return OpenBracket;
    server->host = decoded(match.captured(1) + match.captured(2));
    return readPort(decoded(match.captured(3)), server);
}

Complaint readOption(const QString &name, const QString &value, QStringList *others, Server *server)
{
    static const QRegularExpression known(QStringLiteral("^[a-z_]+$"));
    if (!name.contains(known))
        return NoOption;
    if (name == u"password" || name == u"sslpassword")
        return Password;
    if (name.startsWith(u"host") && value.contains(u','))
        return SeveralHosts;
    if (value.contains(u';')) // which the driver makes a blank
        return Semicolon;
    if (name == u"port")
        return readPort(value, server);
    if (name == u"host")
        server->host = value;
    else if (name == u"dbname")
        server->database = value;
    else if (name == u"user")
        server->user = value;
    else if (name == u"ssl" && value == u"true") // as for JDBC
        *others += QStringLiteral("sslmode=require");
    else
        *others += name + u'=' + quoted(value);
    return {};
}

Complaint readOptions(const QString &text, Server *server)
{
    QStringList others;
    for (const QString &option : text.split(u'&', Qt::SkipEmptyParts)) {
        const QStringList sides = option.split(u'=');
        if (sides.size() != 2)
            return NoOption;
        if (Complaint why = readOption(decoded(sides[0]), decoded(sides[1]), &others, server); !why.isEmpty())
            return why;
    }
    server->options = others.join(u';');
    return {};
}

} // namespace

// The rules of libpq's connection URIs (PostgreSQL's manual, 34.1.1.2), without lists of hosts. QUrl has others: it takes neither a
// directory for a host, nor leaves it the capitals.
std::variant<Server, QString> parseServer(const QString &address)
{
    static const QRegularExpression form(
        QStringLiteral("^postgres(?:ql)?://(?:([^@/:]*)(?::([^@/]*))?@)?([^/?]*)(?:/([^?]*))?(?:\\?(.*))?$"),
        QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression noCharacter(QStringLiteral("%(?![0-9A-Fa-f]{2})|%00"));
    static const QRegularExpression likePassword(QStringLiteral(":[^?]*@"));
    const auto match = form.match(address);
    if (!match.hasMatch())
        return NoAddress;
    const QString hosts = match.captured(3);
    const QString database = match.captured(4);
    if (!match.captured(2).isEmpty())
        return Password;
    if ((hosts + u'/' + database).contains(likePassword))
        return LikePassword;
    if (address.contains(noCharacter))
        return NoCharacter;
    Server server{.database = decoded(database), .user = decoded(match.captured(1))};
    if (Complaint why = readHost(hosts, &server); !why.isEmpty())
        return why;
    if (Complaint why = readOptions(match.captured(5), &server); !why.isEmpty())
        return why;
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
