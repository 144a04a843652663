// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <memory>
#include <optional>

namespace Holdfast {
class AbstractLock;
}

namespace Holdfast::Cli {

struct RunOptions;

/** The kinds of locks that `run` can take. */
enum class Kind { File, Soft, Lease, Strict, SoftReadWrite, ReadWrite };

std::optional<Kind> parseKind(const QString &word);
QString kindWord(Kind kind); ///< as the user writes it: `soft-rw`

/** Whether locks of this kind know readers and writers. */
bool isReadWrite(Kind kind);

/** Whether such a hold can end although nobody did anything wrong: because it was not renewed in time, or the server went. */
bool mustBeRenewed(const RunOptions &options);

/** The lock that @p options ask for; nothing has been touched. */
std::unique_ptr<AbstractLock> makeLock(const RunOptions &options);

} // namespace Holdfast::Cli
