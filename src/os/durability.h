// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <cstdint>
#include <string>

namespace Holdfast::os {

/** Waits until all of the open file is on its disk: only then has the disk had room for it. */
Status syncFile(std::intptr_t descriptor);

/**
 * Waits until other machines can see what was written to the open file, where it lies on a filesystem that they may share: its
 * client sends what was written when the file is closed, or after half a minute (Linux, dirty_expire_centisecs), and only then
 * does the server say that its disk is full.
 */
Status syncWithOtherMachines(std::intptr_t descriptor);

/** Waits until the names in a directory are on its disk. */
Status syncDirectory(const std::string &path);

} // namespace Holdfast::os
