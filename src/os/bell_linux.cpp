// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/bell.h"

#include "os/syscalls_unix.h"

#include <sys/mman.h>

namespace Holdfast::os {

Result<std::intptr_t> openBell()
{
    const int descriptor = memfd_create("holdfast-bell", MFD_CLOEXEC);
    if (descriptor < 0)
        return lastError("memfd_create");
    return descriptor;
}

Status ring(std::intptr_t descriptor)
{
    if (systemCalls().futimens(static_cast<int>(descriptor), nullptr) != 0)
        return lastError("futimens");
    return {};
}

} // namespace Holdfast::os
