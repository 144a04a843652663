// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/help.h"
#include "cli/numbers.h"
#include "cli/operands.h"

namespace Holdfast::Cli {

namespace {

using namespace std::chrono_literals;

void addRunOptions(Operands &operands)
{
    operands.value({QStringLiteral("k"), QStringLiteral("kind")});
    operands.flag({QStringLiteral("s"), QStringLiteral("shared")});
    operands.flag({QStringLiteral("x"), QStringLiteral("e"), QStringLiteral("exclusive")});
    operands.flag({QStringLiteral("read")});
    operands.flag({QStringLiteral("write")});
    operands.flag({QStringLiteral("n"), QStringLiteral("nb"), QStringLiteral("nonblock")});
    operands.flag({QStringLiteral("o"), QStringLiteral("close")});
    operands.flag({QStringLiteral("v"), QStringLiteral("verbose")});
    operands.value({QStringLiteral("w"), QStringLiteral("wait"), QStringLiteral("timeout")});
    operands.value({QStringLiteral("poll")});
    operands.value({QStringLiteral("lifetime")});
    operands.value({QStringLiteral("lease")});
    operands.value({QStringLiteral("on-loss")});
    operands.value({QStringLiteral("database")});
    operands.value({QStringLiteral("E"), QStringLiteral("conflict-exit-code")});
}

std::optional<UsageError> readNumbers(const Operands &operands, RunOptions *run)
{
    if (auto error = operands.readSeconds("timeout", 0ms, LongestTimeout, &run->timeout))
        return error;
    if (auto error = operands.readSeconds("poll", ShortestPoll, LongestPoll, &run->pollInterval))
        return error;
    if (auto error = operands.readSeconds("lifetime", ShortestLifetime, LongestTimeout, &run->lifetime))
        return error;
    if (auto error = operands.readSeconds("lease", ShortestLease, LongestTimeout, &run->lease))
        return error;
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

std::optional<UsageError> readWords(const Operands &operands, RunOptions *run)
{
    if (operands.has("kind")) {
        const QString word = operands.text("kind");
        const auto kind = parseKind(word);
        if (!kind)
            return operands.error(
                QStringLiteral("'%1' is no kind for --kind: it must be file, soft, lease, strict, soft-rw or rw")
                    .arg(word));
        run->kind = *kind;
    } else if (operands.has("read") || operands.has("write") || run->server) {
        run->kind = Kind::ReadWrite;
    }
    run->onLoss = mustBeRenewed(*run) ? OnLoss::Terminate : OnLoss::Tell;
    if (operands.has("on-loss")) {
        const QString word = operands.text("on-loss");
        if (word != u"tell" && word != u"terminate")
            return operands.error(
                QStringLiteral("'%1' is nothing for --on-loss: it must be tell or terminate").arg(word));
        run->onLoss = word == u"tell" ? OnLoss::Tell : OnLoss::Terminate;
    }
    return std::nullopt;
}

// As with flock(1), the last of --shared and --exclusive counts.
LockMode modeOf(const Operands &operands)
{
    LockMode mode = LockMode::Exclusive;
    for (const QString &name : operands.names()) {
        if (name == u"s" || name == u"shared" || name == u"read")
            mode = LockMode::Shared;
        else if (name == u"x" || name == u"e" || name == u"exclusive" || name == u"write")
            mode = LockMode::Exclusive;
    }
    return mode;
}

/** Whether everything that was given means something for the kind. */
std::optional<UsageError> refuseNonsense(const Operands &operands, const RunOptions &run)
{
    const auto refuse = [&](const char *option, const char *kinds) {
        return operands.error(QStringLiteral("--%1 means nothing for --kind %2, only for %3")
                                  .arg(QLatin1String(option), kindWord(run.kind), QLatin1String(kinds)));
    };
    for (const char *option : {"read", "write"}) {
        if (operands.has(option) && !isReadWrite(run.kind))
            return refuse(option, "rw and soft-rw");
    }
    if (run.mode == LockMode::Shared && run.kind != Kind::File && !isReadWrite(run.kind))
        return refuse("shared", "file, rw and soft-rw");
    if (run.server && run.kind != Kind::ReadWrite)
        return refuse("database", "rw");
    if (run.lease && run.kind != Kind::Lease)
        return refuse("lease", "lease");
    if (operands.has("close") && run.kind != Kind::File)
        return refuse("close", "file"); // the others have nothing that a command could inherit
    return std::nullopt;
}

} // namespace

Request parseRun(const QByteArrayList &arguments)
{
    const Halves halves = halvesOf(arguments);
    Operands operands(QStringLiteral("run"));
    addRunOptions(operands);
    if (auto error = operands.read(halves.operands))
        return *error;
    if (operands.has("help"))
        return TextToShow{runHelp()};
    RunOptions run;
    if (auto error = readCommandLine(operands, halves.command, "FILE", &run.file))
        return *error;
    run.command = halves.command;
    if (auto error = readNumbers(operands, &run))
        return *error;
    if (auto error = operands.readServer(&run.server))
        return *error;
    if (auto error = readWords(operands, &run))
        return *error;
    run.mode = modeOf(operands);
    if (auto error = refuseNonsense(operands, run))
        return *error;
    run.blocking = !operands.has("nonblock");
    run.inheritance = operands.has("close") ? Inheritance::Close : Inheritance::Inherit;
    run.talk = operands.has("verbose") ? Talk::Verbose : Talk::Quiet;
    return run;
}

} // namespace Holdfast::Cli
