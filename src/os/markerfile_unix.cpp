// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/durability.h"
#include "os/filefacts_unix.h"
#include "os/fork.h"
#include "os/markerfile.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <fcntl.h>

namespace Holdfast::os {

namespace {

// O_EXCL takes a symbolic link for something that exists, dangling or not; O_NOFOLLOW says so once more.
constexpr int CreateFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

} // namespace

Result<bool> MarkerFile::create(const Directory &directory, const std::string &name, unsigned mode)
{
    close();
    const ForkPause untilItIsNoted;
    const int parent = static_cast<int>(directory.descriptor());
    const int descriptor = uninterrupted([&] { return systemCalls().openat(parent, name.c_str(), CreateFlags, mode); });
    if (descriptor < 0) {
        const SystemError error = lastError("open");
        return error.code == EEXIST ? Result<bool>(false) : Result<bool>(error);
    }
    m_descriptor.set(descriptor);
    return true;
}

Status MarkerFile::write(std::string_view bytes)
{
    const int descriptor = static_cast<int>(this->descriptor());
    while (!bytes.empty()) {
        const ssize_t written =
            uninterrupted([&] { return systemCalls().write(descriptor, bytes.data(), bytes.size()); });
        if (written < 0)
            return lastError("write");
        if (written == 0) // for ever, perhaps
            return errorFromCode(EIO, "write");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return syncWithOtherMachines(descriptor);
}

Result<FileFacts> MarkerFile::facts() const
{
    struct stat facts;
    if (systemCalls().fstat(static_cast<int>(descriptor()), &facts) != 0)
        return lastError("fstat");
    return factsFrom(facts);
}

Status MarkerFile::refresh()
{
    // Never a time of our own: only the system that keeps the file knows what its other times are counted by.
    if (systemCalls().futimens(static_cast<int>(descriptor()), nullptr) != 0)
        return lastError("futimens");
    return {};
}

Status MarkerFile::setMode(unsigned mode)
{
    if (systemCalls().fchmod(static_cast<int>(descriptor()), mode) != 0)
        return lastError("fchmod");
    return {};
}

} // namespace Holdfast::os
