// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/syscalls_unix.h"

#include <cstdint>
#include <sys/vfs.h>
#include <utility>

namespace Holdfast::Testing {

constexpr std::uint32_t Nfs = 0x6969;
constexpr std::uint32_t Fuse = 0x65735546;
constexpr std::uint32_t Ext4 = 0xEF53;

/** Lets the library believe that everything lies on a filesystem of another type. One at a time. */
class FakedFilesystem
{
public:
    explicit FakedFilesystem(std::uint32_t type)
    {
        s_type = type;
        m_before = std::exchange(os::systemCalls().fstatfs, [](int, struct statfs *facts) {
            facts->f_type = static_cast<decltype(facts->f_type)>(s_type);
            return 0;
        });
    }
    ~FakedFilesystem() { os::systemCalls().fstatfs = m_before; }
    FakedFilesystem(const FakedFilesystem &) = delete;
    FakedFilesystem &operator=(const FakedFilesystem &) = delete;

private:
    static inline std::uint32_t s_type = 0;
    int (*m_before)(int, struct statfs *) = nullptr;
};

} // namespace Holdfast::Testing
