// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <cstdint>

namespace Holdfast::os {

/** Something without a name that can be watched like a file, for events that no file tells of. The caller closes it. */
Result<std::intptr_t> openBell();

/** An event for everybody who watches the open file or bell, in this process and others (its times change). */
Status ring(std::intptr_t descriptor);

} // namespace Holdfast::os
