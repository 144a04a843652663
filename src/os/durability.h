// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <cstdint>
#include <string>

namespace Holdfast::os {

/** Waits until all of the open file is on its disk: only then has the disk had room for it. */
Status syncFile(std::intptr_t descriptor);

/** The same for the names in a directory. */
Status syncDirectory(const std::string &path);

} // namespace Holdfast::os
