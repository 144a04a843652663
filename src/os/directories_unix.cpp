// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/directories.h"
#include "os/fork.h"
#include "os/syscalls_unix.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

namespace Holdfast::os {

namespace {

SystemError fromErrorCode(const std::error_code &error, const char *operation)
{
    return errorFromCode(error.value(), operation);
}

bool isDirectory(const std::string &path)
{
    // Not lstat: a symbolic link to a directory is a good parent. The empty name stands for the root.
    std::error_code ignored;
    return std::filesystem::is_directory(path.empty() ? "/" : path, ignored);
}

Status makeDirectory(const std::string &directory)
{
    if (systemCalls().mkdir(directory.c_str(), 0777) == 0)
        return {};
    const SystemError error = lastError("mkdir");
    if (error.code == EEXIST && !isDirectory(directory))
        return errorFromCode(ENOTDIR, "mkdir");
    return error.code == EEXIST ? Status() : Status(error);
}

// Whether @p directory is there and has no other spelling that is more canonical, in one look instead of one at each of its parts.
// Any other answer, also that of a system that cannot be asked so (before Linux 5.6, in a sandbox), leaves it open.
bool isStraight(const std::string &directory)
{
    const std::string ended = directory + '/';
    const auto has = [&ended](const char *part) { return ended.find(part) != std::string::npos; };
    if (has("//") || has("/./") || has("/../"))
        return false;
    const ForkPause untilItIsClosed;
    const int descriptor = systemCalls().openStraight(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    systemCalls().close(descriptor);
    return true;
}

} // namespace

Status makeParents(const std::string &path)
{
    for (auto slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const std::string directory = path.substr(0, slash);
        if (isDirectory(directory))
            continue;
        if (Status made = makeDirectory(directory); !made)
            return made;
    }
    return {};
}

void forgetNames(const std::string &path)
{
    const std::string directory = path.substr(0, path.rfind('/') + 1);
    struct statx facts;
    static_cast<void>(systemCalls().statxat(AT_FDCWD, directory.empty() ? "." : directory.c_str(), AT_STATX_FORCE_SYNC,
                                            STATX_MTIME | STATX_CTIME, &facts));
}

Result<std::string> absolutePath(const std::string &path)
{
    if (!path.empty() && path.front() == '/')
        return path;
    std::error_code error;
    const std::filesystem::path current = std::filesystem::current_path(error);
    if (error)
        return fromErrorCode(error, "getcwd");
    return (current / path).string();
}

Result<std::string> canonicalPath(const std::string &path)
{
    Result<std::string> absolute = absolutePath(path);
    if (!absolute || isStraight(absolute->substr(0, absolute->rfind('/'))))
        return absolute;
    const std::filesystem::path whole(*absolute);
    std::error_code error;
    const std::filesystem::path directory = std::filesystem::weakly_canonical(whole.parent_path(), error);
    if (error)
        return fromErrorCode(error, "realpath");
    return (directory / whole.filename()).string();
}

} // namespace Holdfast::os
