// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <optional>

namespace Holdfast {

/** @p text as a path of this machine. QML programs often have the URL of a file, as dialogs give it, so that is understood,
    too; nothing for a URL of anything else. */
std::optional<QString> toLocalPath(const QString &text);

/** Whether two paths lead to the same name in the same directory, however they are spelled. Asks the disk. */
bool isSamePlace(const QString &a, const QString &b);

} // namespace Holdfast
