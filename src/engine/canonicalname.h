// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include "engine/failure.h"

#include <QtCore/qstring.h>

#include <string>

namespace Holdfast {

/** One name for a file however its directory is spelled; a final symbolic link keeps its own. Sets @p failure when the
    path can name nothing. */
HOLDFAST_CORE_EXPORT std::string canonicalName(const QString &path, Failure *failure);

/** The same for the file that a final link leads to, be it there or not. */
HOLDFAST_CORE_EXPORT std::string canonicalTarget(const QString &path, Failure *failure);

/** Whether Qt has a name for this file: one that is no text in the encoding of names (UTF-8) reaches no file through a QString. */
HOLDFAST_CORE_EXPORT bool hasQtName(const std::string &path);

/** What is wrong with a path that no system call needs to be asked about: empty, or with a NUL inside. */
HOLDFAST_CORE_EXPORT Failure checkPath(const QString &path);

} // namespace Holdfast
