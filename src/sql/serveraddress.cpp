// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/serveraddress.h"

#include <QtCore/qregularexpression.h>

#include <tuple>

namespace Holdfast {

namespace {

// A password may also stand where it does not belong: among the options, in a name that is a whole URI.
//
// The expressions are never destroyed: the thread of a session that hangs may be at work when the process ends.
QString withoutSecretsInForm(QString words)
{
    static const auto *const named =
        new QRegularExpression(QStringLiteral("(password\\s*=\\s*)('(?:[^'\\\\]|\\\\.)*'|[^\\s;'\"]+)"),
                               QRegularExpression::CaseInsensitiveOption);
    static const auto *const inUri = new QRegularExpression(QStringLiteral("(://[^\\s:/@]*):[^\\s@]*@"));
    words.replace(*named, QStringLiteral("\\1***"));
    words.replace(*inUri, QStringLiteral("\\1:***@"));
    return words;
}

} // namespace

ServerAddress ServerAddress::of(const QSqlDatabase &connection, std::chrono::milliseconds lossBound)
{
    return {.driver = connection.driverName(),
            .host = connection.hostName(),
            .port = connection.port(),
            .database = connection.databaseName(),
            .user = connection.userName(),
            .password = connection.password(),
            .options = connection.connectOptions(),
            .lossBound = lossBound};
}

std::string ServerAddress::identity() const
{
    std::string all;
    for (const QString &part : {driver, host, QString::number(port), database, user, password, options})
        all += part.toStdString() + '\0';
    return all;
}

QString ServerAddress::text() const
{
    QString text = QStringLiteral("postgresql://");
    if (!user.isEmpty())
        text += user + u'@';
    text += host;
    if (port >= 0)
        text += u':' + QString::number(port);
    return withoutSecretsInForm(text + u'/' + database);
}

QString ServerAddress::withoutSecrets(QString words) const
{
    if (!password.isEmpty())
        words.replace(password, QStringLiteral("***"));
    return withoutSecretsInForm(words);
}

QSqlDatabase ServerAddress::makeConnection(const QString &name, const QString &driverOptions) const
{
    QSqlDatabase connection = QSqlDatabase::addDatabase(driver, name);
    connection.setHostName(host);
    connection.setPort(port);
    connection.setDatabaseName(database);
    connection.setUserName(user);
    connection.setPassword(password);
    connection.setConnectOptions(driverOptions);
    return connection;
}

bool operator<(const ServerAddress &a, const ServerAddress &b)
{
    const auto all = [](const ServerAddress &s) {
        return std::tie(s.driver, s.host, s.port, s.database, s.user, s.password, s.options, s.lossBound);
    };
    return all(a) < all(b);
}

} // namespace Holdfast
