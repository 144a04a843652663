// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/failure.h"

#include <QtCore/qstring.h>

#include <string>

namespace Holdfast {

/** One name for a file however its directory is spelled; a final symbolic link keeps its own. Sets @p failure when the
    path can name nothing. */
std::string canonicalName(const QString &path, Failure *failure);

/** What is wrong with a path that no system call needs to be asked about: empty, or with a NUL inside. */
Failure checkPath(const QString &path);

} // namespace Holdfast
