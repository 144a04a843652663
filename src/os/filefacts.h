// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/fileidentity.h"

#include <cstdint>

namespace Holdfast::os {

/** What the system tells about a file without reading it. */
struct FileFacts
{
    enum Type { Regular, Directory, Link, Other };

    FileIdentity identity;
    std::int64_t modified = 0; ///< nanoseconds since the epoch, by the filesystem's clock
    std::int64_t changed = 0;  ///< the same, of the last change of anything: nobody can set it
    Type type = Other;
    std::uint64_t links = 0; ///< 0: removed, and only still there because somebody has it open
    std::int64_t size = 0;
    unsigned mode = 0; ///< permission bits
    unsigned owner = 0;

    friend bool operator==(const FileFacts &, const FileFacts &) = default;
};

} // namespace Holdfast::os
