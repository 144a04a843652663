// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlpath.h"

#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qregularexpression.h>

namespace Holdfast {

namespace {

// RFC 8089, 2: a file URL with a host is of that machine. Qt makes a path with two slashes of it, which here is one of this machine.
bool isOfThisMachine(const QUrl &url)
{
    return url.isLocalFile() && (url.host().isEmpty() || url.host() == u"localhost");
}

QString localPath(QUrl url)
{
    url.setHost(QString());
    return url.toLocalFile();
}

// As far as can be told without the disk.
QString absolutePath(const QString &path)
{
    return QDir::cleanPath(QFileInfo(toLocalPath(path).value_or(path)).absoluteFilePath());
}

} // namespace

std::optional<QString> toLocalPath(const QString &text)
{
    // RFC 3986, 3.1, but of two letters at least: "C:" is a drive. A URL without slashes is one, too: "mailto:", "file:/tmp".
    static const QRegularExpression scheme(QStringLiteral("^[A-Za-z][A-Za-z0-9+.-]+:"));
    if (!scheme.match(text).hasMatch())
        return text;
    const QUrl url(text);
    return isOfThisMachine(url) ? std::optional(localPath(url)) : std::nullopt;
}

QString pathText(const QUrl &url)
{
    if (isOfThisMachine(url))
        return localPath(url);
    if (!url.scheme().isEmpty())
        return url.toString();
    QString text = url.path(QUrl::FullyDecoded);
    if (url.hasQuery())
        text += u'?' + url.query(QUrl::FullyDecoded);
    if (url.hasFragment())
        text += u'#' + url.fragment(QUrl::FullyDecoded);
    return text;
}

bool isSamePlace(const QString &a, const QString &b)
{
    const QFileInfo one(absolutePath(a));
    const QFileInfo other(absolutePath(b));
    if (one.filePath() == other.filePath())
        return true;
    const QString folder = one.fileName() == other.fileName() ? one.dir().canonicalPath() : QString();
    return !folder.isEmpty() && folder == other.dir().canonicalPath();
}

} // namespace Holdfast
