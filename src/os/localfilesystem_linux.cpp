// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/localfilesystem.h"
#include "os/syscalls_unix.h"

#include <algorithm>
#include <sys/vfs.h>

namespace Holdfast::os {

namespace {

// <linux/magic.h> has not all of them, in any version. Not here: what lies on top of another filesystem that may be anywhere
// (eCryptfs), and FUSE, behind which may be SSH as well as NTFS.
constexpr std::uint32_t LocalFilesystems[] = {
    0x0000EF53, // ext2, ext3, ext4
    0x58465342, // XFS
    0x9123683E, // Btrfs
    0x01021994, // tmpfs
    0x858458F6, // ramfs, and the root of an initial RAM disk
    0xF2F52010, // F2FS
    0x2FC12FC1, // ZFS
    0xCA451A4E, // bcachefs
    0x794C7630, // overlay: what is written goes to a layer that network filesystems cannot be
    0x52654973, // ReiserFS
    0x3153464A, // JFS
    0x00003434, // NILFS
    0x00004D44, // FAT
    0x2011BAB0, // exFAT
    0x7366746E, // NTFS, the kernel's
};

} // namespace

bool isOnLocalFilesystem(std::intptr_t descriptor)
{
    struct statfs facts;
    if (systemCalls().fstatfs(static_cast<int>(descriptor), &facts) != 0)
        return false;
    const auto type = static_cast<std::uint32_t>(facts.f_type); // signed on some machines, and 32 bits wide
    return std::ranges::find(LocalFilesystems, type) != std::ranges::end(LocalFilesystems);
}

} // namespace Holdfast::os
