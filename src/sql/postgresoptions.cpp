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

// Nothing may end a session that only waits, nor cut a statement short; what the server's manager has set for others stays. But one
// that waits for a lock on the sequence of the tokens, or of whatever else, would stop all that the session holds. And nobody's
// function of the same name is to be taken for the server's.
// A fencing token that has been given out must not be given again after a crash of the server.
//
// A server whose client has vanished keeps his locks until the system gives the connection up, by default after two hours. Ours
// is given up after twice the loss bound, when we have long been told that we lost them; but not later than its manager wants.
QString settingsExpression(std::chrono::milliseconds lossBound)
{
    const auto sooner = QStringLiteral(
        " set_config('%1', least(extract(epoch FROM current_setting('%1')::interval), %2)::int::text, false),");
    return QStringLiteral(
               "concat_ws(' ', pg_is_in_recovery(), set_config('statement_timeout', '0', false),"
               " set_config('search_path', 'pg_catalog', false), set_config('client_min_messages', 'error', false),"
               " CASE current_setting('lock_timeout') WHEN '0' THEN set_config('lock_timeout', '%1', false) END,"
               " CASE WHEN current_setting('idle_session_timeout', true) IS NOT NULL"
               "  THEN set_config('idle_session_timeout', '0', false) END,")
               .arg((lossBound / 2).count())
           + sooner.arg(QStringLiteral("tcp_keepalives_idle"), inSeconds(lossBound, std::chrono::seconds(1)))
           + sooner.arg(QStringLiteral("tcp_keepalives_interval"), inSeconds(lossBound / 4, std::chrono::seconds(1)))
           + QStringLiteral(
                 " CASE WHEN current_setting('tcp_keepalives_count')::int > 4"
                 "  THEN set_config('tcp_keepalives_count', '4', false) END,"
                 " CASE current_setting('tcp_user_timeout', true) WHEN '0'"
                 "  THEN set_config('tcp_user_timeout', '%1', false) END,"
                 " set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'local'"
                 "  ELSE current_setting('synchronous_commit') END, false))")
                 .arg((lossBound * 2).count());
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
        .arg(program.left(MostOfProgram), QString::number(process), host.left(MostOfHost));
}

std::optional<SessionOwner> SessionOwner::in(const QString &applicationName)
{
    static const auto *const form = new QRegularExpression( // never destroyed: others may be at work at the end
        QStringLiteral("^(.*) \\(holdfast (\\d{1,18})@(.*)\\)$"));
    const QRegularExpressionMatch match = form->match(applicationName);
    if (!match.hasMatch())
        return std::nullopt;
    return SessionOwner{match.captured(1), match.captured(2).toLongLong(), match.captured(3)};
}

} // namespace Holdfast
