// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/directory.h"
#include "os/durability.h"
#include "os/localfilesystem.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <cerrno>

namespace Holdfast::os {

// Some filesystems of user space cannot, and some files have nothing to be synchronised.
Status syncFile(std::intptr_t descriptor)
{
    const int answer = uninterrupted([&] { return systemCalls().fsync(static_cast<int>(descriptor)); });
    if (answer == 0 || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)
        return {};
    return lastError("fsync");
}

Status syncWithOtherMachines(std::intptr_t descriptor)
{
    return isOnLocalFilesystem(descriptor) ? Status() : syncFile(descriptor);
}

Status syncDirectory(const std::string &path)
{
    Result<Directory> directory = Directory::open(path);
    return directory ? syncFile(directory->descriptor()) : Status(directory.error());
}

} // namespace Holdfast::os
