// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/markerfile.h"

namespace Holdfast {

/** Who a file is that we have just made. Asked several times: a marker that nobody knows to be his is not removed, and keeps
    everybody out until it is old. */
inline os::Result<os::FileFacts> factsOfOwn(const os::MarkerFile &file)
{
    constexpr int chances = 4;
    os::Result<os::FileFacts> facts = file.facts();
    for (int i = 1; i < chances && !facts; ++i)
        facts = file.facts();
    return facts;
}

} // namespace Holdfast
