// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/claimanswers.h"

namespace Holdfast::os {

bool saysVanished(const SystemError &)
{
    return false;
}

bool saysNoHardLinks(const SystemError &error)
{
    return error.kind == ErrorKind::Unsupported;
}

} // namespace Holdfast::os
