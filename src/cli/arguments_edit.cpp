// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/help.h"
#include "cli/numbers.h"
#include "cli/operands.h"

namespace Holdfast::Cli {

Request parseEdit(const QByteArrayList &arguments)
{
    const Halves halves = halvesOf(arguments);
    Operands operands(QStringLiteral("edit"));
    operands.value({QStringLiteral("w"), QStringLiteral("wait")});
    operands.flag({QStringLiteral("take-over")});
    if (auto error = operands.read(halves.operands))
        return *error;
    if (operands.has("help"))
        return TextToShow{editHelp()};
    EditOptions edit;
    if (auto error = readCommandLine(operands, halves.command, "DOCUMENT", &edit.document))
        return *error;
    if (auto error = operands.readSeconds("wait", std::chrono::milliseconds(0), LongestTimeout, &edit.wait))
        return *error;
    edit.takesOver = operands.has("take-over");
    if (edit.takesOver && operands.has("wait"))
        return operands.error(QStringLiteral("--wait and --take-over are opposites"));
    edit.command = halves.command;
    return edit;
}

} // namespace Holdfast::Cli
