// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/locktypes.h>

#include <QtCore/qbytearraylist.h>
#include <QtCore/qstring.h>

#include <chrono>
#include <variant>

namespace Holdfast::Cli {

/** Whether the command gets the locked descriptor, and so the lock outlives a holdfast that is killed. */
enum class Inheritance { Inherit, Close };

enum class Talk { Quiet, Verbose };

/** `holdfast run` */
struct RunOptions
{
    QString file;
    QByteArrayList command; ///< never empty; bytes as given, since an argument need not be text
    LockMode mode = LockMode::Exclusive;
    bool blocking = true;
    std::chrono::milliseconds timeout{-1};
    std::chrono::milliseconds pollInterval{50};
    int conflictExitCode = 1;
    Inheritance inheritance = Inheritance::Inherit;
    Talk talk = Talk::Quiet;
};

enum class Form { Text, Json };

/** `holdfast status` */
struct StatusOptions
{
    QString file;
    Form form = Form::Text;
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

using Request = std::variant<UsageError, TextToShow, StatusOptions, RunOptions>;

/** What the user wants. @p arguments without the program's name. */
Request parse(const QByteArrayList &arguments);

} // namespace Holdfast::Cli
