// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include "records/locktable.h"

namespace Holdfast {

/** Who is behind an entry of the system's table of locks. */
LockHolder processHolder(const records::LockTableEntry &entry);

} // namespace Holdfast
