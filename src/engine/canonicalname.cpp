// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/canonicalname.h"

#include "os/directories.h"

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

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
// too, gives up after 40.
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

} // namespace

std::string canonicalTarget(const QString &path, Failure *failure)
{
    *failure = checkPath(path);
    return failure->isSet() ? std::string() : canonicalName(withoutFinalLinks(path), failure);
}

std::string canonicalName(const QString &path, Failure *failure)
{
    *failure = checkPath(path);
    if (failure->isSet())
        return {};
    const std::string encoded = QFile::encodeName(path).toStdString();
    os::Result<std::string> canonical = os::canonicalPath(encoded);
    if (canonical)
        return *canonical;
    *failure = systemFailure(encoded, canonical.error());
    return {};
}

} // namespace Holdfast
