// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/arguments.h"

#include <QtCore/qcommandlineparser.h>

namespace Holdfast::Cli {

/** @p sentence, and where to read on: in the help of @p subcommand, or if that is empty of the program. */
QString seeHelp(const QString &sentence, const QString &subcommand);

/** One subcommand's options and operands, up to the `--` that begins the command. */
class Operands
{
public:
    explicit Operands(const QString &subcommand);

    void flag(const QStringList &names);
    void value(const QStringList &names);

    std::optional<UsageError> read(const QByteArrayList &arguments);

    bool has(const char *name) const { return m_parser.isSet(QString::fromLatin1(name)); }
    QString text(const char *name) const { return m_parser.value(QString::fromLatin1(name)); }
    QStringList texts(const char *name) const { return m_parser.values(QString::fromLatin1(name)); }
    QStringList names() const { return m_parser.optionNames(); } ///< as given, in order
    QStringList files() const { return m_parser.positionalArguments(); }
    UsageError error(const QString &sentence) const { return {seeHelp(sentence, m_subcommand)}; }

    /** The number of seconds given for @p option, if it was, into @p seconds. */
    template<class Seconds>
    std::optional<UsageError> readSeconds(const char *option, std::chrono::milliseconds least,
                                          std::chrono::milliseconds most, Seconds *seconds) const
    {
        std::optional<std::chrono::milliseconds> found;
        auto error = findSeconds(option, least, most, &found);
        if (found)
            *seconds = *found;
        return error;
    }

    /** The server that `--database` names, if it was given. */
    std::optional<UsageError> readServer(std::optional<Server> *server) const;

private:
    std::optional<UsageError> findSeconds(const char *option, std::chrono::milliseconds least,
                                          std::chrono::milliseconds most,
                                          std::optional<std::chrono::milliseconds> *seconds) const;

    QString m_subcommand;
    QCommandLineParser m_parser;
};

/** What stands before the first `--`, and behind it: the command. */
struct Halves
{
    QByteArrayList operands;
    QByteArrayList command;
};
Halves halvesOf(const QByteArrayList &arguments);

/** The one operand before `--`, called @p what, and the @p command behind it, into @p operand; or what is wrong with them. */
std::optional<UsageError> readCommandLine(const Operands &operands, const QByteArrayList &command, const char *what,
                                          QString *operand);

/** `holdfast edit`, after the first word. */
Request parseEdit(const QByteArrayList &arguments);

/** `holdfast run`, after the first word. */
Request parseRun(const QByteArrayList &arguments);

/** `holdfast instance`, after the first word. */
Request parseInstance(const QByteArrayList &arguments);

} // namespace Holdfast::Cli
