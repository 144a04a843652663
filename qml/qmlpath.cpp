// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlpath.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qregularexpression.h>

namespace Holdfast {

std::optional<QString> toLocalPath(const QString &text)
{
    // RFC 3986, 3.1, but of two letters at least: "C:" is a drive. A URL without slashes is one, too: "mailto:", "file:/tmp".
    static const QRegularExpression scheme(QStringLiteral("^[A-Za-z][A-Za-z0-9+.-]+:"));
    if (!scheme.match(text).hasMatch())
        return text;
    const QUrl url(text);
    return url.isLocalFile() ? std::optional(url.toLocalFile()) : std::nullopt;
}

QString pathText(const QUrl &url)
{
    if (url.isLocalFile())
        return url.toLocalFile();
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
    const auto place = [](const QString &path) {
        const QFileInfo file(toLocalPath(path).value_or(path));
        const QString directory = QFileInfo(file.absolutePath()).canonicalFilePath();
        return directory.isEmpty() ? file.absoluteFilePath() : directory + u'/' + file.fileName();
    };
    return a == b || place(a) == place(b);
}

} // namespace Holdfast
