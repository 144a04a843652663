// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresoptions.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qsysinfo.h>

#include <algorithm>

namespace Holdfast {

namespace {

// An application_name has at most 63 bytes of ASCII; 20 are left for the number and what stands between.
constexpr int MostOfProgram = 22;
constexpr int MostOfHost = 20;

bool has(const QString &options, const QString &name)
{
    const QRegularExpression assignment(QStringLiteral("(?:^|[;\\s])%1\\s*=").arg(name));
    return assignment.match(options).hasMatch();
}

// As libpq wants it. The driver turns every semicolon into a blank.
QString quoted(QString value)
{
    value.replace(u'\\', QLatin1String("\\\\")).replace(u'\'', QLatin1String("\\'")).replace(u';', u',');
    return u'\'' + value + u'\'';
}

QString inSeconds(std::chrono::milliseconds duration, std::chrono::seconds least)
{
    return QString::number(std::max(std::chrono::ceil<std::chrono::seconds>(duration), least).count());
}

} // namespace

// Whoever waits for an answer learns within the loss bound that the network has gone; libpq takes no connect_timeout below two
// seconds.
QString postgresOptions(const ServerAddress &address)
{
    using std::chrono::seconds;
    const auto bound = address.lossBound;
    const std::pair<QString, QString> defaults[] = {
        {QStringLiteral("connect_timeout"), inSeconds(bound, seconds(2))},
        {QStringLiteral("keepalives"), QStringLiteral("1")},
        {QStringLiteral("keepalives_idle"), inSeconds(bound, seconds(1))},
        {QStringLiteral("keepalives_interval"), inSeconds(bound / 4, seconds(1))},
        {QStringLiteral("keepalives_count"), QStringLiteral("3")},
        {QStringLiteral("tcp_user_timeout"), QString::number(bound.count())},
        {QStringLiteral("application_name"), quoted(SessionOwner::current().toApplicationName())},
    };
    QString options = address.options;
    for (const auto &[name, value] : defaults) {
        if (!has(address.options, name))
            options += (options.isEmpty() ? QString() : QStringLiteral(";")) + name + u'=' + value;
    }
    return options;
}

SessionOwner SessionOwner::current()
{
    QString program = QCoreApplication::applicationName();
    if (program.isEmpty() && QCoreApplication::instance())
        program = QFileInfo(QCoreApplication::applicationFilePath()).fileName();
    return {program, QCoreApplication::applicationPid(), QSysInfo::machineHostName()};
}

QString SessionOwner::toApplicationName() const
{
    return QStringLiteral("%1 (holdfast %2@%3)")
        .arg(program.left(MostOfProgram))
        .arg(process)
        .arg(host.left(MostOfHost));
}

std::optional<SessionOwner> SessionOwner::in(const QString &applicationName)
{
    static const QRegularExpression form(QStringLiteral("^(.*) \\(holdfast (\\d{1,18})@(.*)\\)$"));
    const QRegularExpressionMatch match = form.match(applicationName);
    if (!match.hasMatch())
        return std::nullopt;
    return SessionOwner{match.captured(1), match.captured(2).toLongLong(), match.captured(3)};
}

} // namespace Holdfast
