// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "records/markerfamily.h"

namespace Holdfast {

inline constexpr const char *SystemLock = "an operating system lock (FileLock, flock)";
inline constexpr const char *DatabaseLock = "a lock of SQLite (ReadWriteLock)";

/** What messages call a kind of lock: `a lease (SoftFileLease)`. */
const char *familyName(records::MarkerFamily family);

} // namespace Holdfast
