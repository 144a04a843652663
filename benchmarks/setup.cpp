// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "groups.h"
#include "micro.h"

#include <cstdlib>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace Bench {

namespace {

// What was removed in one directory must not slow down another one, or the next run. An ext4 without a journal does not give an
// inode again that became free within the last minutes, and for each file that is made it looks at all those of that part of the disk:
// where ten thousand documents have just gone, a file takes a millisecond instead of ten microseconds (measured). Below a top
// directory, each new directory gets a part of its own. Other filesystems refuse the flag, and do not need it.
void makeTop(const std::string &directory)
{
    const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int flags = 0;
    if (ioctl(descriptor, FS_IOC_GETFLAGS, &flags) == 0) {
        flags |= FS_TOPDIR_FL;
        ioctl(descriptor, FS_IOC_SETFLAGS, &flags);
    }
    close(descriptor);
}

} // namespace

Setup Setup::apart() const
{
    makeTop(directory);
    std::string fresh = path("XXXXXX");
    require(mkdtemp(fresh.data()) != nullptr);
    return {fresh, quick};
}

} // namespace Bench
