// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/directory.h"
#include "os/filefacts_unix.h"
#include "os/fork.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <algorithm>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace Holdfast::os {

namespace {

constexpr int DirectoryFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

int openDirectory(int directory, const char *name)
{
    return uninterrupted([&] { return systemCalls().openat(directory, name, DirectoryFlags, 0); });
}

Status statusOf(int result, const char *operation)
{
    return result == 0 ? Status() : Status(lastError(operation));
}

Result<bool> unlessItExists(int result, const char *operation)
{
    if (result == 0)
        return true;
    const SystemError error = lastError(operation);
    return error.code == EEXIST ? Result<bool>(false) : Result<bool>(error);
}

Result<std::vector<std::string>> readNames(DIR *stream)
{
    std::vector<std::string> names;
    for (;;) {
        errno = 0; // readdir answers nullptr for the end as well as for an error
        const dirent *entry = systemCalls().readdir(stream);
        if (!entry && errno != 0)
            return lastError("readdir");
        if (!entry)
            return names;
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..")
            names.emplace_back(name);
    }
}

} // namespace

Directory Directory::working()
{
    return Directory(AT_FDCWD);
}

Result<Directory> Directory::open(const std::string &path)
{
    const ForkPause untilItIsNoted;
    const int descriptor = openDirectory(AT_FDCWD, path.c_str());
    if (descriptor < 0)
        return lastError("open");
    return Directory(descriptor);
}

bool Directory::isAt(const std::string &path) const
{
    auto there = open(path);
    auto theirs = there ? there->facts(".") : Result<std::optional<FileFacts>>(there.error());
    auto ours = facts(".");
    return theirs && *theirs && ours && *ours && (*theirs)->identity == (*ours)->identity;
}

Result<bool> Directory::make(const std::string &name, unsigned mode) const
{
    const int directory = static_cast<int>(descriptor());
    return unlessItExists(systemCalls().mkdirat(directory, name.c_str(), mode), "mkdir");
}

Status Directory::setMode(const std::string &name, unsigned mode) const
{
    if (::fchmodat(static_cast<int>(descriptor()), name.c_str(), mode, 0) != 0)
        return lastError("chmod");
    return {};
}

Result<std::vector<std::string>> Directory::list() const
{
    // A description of its own: the position in the list belongs to the description, and somebody else may be reading.
    const ForkPause untilItIsClosed;
    const int descriptor = openDirectory(static_cast<int>(this->descriptor()), ".");
    if (descriptor < 0)
        return lastError("open");
    DIR *stream = systemCalls().fdopendir(descriptor);
    if (!stream) {
        const SystemError error = lastError("opendir");
        systemCalls().close(descriptor);
        return error;
    }
    Result<std::vector<std::string>> names = readNames(stream);
    systemCalls().closedir(stream);
    return names;
}

Status Directory::rename(const std::string &from, const std::string &to) const
{
    const int directory = static_cast<int>(descriptor());
    const int result = systemCalls().renameNew(directory, from.c_str(), directory, to.c_str());
    if (result == 0 || (errno != EINVAL && errno != ENOSYS)) // EINVAL: this filesystem cannot promise it, as NFS
        return statusOf(result, "rename");
    return statusOf(systemCalls().renameat(directory, from.c_str(), directory, to.c_str()), "rename");
}

Result<bool> Directory::link(const std::string &existing, const std::string &added) const
{
    const int directory = static_cast<int>(descriptor());
    return unlessItExists(systemCalls().linkat(directory, existing.c_str(), directory, added.c_str(), 0), "link");
}

Status Directory::remove(const std::string &name) const
{
    const int result = systemCalls().unlinkat(static_cast<int>(descriptor()), name.c_str(), 0);
    if (result != 0 && (errno == ENOENT || errno == ENOTDIR))
        return {};
    return statusOf(result, "unlink");
}

Result<std::optional<FileFacts>> Directory::facts(const std::string &name) const
{
    struct stat facts;
    const int directory = static_cast<int>(descriptor());
    if (systemCalls().fstatat(directory, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0)
        return std::optional(factsFrom(facts));
    if (errno == ENOENT || errno == ENOTDIR)
        return std::optional<FileFacts>();
    return lastError("lstat");
}

Result<std::optional<std::string>> Directory::linkTarget(const std::string &name, std::size_t limit) const
{
    std::string target(limit + 1, '\0');
    const int directory = static_cast<int>(descriptor());
    const ssize_t size = systemCalls().readlinkat(directory, name.c_str(), target.data(), target.size());
    if (size < 0 && (errno == ENOENT || errno == ENOTDIR))
        return std::optional<std::string>();
    if (size < 0 && errno != EINVAL)
        return lastError("readlink");
    target.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return std::optional(std::move(target));
}

} // namespace Holdfast::os
