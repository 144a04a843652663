// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What the subcommands that run a command have in common.

#include "cli/operands.h"

namespace Holdfast::Cli {

Halves halvesOf(const QByteArrayList &arguments)
{
    const qsizetype dashes = arguments.indexOf("--");
    if (dashes < 0)
        return {arguments, {}};
    return {arguments.first(dashes), arguments.sliced(dashes + 1)};
}

std::optional<UsageError> readCommandLine(const Operands &operands, const QByteArrayList &command, const char *what,
                                          QString *operand)
{
    const QStringList files = operands.files();
    if (files.isEmpty())
        return operands.error(QStringLiteral("there is no %1 before '--' (one that begins with '-' is written ./-name)")
                                  .arg(QLatin1String(what)));
    if (files.size() > 1)
        return operands.error(
            QStringLiteral("'%1' is one operand too many: the command comes after '--'").arg(files.at(1)));
    if (command.isEmpty())
        return operands.error(QStringLiteral("there is no COMMAND: it comes after '--'"));
    *operand = files.first();
    return std::nullopt;
}

} // namespace Holdfast::Cli
