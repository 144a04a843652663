// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace Holdfast::os {

/** Which file it is, whatever it is called: equal for every name of one file, and only there. */
struct FileIdentity
{
    std::uint64_t device = 0;
    std::uint64_t number = 0; ///< inode, or file index

    bool isValid() const { return number != 0; }
    friend bool operator==(const FileIdentity &, const FileIdentity &) = default;
};

/** The device as the system's tables write it. */
struct DeviceNumbers
{
    unsigned major = 0;
    unsigned minor = 0;
};

DeviceNumbers deviceNumbers(const FileIdentity &identity);

} // namespace Holdfast::os
