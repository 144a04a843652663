// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

#include <functional>

namespace Holdfast {

/** Starts a thread that does @p work, once, and that nobody waits for; it takes no signals. @p name has at most 15 bytes and lives
    for ever. False: no thread is to be had. */
HOLDFAST_CORE_EXPORT bool startInBackground(const char *name, std::function<void()> work);

} // namespace Holdfast
