// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/loginsession.h"

namespace Holdfast::os {

std::string loginSession()
{
    return {};
}

} // namespace Holdfast::os
