// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/canonicalname.h"

#include "os/directories.h"
#include "os/directory.h"

#include <QtCore/qfile.h>

#include <optional>

namespace Holdfast {

Failure checkPath(const QString &path)
{
    if (path.isEmpty())
        return {LockError::InvalidArgument, QStringLiteral("The lock has no path: \"\" names no file. Give it one.")};
    if (path.contains(QChar::Null)) {
        QString visible = path;
        visible.replace(QChar::Null, QStringLiteral("\\0"));
        return {
            LockError::InvalidArgument,
            QStringLiteral("Cannot lock \"%1\": the path contains a NUL character. Choose another path.").arg(visible)};
    }
    if (!path.isValidUtf16()) { // two of them would be encoded as one name
        return {
            LockError::InvalidArgument,
            QStringLiteral("Cannot lock \"%1\": the path contains half a character (a lone surrogate), which no file "
                           "name can. Choose another path.")
                .arg(path)};
    }
    return {};
}

namespace {

// The links at the end of the path, one by one: they may lead to nothing, and then the system does not resolve them. Linux,
// too, gives up after 40. What stands in a link starts where the link lies, and is not tidied before the system has read it: a `..`
// behind a linked directory leads elsewhere than its spelling. Nothing: they lead in a circle.
std::optional<std::string> withoutFinalLinks(std::string path)
{
    constexpr int mostLinks = 40;
    constexpr std::size_t mostBytes = 4096; // of a link, in Linux
    const os::Directory working = os::Directory::working();
    for (int i = 0; i <= mostLinks; ++i) {
        os::Result<std::optional<std::string>> target = working.linkTarget(path, mostBytes);
        if (!target || !*target || (*target)->empty())
            return path;
        const bool isAbsolute = (*target)->front() == '/';
        path = isAbsolute ? **target : path.substr(0, path.rfind('/') + 1) + **target;
    }
    return std::nullopt;
}

std::string encoded(const QString &path)
{
    return QFile::encodeName(path).toStdString();
}

std::string canonical(const std::string &path, Failure *failure)
{
    os::Result<std::string> spelling = os::canonicalPath(path);
    if (spelling)
        return *spelling;
    *failure = systemFailure(path, spelling.error());
    return {};
}

} // namespace

bool hasQtName(const std::string &path)
{
    return QFile::encodeName(QFile::decodeName(path.c_str())).toStdString() == path;
}

std::string canonicalTarget(const QString &path, Failure *failure)
{
    *failure = checkPath(path);
    if (failure->isSet())
        return {};
    if (const std::optional<std::string> target = withoutFinalLinks(encoded(path)))
        return canonical(*target, failure);
    constexpr os::SystemError circle{.kind = os::ErrorKind::NotAFile,
                                     .operation = "readlink",
                                     .found = "its links lead in a circle, or there are too many of them"};
    *failure = systemFailure(encoded(path), circle);
    return {};
}

std::string canonicalName(const QString &path, Failure *failure)
{
    *failure = checkPath(path);
    return failure->isSet() ? std::string() : canonical(encoded(path), failure);
}

} // namespace Holdfast
