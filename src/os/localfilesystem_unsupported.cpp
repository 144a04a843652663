// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/localfilesystem.h"

namespace Holdfast::os {

bool isOnLocalFilesystem(std::intptr_t)
{
    return false;
}

} // namespace Holdfast::os
