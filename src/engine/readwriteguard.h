// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/attempt.h"

#include <optional>

namespace Holdfast {

struct ReadWritePaths;

/**
 * Version 4 of filelock keeps its soft read/write lock in a directory P.rw, and sees ours as little as we see that one: two
 * writers would write. Of a directory and a file only one can have the name. So whoever was first keeps the other out: we make
 * that file, for good, and stay away where the directory is. Nothing: the way is free, and is ours.
 */
std::optional<Attempt> keepNewerOut(const ReadWritePaths &paths);

} // namespace Holdfast
