// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/arguments.h"

#include "cli/help.h"
#include "cli/numbers.h"

#include <QtCore/qcommandlineoption.h>
#include <QtCore/qcommandlineparser.h>
#include <QtCore/qstringconverter.h>
#include <QtCore/qstringlist.h>

#include <optional>

namespace Holdfast::Cli {

namespace {

using namespace std::chrono_literals;

QString seeHelp(const QString &sentence, const QString &subcommand)
{
    const QString where = subcommand.isEmpty() ? QString() : subcommand + u' ';
    return QStringLiteral("%1; see 'holdfast %2--help'").arg(sentence, where);
}

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

/** One subcommand's options and operands, up to the `--` that begins the command. */
class Operands
{
public:
    explicit Operands(const QString &subcommand) : m_subcommand(subcommand)
    {
        flag({QStringLiteral("h"), QStringLiteral("help")});
    }

    void flag(const QStringList &names) { m_parser.addOption(QCommandLineOption(names)); }
    void value(const QStringList &names)
    {
        m_parser.addOption(QCommandLineOption(names, QString(), QStringLiteral("value")));
    }

    std::optional<UsageError> read(const QByteArrayList &arguments)
    {
        qsizetype bad = 0;
        const auto texts = toText(arguments, &bad);
        if (!texts)
            return error(QStringLiteral("argument %1 is not valid UTF-8").arg(bad));
        if (!m_parser.parse(QStringList(m_subcommand) + *texts))
            return error(asClause(m_parser.errorText()));
        return std::nullopt;
    }

    bool has(const char *name) const { return m_parser.isSet(QString::fromLatin1(name)); }
    QString text(const char *name) const { return m_parser.value(QString::fromLatin1(name)); }
    QStringList names() const { return m_parser.optionNames(); }
    QStringList files() const { return m_parser.positionalArguments(); }
    UsageError error(const QString &sentence) const { return {seeHelp(sentence, m_subcommand)}; }

private:
    QString m_subcommand;
    QCommandLineParser m_parser;
};

std::optional<UsageError> readNumbers(const Operands &operands, RunOptions *run)
{
    if (operands.has("timeout")) {
        const auto timeout = parseSeconds(operands.text("timeout"), 0ms, LongestTimeout);
        if (!timeout)
            return operands.error(
                noSeconds(operands.text("timeout"), QStringLiteral("--timeout"), 0ms, LongestTimeout));
        run->timeout = *timeout;
    }
    if (operands.has("poll")) {
        const auto poll = parseSeconds(operands.text("poll"), ShortestPoll, LongestPoll);
        if (!poll)
            return operands.error(
                noSeconds(operands.text("poll"), QStringLiteral("--poll"), ShortestPoll, LongestPoll));
        run->pollInterval = *poll;
    }
    if (operands.has("conflict-exit-code")) {
        const QString text = operands.text("conflict-exit-code");
        const auto code = parseExitCode(text);
        if (!code)
            return operands.error(
                QStringLiteral("'%1' is no exit status for --conflict-exit-code: it must be from 0 to 255").arg(text));
        run->conflictExitCode = *code;
    }
    return std::nullopt;
}

void addRunOptions(Operands &operands)
{
    operands.flag({QStringLiteral("s"), QStringLiteral("shared")});
    operands.flag({QStringLiteral("x"), QStringLiteral("e"), QStringLiteral("exclusive")});
    operands.flag({QStringLiteral("n"), QStringLiteral("nb"), QStringLiteral("nonblock")});
    operands.flag({QStringLiteral("o"), QStringLiteral("close")});
    operands.flag({QStringLiteral("v"), QStringLiteral("verbose")});
    operands.value({QStringLiteral("w"), QStringLiteral("wait"), QStringLiteral("timeout")});
    operands.value({QStringLiteral("poll")});
    operands.value({QStringLiteral("E"), QStringLiteral("conflict-exit-code")});
}

// As with flock(1), the last of --shared and --exclusive counts.
LockMode modeOf(const Operands &operands)
{
    LockMode mode = LockMode::Exclusive;
    for (const QString &name : operands.names()) {
        if (name == u"s" || name == u"shared")
            mode = LockMode::Shared;
        else if (name == u"x" || name == u"e" || name == u"exclusive")
            mode = LockMode::Exclusive;
    }
    return mode;
}

Request parseRun(const QByteArrayList &arguments)
{
    const qsizetype dashes = arguments.indexOf("--");
    Operands operands(QStringLiteral("run"));
    addRunOptions(operands);
    if (auto error = operands.read(dashes < 0 ? arguments : arguments.first(dashes)))
        return *error;
    if (operands.has("help"))
        return TextToShow{runHelp()};

    const QStringList files = operands.files();
    if (files.isEmpty())
        return operands.error(
            QStringLiteral("there is no FILE before '--' (one that begins with '-' is written ./-name)"));
    if (files.size() > 1)
        return operands.error(
            QStringLiteral("'%1' is one operand too many: the command comes after '--'").arg(files.at(1)));
    RunOptions run;
    run.file = files.first();
    if (dashes >= 0)
        run.command = arguments.sliced(dashes + 1);
    if (run.command.isEmpty())
        return operands.error(QStringLiteral("there is no COMMAND: it comes after '--'"));
    if (auto error = readNumbers(operands, &run))
        return *error;
    run.mode = modeOf(operands);
    run.blocking = !operands.has("nonblock");
    run.inheritance = operands.has("close") ? Inheritance::Close : Inheritance::Inherit;
    run.talk = operands.has("verbose") ? Talk::Verbose : Talk::Quiet;
    return run;
}

Request parseStatus(const QByteArrayList &arguments)
{
    Operands operands(QStringLiteral("status"));
    operands.flag({QStringLiteral("json")});
    if (auto error = operands.read(arguments))
        return *error;
    if (operands.has("help"))
        return TextToShow{statusHelp()};
    const QStringList files = operands.files();
    if (files.isEmpty())
        return operands.error(QStringLiteral("there is no FILE"));
    if (files.size() > 1)
        return operands.error(QStringLiteral("'%1' is one operand too many").arg(files.at(1)));
    return StatusOptions{files.first(), operands.has("json") ? Form::Json : Form::Text};
}

} // namespace

Request parse(const QByteArrayList &arguments)
{
    if (arguments.isEmpty())
        return UsageError{seeHelp(QStringLiteral("there is no subcommand: run or status"), QString())};
    const QByteArray &first = arguments.first();
    if (first == "run")
        return parseRun(arguments.sliced(1));
    if (first == "status")
        return parseStatus(arguments.sliced(1));
    if (first == "-h" || first == "--help")
        return TextToShow{programHelp()};
    if (first == "-V" || first == "--version")
        return TextToShow{versionText()};
    const QString kind = first.startsWith('-') ? QStringLiteral("option") : QStringLiteral("subcommand");
    return UsageError{seeHelp(QStringLiteral("there is no %1 '%2'").arg(kind, QString::fromUtf8(first)), QString())};
}

} // namespace Holdfast::Cli
