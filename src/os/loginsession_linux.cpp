// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/loginsession.h"
#include "os/textfile_linux.h"

namespace Holdfast::os {

std::string loginSession()
{
    const std::string number = readWhole("/proc/self/sessionid");
    const bool isUnset = number == "4294967295"; // AUDIT_SID_UNSET of <linux/audit.h>
    return isUnset ? std::string() : number;
}

} // namespace Holdfast::os
