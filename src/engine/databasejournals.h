// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/attempt.h"

#include <cstdint>
#include <string>

namespace Holdfast {

/**
 * Whether the database @p path, which is missing or empty, has left a journal with something in it.
 *
 * Rows that somebody has committed may be in there alone. SQLite takes a journal beside an empty database for a leftover and
 * deletes it, so such a path must be refused before SQLite opens it. @p descriptor: of the file, negative when there is none.
 */
Failure journalBeside(const std::string &path, std::intptr_t descriptor);

} // namespace Holdfast
