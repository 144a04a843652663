// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/fileaccess.h"
#include "os/syscalls_unix.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <vector>

namespace Holdfast::os {

namespace {

// As acl(5) lies on the disk: opaque here.
constexpr const char *AccessList = "system.posix_acl_access";

constexpr mode_t Permissions = 0777;
constexpr mode_t OfOwner = 0700;
constexpr mode_t OfOthers = 0007;

std::vector<char> accessListOf(const std::string &path)
{
    const ssize_t size = ::lgetxattr(path.c_str(), AccessList, nullptr, 0);
    std::vector<char> list(size > 0 ? static_cast<std::size_t>(size) : 0);
    const ssize_t got = list.empty() ? 0 : ::lgetxattr(path.c_str(), AccessList, list.data(), list.size());
    list.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return list;
}

// A group first: who has given a file away may not choose its group any more.
bool takeGroup(int descriptor, const struct stat &own, const struct stat &wanted)
{
    constexpr auto asItIs = static_cast<uid_t>(-1);
    const bool isTaken = own.st_gid == wanted.st_gid || ::fchown(descriptor, asItIs, wanted.st_gid) == 0;
    if (own.st_uid != wanted.st_uid)
        static_cast<void>(::fchown(descriptor, wanted.st_uid, static_cast<gid_t>(-1)) == 0);
    return isTaken;
}

// Who was in the old group, or in the list, is one of the others now, and so is who gets in by the new group.
mode_t narrowed(mode_t mode, bool hadList)
{
    const mode_t others = hadList ? 0 : mode & (mode >> 3) & (mode >> 6) & OfOthers;
    return (mode & OfOwner) | (others << 3) | others;
}

Status changeMode(int descriptor, mode_t mode)
{
    return systemCalls().fchmod(descriptor, mode) == 0 ? Status() : lastError("fchmod");
}

} // namespace

Status copyAccess(std::intptr_t descriptor, const std::string &model)
{
    const int number = static_cast<int>(descriptor);
    struct stat wanted = {};
    struct stat own = {};
    if (systemCalls().lstat(model.c_str(), &wanted) != 0)
        return lastError("stat");
    if (systemCalls().fstat(number, &own) != 0)
        return lastError("fstat");
    // Before the list goes: with one, what was to be the group's permissions bounds the list, and is the group's without.
    const std::vector<char> list = accessListOf(model);
    const bool hasGroup = takeGroup(number, own, wanted);
    const bool hasList =
        hasGroup && !list.empty() && systemCalls().fsetxattr(number, AccessList, list.data(), list.size(), 0) == 0;
    if (!hasList)
        static_cast<void>(::fremovexattr(number, AccessList)); // what the directory gives to new files
    const bool isWhole = hasGroup && (hasList || list.empty());
    const mode_t mode = wanted.st_mode & Permissions;
    return changeMode(number, isWhole ? mode : narrowed(mode, !list.empty()));
}

Status takeUsualAccess(std::intptr_t descriptor, const std::string &probe)
{
    constexpr mode_t usual = 0666;
    const int made = systemCalls().open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, usual);
    if (made < 0)
        return lastError("open");
    systemCalls().close(made);
    Status taken = copyAccess(descriptor, probe);
    systemCalls().unlinkat(AT_FDCWD, probe.c_str(), 0);
    return taken;
}

} // namespace Holdfast::os
