// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qurl.h>

#include <optional>

namespace Holdfast {

/** @p text as a path of this machine. QML programs often have the URL of a file, as dialogs give it, so that is understood,
    too; nothing for a URL of anything else. What begins as a URL does is one: a file "notes:a" in the folder of the process is
    "./notes:a". */
std::optional<QString> toLocalPath(const QString &text);

/** What @p url says, for toLocalPath(). Without a scheme it is a path that QML has made a URL of, and is decoded once: there the
    characters that divide a URL are part of a name. */
QString pathText(const QUrl &url);

/** Whether two paths lead to the same name in the same directory, however they are spelled. Asks the disk only where the name
    is the same, and the directory may be another. */
bool isSamePlace(const QString &a, const QString &b);

} // namespace Holdfast
