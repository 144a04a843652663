// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/result.h"

#include <cstdint>

namespace Holdfast::os {

/** Whether locks on the open file are kept by a server, who takes them back from a machine that it has not heard of for longer than
    its lease (NFS 4). */
bool mayBeTakenBack(std::intptr_t descriptor);

/** Asks that server about the lock of this very open file. False: it has been taken back, and somebody else may have had it since.
    Waits for the server. */
Result<bool> isInForce(std::intptr_t descriptor);

} // namespace Holdfast::os
