// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/descriptor.h"
#include "os/result.h"

#include <cstdint>

namespace Holdfast::os {

/** Whether the open file lies on a server of NFS. Locks on it are kept there, and that of NFS 4 takes them back from a machine that
    it has not heard of for longer than its lease. */
bool isOnNfs(std::intptr_t descriptor);

/** Asks that server about the lock of this very open file. False: it has been taken back, and somebody else may have had it since.
    Waits for the server. */
Result<bool> isInForce(std::intptr_t descriptor);

/** The same file once more, open for writing: through one that is open for reading, NFS grants no exclusive lock. */
Result<Descriptor> reopenForWriting(std::intptr_t descriptor);

} // namespace Holdfast::os
