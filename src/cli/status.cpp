// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/status.h"

#include "cli/arguments.h"
#include "cli/exitcode.h"
#include "cli/output.h"
#include "cli/platform.h"

#include <holdfast/filelock.h>

#include <QtCore/qfile.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <filesystem>
#include <optional>
#include <system_error>

namespace Holdfast::Cli {

namespace {

QString modeName(LockMode mode)
{
    return mode == LockMode::Shared ? QStringLiteral("shared") : QStringLiteral("exclusive");
}

// Why nobody could lock the file, so that "free" is not said of a directory or of what cannot be looked at.
std::optional<QString> obstacle(const QString &path)
{
    namespace fs = std::filesystem;
    if (path.isEmpty())
        return QStringLiteral("the path is empty");
    std::error_code error;
    const fs::file_status facts = fs::symlink_status(QFile::encodeName(path).toStdString(), error);
    if (facts.type() == fs::file_type::regular)
        return std::nullopt;
    if (facts.type() == fs::file_type::not_found && error != std::errc::not_a_directory)
        return std::nullopt; // nobody has locked it yet
    if (facts.type() == fs::file_type::none || facts.type() == fs::file_type::not_found)
        return QString::fromLocal8Bit(error.message().c_str());
    return QStringLiteral("it is not a regular file");
}

QString asText(const QString &file, const LockHolder &holder)
{
    if (!holder.isValid())
        return printable(QStringLiteral("\"%1\" is free").arg(file)) + u'\n';
    return printable(QStringLiteral("\"%1\" is held (%2) by %3").arg(file, modeName(holder.mode), holder.toString()))
           + u'\n';
}

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QString asJson(const QString &file, const LockHolder &holder)
{
    QJsonObject object{{QStringLiteral("file"), file},
                       {QStringLiteral("state"), QStringLiteral("free")},
                       {QStringLiteral("mode"), QJsonValue()},
                       {QStringLiteral("holder"), QJsonValue()}};
    if (holder.isValid()) {
        object[u"state"] = QStringLiteral("held");
        object[u"mode"] = modeName(holder.mode);
        object[u"holder"] =
            QJsonObject{{QStringLiteral("pid"), holder.processId ? QJsonValue(holder.processId) : QJsonValue()},
                        {QStringLiteral("program"), textOrNull(holder.application)},
                        {QStringLiteral("user"), textOrNull(holder.userName)},
                        {QStringLiteral("host"), textOrNull(holder.hostName)}};
    }
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)) + u'\n';
}

} // namespace

int showStatus(const StatusOptions &options)
{
    if (const auto why = obstacle(options.file)) {
        complain(QStringLiteral("cannot tell who holds \"%1\": %2").arg(options.file, *why));
        return ExitCode::CannotOpen;
    }
    if (!showsHolders()) {
        complain(QStringLiteral("cannot tell who holds \"%1\": this system does not say").arg(options.file));
        return ExitCode::System;
    }
    const LockHolder holder = FileLock(options.file).holder();
    if (!print(options.form == Form::Json ? asJson(options.file, holder) : asText(options.file, holder))) {
        complain(QStringLiteral("cannot write to standard output"));
        return ExitCode::System;
    }
    return holder.isValid() ? ExitCode::Held : ExitCode::Success;
}

} // namespace Holdfast::Cli
