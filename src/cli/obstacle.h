// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/server.h"

#include <holdfast/lockinspection.h>

#include <QtCore/qstring.h>

#include <optional>

namespace Holdfast::Cli {

/** Why no lock can be on @p path, so that "free" is not said of a directory or of what cannot be looked at. */
std::optional<QString> obstacle(const QString &path);

/** What becomes of a path that is a symbolic link, which no lock follows. */
enum class FinalLink {
    Refuse,
    Follow ///< as document locks do; what it leads to is a remark of the inspection
};

/** inspectLock(), or says on standard error why it is no answer, and @p exitCode. */
std::optional<LockInspection> inspect(const QString &path, FinalLink link, int *exitCode);

/** The same for the lock called @p name on a server. */
std::optional<LockInspection> inspect(const Server &server, const QString &name, int *exitCode);

} // namespace Holdfast::Cli
