// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/help.h"
#include "cli/numbers.h"
#include "cli/operands.h"

#include <QtCore/qfile.h>

#include <array>

namespace Holdfast::Cli {

namespace {

using namespace std::chrono_literals;
using Access = SingleInstance::Access;
using Scope = SingleInstance::Scope;
using WhenUnresponsive = SingleInstance::WhenUnresponsive;

constexpr std::chrono::milliseconds ShortestSilence = 1ms; ///< the library's
constexpr std::chrono::hours LongestSilence{24};           ///< the library's

void addOptions(Operands &operands)
{
    operands.value({QStringLiteral("k"), QStringLiteral("key")});
    operands.value({QStringLiteral("scope")});
    operands.value({QStringLiteral("access")});
    operands.value({QStringLiteral("directory")});
    operands.flag({QStringLiteral("l"), QStringLiteral("lines")});
    operands.value({QStringLiteral("handler")});
    operands.flag({QStringLiteral("b"), QStringLiteral("block")});
    operands.value({QStringLiteral("w"), QStringLiteral("timeout")});
    operands.value({QStringLiteral("if-silent")});
    operands.flag({QStringLiteral("v"), QStringLiteral("verbose")});
}

/** One of @p words, if @p option was given; the first one is the default. */
std::optional<UsageError> readWord(const Operands &operands, const char *option, const QStringList &words, int *index)
{
    if (!operands.has(option))
        return std::nullopt;
    const QString word = operands.text(option);
    *index = static_cast<int>(words.indexOf(word));
    if (*index >= 0)
        return std::nullopt;
    return operands.error(QStringLiteral("'%1' is nothing for --%2: it must be %3")
                              .arg(word, QLatin1String(option), words.join(QStringLiteral(" or "))));
}

std::optional<UsageError> readWords(const Operands &operands, InstanceOptions *options)
{
    int scope = 0;
    int access = 0;
    int silence = 0;
    if (auto error = readWord(operands, "scope",
                              {QStringLiteral("user"), QStringLiteral("session"), QStringLiteral("system")}, &scope))
        return error;
    if (auto error = readWord(operands, "access", {QStringLiteral("user"), QStringLiteral("everyone")}, &access))
        return error;
    if (auto error = readWord(operands, "if-silent",
                              {QStringLiteral("fail"), QStringLiteral("wait"), QStringLiteral("run")}, &silence))
        return error;
    options->scope = std::array{Scope::User, Scope::Session, Scope::System}.at(static_cast<std::size_t>(scope));
    options->access = std::array{Access::SameUser, Access::Everyone}.at(static_cast<std::size_t>(access));
    options->whenUnresponsive =
        std::array{WhenUnresponsive::Fail, WhenUnresponsive::Wait, WhenUnresponsive::RunAnyway}.at(
            static_cast<std::size_t>(silence));
    if (operands.has("lines") && operands.has("handler"))
        return operands.error(QStringLiteral("--lines and --handler exclude each other"));
    options->handling = operands.has("lines")     ? Handling::Lines
                        : operands.has("handler") ? Handling::Handler
                                                  : Handling::Note;
    options->handler = QFile::encodeName(operands.text("handler"));
    return std::nullopt;
}

} // namespace

Request parseInstance(const QByteArrayList &arguments)
{
    const qsizetype dashes = arguments.indexOf("--");
    Operands operands(QStringLiteral("instance"));
    addOptions(operands);
    if (auto error = operands.read(dashes < 0 ? arguments : arguments.first(dashes)))
        return *error;
    if (operands.has("help"))
        return TextToShow{instanceHelp()};
    InstanceOptions options;
    options.key = operands.text("key");
    options.directory = operands.text("directory");
    options.command = dashes < 0 ? QByteArrayList() : arguments.sliced(dashes + 1);
    if (options.key.isEmpty())
        return operands.error(QStringLiteral("there is no --key"));
    if (!operands.files().isEmpty())
        return operands.error(
            QStringLiteral("'%1' is one operand too many: the command comes after '--'").arg(operands.files().first()));
    if (options.command.isEmpty())
        return operands.error(QStringLiteral("there is no COMMAND: it comes after '--'"));
    if (auto error = operands.readSeconds("timeout", ShortestSilence, LongestSilence, &options.timeout))
        return *error;
    if (auto error = readWords(operands, &options))
        return *error;
    options.blocks = operands.has("block");
    options.talk = operands.has("verbose") ? Talk::Verbose : Talk::Quiet;
    return options;
}

} // namespace Holdfast::Cli
