// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/durability.h"

namespace Holdfast::os {

Status syncFile(std::intptr_t)
{
    return SystemError{ErrorKind::Unsupported, 0, "sync"};
}

Status syncWithOtherMachines(std::intptr_t)
{
    return SystemError{ErrorKind::Unsupported, 0, "sync"};
}

Status syncDirectory(const std::string &)
{
    return SystemError{ErrorKind::Unsupported, 0, "sync"};
}

} // namespace Holdfast::os
