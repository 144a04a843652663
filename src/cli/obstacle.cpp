// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/obstacle.h"

#include "cli/exitcode.h"
#include "cli/output.h"
#include "cli/platform.h"

#include <holdfast/sql/readwritelock.h>

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <filesystem>
#include <system_error>

namespace Holdfast::Cli {

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

namespace {

// One by one: they may lead to nothing, and then the system does not resolve them. Linux, too, gives up after 40.
QString withoutFinalLinks(QString path)
{
    constexpr int mostLinks = 40;
    for (int i = 0; i < mostLinks; ++i) {
        const QFileInfo info(path);
        if (!info.isSymLink())
            break;
        path = info.symLinkTarget();
    }
    return path;
}

std::optional<LockInspection> orComplain(LockInspection inspection, int *exitCode)
{
    if (inspection.error == LockError::None)
        return inspection;
    complain(inspection.errorString);
    *exitCode = exitCodeFor(inspection.error);
    return std::nullopt;
}

} // namespace

std::optional<LockInspection> inspect(const Server &server, const QString &name, int *exitCode)
{
    return orComplain(ReadWriteLock(describeConnection(server), name).inspect(), exitCode);
}

std::optional<LockInspection> inspect(const QString &path, FinalLink link, int *exitCode)
{
    const QString target = link == FinalLink::Follow ? withoutFinalLinks(path) : path;
    if (const auto why = obstacle(target)) {
        complain(QStringLiteral("cannot tell who holds \"%1\": %2").arg(path, *why));
        *exitCode = ExitCode::CannotOpen;
        return std::nullopt;
    }
    auto inspection = orComplain(inspectLock(target), exitCode);
    if (!inspection)
        return std::nullopt;
    if (target != path)
        inspection->remarks += QStringLiteral("it is a link to \"%1\", of which this is said").arg(target);
    using Family = LockEntry::Family;
    const bool onlySystemKnows = inspection->family == Family::System || inspection->family == Family::Unknown;
    if (onlySystemKnows && !showsHolders()) {
        complain(QStringLiteral("cannot tell who holds \"%1\": this system does not say").arg(path));
        *exitCode = ExitCode::System;
        return std::nullopt;
    }
    return inspection;
}

} // namespace Holdfast::Cli
