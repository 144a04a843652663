// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/kind.h"
#include "cli/server.h"

#include <holdfast/app/singleinstance.h>
#include <holdfast/locktypes.h>

#include <QtCore/qbytearraylist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <chrono>
#include <optional>
#include <variant>

namespace Holdfast::Cli {

/** Whether the command gets the locked descriptor, and so the lock outlives a holdfast that is killed. */
enum class Inheritance { Inherit, Close };

enum class Talk { Quiet, Verbose };

/** What becomes of the command when the lock is lost under it. */
enum class OnLoss {
    Tell,     ///< it goes on
    Terminate ///< it is asked to end, and then made to
};

/** `holdfast run` */
struct RunOptions
{
    QString file;                 ///< on a server: the name of the lock
    std::optional<Server> server; ///< for Kind::ReadWrite
    QByteArrayList command;       ///< never empty; bytes as given, since an argument need not be text
    Kind kind = Kind::File;
    LockMode mode = LockMode::Exclusive;
    bool blocking = true;
    std::chrono::milliseconds timeout{-1};
    std::optional<std::chrono::milliseconds> pollInterval; ///< nothing: the kind's own
    std::optional<std::chrono::milliseconds> lifetime;
    std::optional<std::chrono::milliseconds> lease; ///< how long a lease lasts; nothing: the library's default
    OnLoss onLoss = OnLoss::Tell;
    int conflictExitCode = 1;
    Inheritance inheritance = Inheritance::Inherit;
    Talk talk = Talk::Quiet;
};

/** `holdfast edit` */
struct EditOptions
{
    QString document;
    QByteArrayList command;            ///< never empty
    std::chrono::milliseconds wait{0}; ///< -1: for ever
    bool takesOver = false;
};

enum class Form { Text, Json };

/** `holdfast status` */
struct StatusOptions
{
    QString file; ///< on a server: the name of the lock
    std::optional<Server> server;
    Form form = Form::Text;
};

enum class Consent { Ask, Given };

/** `holdfast break` */
struct BreakOptions
{
    QString file;
    QStringList names; ///< of claims and markers; empty: all
    Consent consent = Consent::Ask;
};

/** What the first instance does with what later ones hand over. */
enum class Handling {
    Note,   ///< nothing but to answer
    Lines,  ///< a line of JSON on the command's standard input
    Handler ///< another command, with their arguments
};

/** `holdfast instance` */
struct InstanceOptions
{
    QString key;
    SingleInstance::Scope scope = SingleInstance::Scope::User;
    SingleInstance::Access access = SingleInstance::Access::SameUser;
    QString directory; ///< empty: the usual one
    QByteArrayList command;
    Handling handling = Handling::Note;
    QByteArray handler;
    bool blocks = false; ///< a later one waits until what it has asked for is finished
    std::chrono::milliseconds timeout{5000};
    SingleInstance::WhenUnresponsive whenUnresponsive = SingleInstance::WhenUnresponsive::Fail;
    Talk talk = Talk::Quiet;
};

/** `--help`, `--version` */
struct TextToShow
{
    QString text;
};

/** One sentence without a full stop that names what was wrong and where to read on. */
struct UsageError
{
    QString sentence;
};

using Request =
    std::variant<UsageError, TextToShow, StatusOptions, BreakOptions, EditOptions, RunOptions, InstanceOptions>;

/** What the user wants. @p arguments without the program's name. */
Request parse(const QByteArrayList &arguments);

} // namespace Holdfast::Cli
