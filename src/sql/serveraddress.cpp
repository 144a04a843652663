// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/serveraddress.h"

#include <QtCore/qregularexpression.h>

#include <tuple>

namespace Holdfast {

namespace {

// A password may also stand where it does not belong: among the options, in a name that is a whole address. Where it ends nobody
// can tell, for it may contain whatever else ends there; so all is hidden from where one may begin.
//
// The expressions are never destroyed: the thread of a session that hangs may be at work when the process ends.
constexpr auto AnyCaseAnyLine =
    QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption;

QString withoutSecretsInForm(QString words)
{
    static const auto *const begun =
        new QRegularExpression(QStringLiteral("(://[^:?]*?(?:[:?]|%3A)|(?:pass\\w*|pwd)\\s*=).*"), AnyCaseAnyLine);
    return words.replace(*begun, QStringLiteral("\\1***"));
}

// A setting is a name and no sentence, so here `user:password@host` is an address, too.
QString withoutSecretsInSetting(const QString &setting)
{
    static const auto *const begun = new QRegularExpression(QStringLiteral("(:(?!//)|%3A).*@.*"), AnyCaseAnyLine);
    return withoutSecretsInForm(setting).replace(*begun, QStringLiteral("\\1***"));
}

// In an address `user:` is followed by the password, and so it is in a user's name that was cut out of one.
QString withoutSecretsInUser(const QString &user)
{
    QString shown = withoutSecretsInSetting(user + u'@');
    if (shown.endsWith(u'@'))
        shown.chop(1);
    return shown;
}

// Each of several hosts, too.
QString withBracketsInIPv6(QString hosts)
{
    static const auto *const address =
        new QRegularExpression(QStringLiteral("(^|,)([0-9a-f.]*:[0-9a-f.]*:[0-9a-f.:]*(?:%[^,/]*)?)(?=,|$)"),
                               QRegularExpression::CaseInsensitiveOption);
    return hosts.replace(*address, QStringLiteral("\\1[\\2]"));
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
        text += withoutSecretsInUser(user) + u'@';
    text += withBracketsInIPv6(withoutSecretsInSetting(host));
    if (port >= 0)
        text += u':' + QString::number(port);
    return text + u'/' + withoutSecretsInSetting(database);
}

// What repeats a setting that contains a password may repeat it in pieces: cut at 63 bytes, or at each comma.
QString ServerAddress::withoutSecrets(QString words) const
{
    if (withoutSecretsInSetting(database) != database || withoutSecretsInSetting(host) != host
        || withoutSecretsInUser(user) != user)
        return QStringLiteral(
            "what was said is not repeated here, for a setting seems to contain a password; each part "
            "of an address has a setting of its own: setHostName(), setPort(), setDatabaseName(), "
            "setUserName() and setPassword()");
    words = withoutSecretsInForm(words);
    if (!password.isEmpty())
        words.replace(password, QStringLiteral("***"));
    return words;
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
