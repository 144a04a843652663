// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlpath.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qurl.h>

namespace Holdfast {

std::optional<QString> toLocalPath(const QString &text)
{
    // "qrc:" is the one scheme without slashes that QML programs meet; "C:" is a drive.
    static const QRegularExpression scheme(QStringLiteral("^([A-Za-z][A-Za-z0-9+.-]+://|qrc:)"));
    if (!scheme.match(text).hasMatch())
        return text;
    const QUrl url(text);
    return url.isLocalFile() ? std::optional(url.toLocalFile()) : std::nullopt;
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
