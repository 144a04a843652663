// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/breaker.h"

#include "cli/arguments.h"
#include "cli/exitcode.h"
#include "cli/inspectiontext.h"
#include "cli/obstacle.h"
#include "cli/output.h"
#include "cli/platform.h"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace Holdfast::Cli {

namespace {

int sayAndEnd(const QString &sentence, int exitCode)
{
    return printAndEnd(printable(sentence) + u'\n', exitCode);
}

QString quoted(const QString &file)
{
    return u'"' + file + u'"';
}

// The mutex of somebody alive is gone before anybody has read what is on the screen.
bool isMeantByAll(const LockEntry &entry)
{
    return entry.role != LockEntry::Role::Mutex || entry.holder.liveness != Liveness::Alive;
}

/** Those of @p entries that were asked for; what nobody has found among them is put into @p missing. */
QList<LockEntry> chosen(const QList<LockEntry> &entries, const QStringList &names, QString *missing)
{
    QList<LockEntry> found;
    for (const LockEntry &entry : entries) {
        const bool isMeant = names.isEmpty() ? isMeantByAll(entry) : names.contains(entryName(entry));
        if (isMeant && !entry.file.isEmpty())
            found += entry;
    }
    for (const QString &name : names) {
        const auto isIt = [&](const LockEntry &entry) { return entryName(entry) == name; };
        if (std::none_of(found.begin(), found.end(), isIt))
            *missing = name;
    }
    return found;
}

// The holder's own order on release: while an intent is there, nobody else gets a strict lock.
void putIntentsLast(QList<LockEntry> &entries)
{
    std::stable_partition(entries.begin(), entries.end(),
                          [](const LockEntry &entry) { return entry.role != LockEntry::Role::Intent; });
}

bool isDead(const LockEntry &entry)
{
    return entry.holder.liveness == Liveness::Dead;
}

/** Nothing: go on. */
std::optional<int> askWhetherTo(const QList<LockEntry> &entries)
{
    if (!canAsk()) {
        complain(QStringLiteral("nothing is broken: there is no terminal to ask on, and --force was not given"));
        return ExitCode::NotBroken;
    }
    QString question = QStringLiteral("holdfast: break it? [y/N] ");
    if (!std::all_of(entries.begin(), entries.end(), isDead))
        question.prepend(QStringLiteral("holdfast: whoever is alive goes on as if the lock was still his\n"));
    std::fputs(question.toUtf8().constData(), stderr);
    std::fflush(stderr);
    char answer[16] = {};
    const bool isAnswered = std::fgets(answer, sizeof answer, stdin) != nullptr;
    const QByteArray word = QByteArray(answer).trimmed().toLower();
    if (isAnswered && (word == "y" || word == "yes"))
        return std::nullopt;
    complain(QStringLiteral("nothing is broken"));
    return ExitCode::NotBroken;
}

int removeAll(const QString &file, const QList<LockEntry> &entries)
{
    int removed = 0;
    for (const LockEntry &entry : entries) {
        const LockBreak result = breakLock(entry);
        if (result.answer == LockBreak::Answer::Done)
            ++removed;
        if (result.answer == LockBreak::Answer::Done || result.answer == LockBreak::Answer::Gone)
            continue;
        complain(result.text);
        return result.answer == LockBreak::Answer::Failed ? exitCodeFor(result.error) : ExitCode::NotBroken;
    }
    if (removed == 0)
        return sayAndEnd(QStringLiteral("%1: all of it has gone by itself").arg(quoted(file)), ExitCode::Success);
    return sayAndEnd(QStringLiteral("%1 is broken").arg(quoted(file)), ExitCode::Success);
}

} // namespace

int breakFile(const BreakOptions &options)
{
    int exitCode = ExitCode::Success;
    const auto inspection = inspect(options.file, FinalLink::Refuse, &exitCode);
    if (!inspection)
        return exitCode;
    QString missing;
    QList<LockEntry> entries = chosen(inspection->entries, options.names, &missing);
    if (!missing.isEmpty()) {
        complain(
            QStringLiteral("nothing is broken: %1 has no claim or marker '%2'").arg(quoted(options.file), missing));
        return ExitCode::NotBroken;
    }
    QString text = inspectionText(options.file, *inspection, {});
    if (!options.names.isEmpty())
        text += printable(QStringLiteral("  to be broken: ") + options.names.join(QStringLiteral(", "))) + u'\n';
    if (!print(text)) {
        complain(QStringLiteral("nothing is broken: cannot write to standard output"));
        return ExitCode::System;
    }
    if (entries.isEmpty() && inspection->isHeld()) {
        complain(
            QStringLiteral("the operating system holds %1 for %2, and nobody can break that: end that process, and "
                           "it is free")
                .arg(quoted(options.file), inspection->holder().toString()));
        return ExitCode::NotBroken;
    }
    if (entries.isEmpty())
        return sayAndEnd(QStringLiteral("there is nothing to break"), ExitCode::Success);
    if (options.consent == Consent::Ask) {
        if (const auto refused = askWhetherTo(entries))
            return *refused;
    }
    putIntentsLast(entries);
    return removeAll(options.file, entries);
}

} // namespace Holdfast::Cli
