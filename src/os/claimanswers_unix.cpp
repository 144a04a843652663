// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/claimanswers.h"

#include <cerrno>
#include <string_view>

namespace Holdfast::os {

bool saysVanished(const SystemError &error)
{
    return error.code == ESTALE;
}

bool saysNoHardLinks(const SystemError &error)
{
    if (error.operation != std::string_view("link"))
        return false;
    switch (error.code) {
    case EXDEV:
    case ENOSYS:
    case EOPNOTSUPP:
    case EPERM: // FAT, says link(2); a file that we have just made would be refused for no other reason
        return true;
    default:
        return false;
    }
}

} // namespace Holdfast::os
