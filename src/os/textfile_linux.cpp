// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/textfile_linux.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace Holdfast::os {

// Not through streams: those take three times as long, and their iterators throw when a process ends between the open and
// the read (ESRCH).
std::string readWhole(const std::string &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return {};
    std::string text;
    std::array<char, 4096> part;
    for (;;) {
        const ssize_t size = ::read(descriptor, part.data(), part.size());
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            text.clear();
        if (size <= 0)
            break;
        text.append(part.data(), static_cast<std::size_t>(size));
    }
    ::close(descriptor);
    return text;
}

} // namespace Holdfast::os
