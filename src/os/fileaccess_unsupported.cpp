// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/fileaccess.h"

namespace Holdfast::os {

Status copyAccess(std::intptr_t, const std::string &)
{
    return SystemError{ErrorKind::Unsupported, 0, "chmod"};
}

Status takeUsualAccess(std::intptr_t, const std::string &)
{
    return SystemError{ErrorKind::Unsupported, 0, "chmod"};
}

} // namespace Holdfast::os
