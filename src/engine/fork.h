// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/core_export.h>

namespace Holdfast {

/** How many forks lie between this process and the one that loaded the library. What was made in another generation
    belongs to an ancestor and must not be touched, not even its mutexes: another thread may have held them. */
HOLDFAST_CORE_EXPORT unsigned forkGeneration();

/** Makes forks safe; called by whatever is created first. */
HOLDFAST_CORE_EXPORT void prepareForForks();

} // namespace Holdfast
