// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/arguments.h"

#include "cli/help.h"
#include "cli/operands.h"

namespace Holdfast::Cli {

namespace {

/** The one FILE of a subcommand that has no command. */
std::optional<UsageError> readFile(const Operands &operands, QString *file)
{
    const QStringList files = operands.files();
    if (files.isEmpty())
        return operands.error(QStringLiteral("there is no FILE"));
    if (files.size() > 1)
        return operands.error(QStringLiteral("'%1' is one operand too many").arg(files.at(1)));
    *file = files.first();
    return std::nullopt;
}

Request parseStatus(const QByteArrayList &arguments)
{
    Operands operands(QStringLiteral("status"));
    operands.flag({QStringLiteral("json")});
    operands.value({QStringLiteral("database")});
    if (auto error = operands.read(arguments))
        return *error;
    if (operands.has("help"))
        return TextToShow{statusHelp()};
    StatusOptions status;
    if (auto error = readFile(operands, &status.file))
        return *error;
    if (auto error = operands.readServer(&status.server))
        return *error;
    status.form = operands.has("json") ? Form::Json : Form::Text;
    return status;
}

Request parseBreak(const QByteArrayList &arguments)
{
    Operands operands(QStringLiteral("break"));
    operands.flag({QStringLiteral("f"), QStringLiteral("force")});
    operands.value({QStringLiteral("claim"), QStringLiteral("marker")});
    if (auto error = operands.read(arguments))
        return *error;
    if (operands.has("help"))
        return TextToShow{breakHelp()};
    BreakOptions options;
    if (auto error = readFile(operands, &options.file))
        return *error;
    options.names = operands.texts("claim");
    options.consent = operands.has("force") ? Consent::Given : Consent::Ask;
    return options;
}

} // namespace

Request parse(const QByteArrayList &arguments)
{
    if (arguments.isEmpty())
        return UsageError{
            seeHelp(QStringLiteral("there is no subcommand: run, edit, status, break or instance"), QString())};
    const QByteArray &first = arguments.first();
    if (first == "run")
        return parseRun(arguments.sliced(1));
    if (first == "edit")
        return parseEdit(arguments.sliced(1));
    if (first == "status")
        return parseStatus(arguments.sliced(1));
    if (first == "break")
        return parseBreak(arguments.sliced(1));
    if (first == "instance")
        return parseInstance(arguments.sliced(1));
    if (first == "-h" || first == "--help")
        return TextToShow{programHelp()};
    if (first == "-V" || first == "--version")
        return TextToShow{versionText()};
    const QString kind = first.startsWith('-') ? QStringLiteral("option") : QStringLiteral("subcommand");
    return UsageError{seeHelp(QStringLiteral("there is no %1 '%2'").arg(kind, QString::fromUtf8(first)), QString())};
}

} // namespace Holdfast::Cli
