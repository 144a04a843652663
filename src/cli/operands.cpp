// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/operands.h"

#include "cli/numbers.h"

#include <QtCore/qcommandlineoption.h>
#include <QtCore/qstringconverter.h>

namespace Holdfast::Cli {

namespace {

// The parser of Qt speaks in sentences: "Unknown option 'x'."
QString asClause(QString sentence)
{
    while (sentence.endsWith(u'.'))
        sentence.chop(1);
    if (!sentence.isEmpty())
        sentence.front() = sentence.front().toLower();
    return sentence;
}

std::optional<QStringList> toText(const QByteArrayList &arguments, qsizetype *firstBad)
{
    QStringList texts;
    for (const QByteArray &argument : arguments) {
        QStringDecoder decoder(QStringDecoder::Utf8);
        texts += decoder(argument);
        *firstBad = texts.size();
        if (decoder.hasError())
            return std::nullopt;
    }
    return texts;
}

} // namespace

QString seeHelp(const QString &sentence, const QString &subcommand)
{
    const QString where = subcommand.isEmpty() ? QString() : subcommand + u' ';
    return QStringLiteral("%1; see 'holdfast %2--help'").arg(sentence, where);
}

Operands::Operands(const QString &subcommand) : m_subcommand(subcommand)
{
    flag({QStringLiteral("h"), QStringLiteral("help")});
}

void Operands::flag(const QStringList &names)
{
    m_parser.addOption(QCommandLineOption(names));
}

void Operands::value(const QStringList &names)
{
    m_parser.addOption(QCommandLineOption(names, QString(), QStringLiteral("value")));
}

std::optional<UsageError> Operands::read(const QByteArrayList &arguments)
{
    qsizetype bad = 0;
    const auto texts = toText(arguments, &bad);
    if (!texts)
        return error(QStringLiteral("argument %1 is not valid UTF-8").arg(bad));
    if (!m_parser.parse(QStringList(m_subcommand) + *texts))
        return error(asClause(m_parser.errorText()));
    return std::nullopt;
}

std::optional<UsageError> Operands::findSeconds(const char *option, std::chrono::milliseconds least,
                                                std::chrono::milliseconds most,
                                                std::optional<std::chrono::milliseconds> *seconds) const
{
    if (!has(option))
        return std::nullopt;
    *seconds = parseSeconds(text(option), least, most);
    if (*seconds)
        return std::nullopt;
    return error(noSeconds(text(option), QStringLiteral("--") + QLatin1String(option), least, most));
}

std::optional<UsageError> Operands::readServer(std::optional<Server> *server) const
{
    if (!has("database"))
        return std::nullopt;
    std::variant<Server, QString> parsed = parseServer(text("database"));
    if (const auto *why = std::get_if<QString>(&parsed)) // it may contain a password, so it is not repeated
        return error(QStringLiteral("what --database says is no address of a server: ") + *why);
    *server = std::get<Server>(std::move(parsed));
    return std::nullopt;
}

} // namespace Holdfast::Cli
