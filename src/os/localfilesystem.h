// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace Holdfast::os {

/**
 * Whether the open file lies on a filesystem that is known to be on a disk, or in the memory, of this machine alone. False for
 * network, cluster and user-space filesystems, for what a virtual machine's host lends, and for all that is not known.
 *
 * What cannot be seen from here: that this machine exports it to others.
 */
bool isOnLocalFilesystem(std::intptr_t descriptor);

} // namespace Holdfast::os
