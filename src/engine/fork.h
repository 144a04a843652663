// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

namespace Holdfast {

/** How many forks lie between this process and the one that loaded the library. What was made in another generation
    belongs to an ancestor and must not be touched, not even its mutexes: another thread may have held them. */
unsigned forkGeneration();

/** Makes forks safe; called by whatever is created first. */
void prepareForForks();

} // namespace Holdfast
