// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/programpath.h"

#include <QtCore/qbytearraylist.h>
#include <QtCore/qglobal.h>

#include <filesystem>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace Holdfast::Cli {

namespace {

// What execvp() takes when there is no PATH.
constexpr char UsualPath[] = "/bin:/usr/bin";

bool isProgram(const std::string &path)
{
    struct stat facts = {};
    return ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

QByteArray inDirectory(const QByteArray &directory, const QByteArray &word)
{
    std::error_code error;
    const QByteArray path = directory.isEmpty() ? word : directory + '/' + word;
    const std::string absolute = std::filesystem::absolute(path.toStdString(), error).string();
    return !error && isProgram(absolute) ? QByteArray::fromStdString(absolute) : QByteArray();
}

} // namespace

QByteArray programPath(const QByteArray &word)
{
    if (word.contains('/'))
        return inDirectory({}, word);
    const QByteArray path = qEnvironmentVariableIsSet("PATH") ? qgetenv("PATH") : QByteArray(UsualPath);
    for (const QByteArray &directory : path.split(':')) {
        if (QByteArray found = inDirectory(directory, word); !found.isEmpty())
            return found;
    }
    return {};
}

} // namespace Holdfast::Cli
