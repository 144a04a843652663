// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/arguments.h"

namespace Holdfast::Cli {

/** What to say when the lock is lost while the command runs. @p words are the system's, if it has any. */
QString lossSentence(const RunOptions &options, LossReason reason, const QString &words);

} // namespace Holdfast::Cli
