// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/filewatch.h"

#include "os/syscalls_unix.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace Holdfast::os {

namespace {

// Both kinds of close: flock(1) opens its file for reading only, most others for writing.
// IN_ATTRIB comes with the last unlink while somebody still has the file open, IN_DELETE_SELF only after.
constexpr std::uint32_t ReplacementMask = IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t EverythingMask = ReplacementMask | IN_CLOSE_WRITE | IN_CLOSE_NOWRITE;
constexpr std::uint32_t ContentsMask = ReplacementMask | IN_MODIFY;

// A dying process closes its descriptors in order, and closing an inotify instance takes the kernel 10 ms: with a high
// number it comes after the locks, which somebody may be waiting for. (512: half of the usual limit.)
constexpr int LateDescriptor = 512;

std::uint32_t maskOf(FileWatch::Interest interest)
{
    switch (interest) {
    case FileWatch::Everything:
        return EverythingMask;
    case FileWatch::Contents:
        return ContentsMask;
    case FileWatch::Replacement:
        break;
    }
    return ReplacementMask;
}

int openLate()
{
    const int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    const int late = fcntl(descriptor, F_DUPFD_CLOEXEC, LateDescriptor);
    if (late < 0)
        return descriptor;
    ::close(descriptor);
    return late;
}

FileEvent::Kind kindOf(std::uint32_t mask)
{
    if (mask & IN_Q_OVERFLOW)
        return FileEvent::Overflow;
    return mask & (IN_CLOSE_WRITE | IN_CLOSE_NOWRITE) ? FileEvent::Closed : FileEvent::Changed;
}

} // namespace

FileWatch::~FileWatch()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool FileWatch::prepare()
{
    if (m_descriptor < 0)
        m_descriptor = openLate();
    return m_descriptor >= 0;
}

Result<int> FileWatch::add(std::intptr_t descriptor, Interest interest)
{
    if (!prepare())
        return lastError("inotify_init1");
    // Through the descriptor, not the path: the path may name another file by now.
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    const int watch = systemCalls().inotifyAddWatch(m_descriptor, link.c_str(), maskOf(interest) | IN_MASK_ADD);
    if (watch < 0)
        return lastError("inotify_add_watch");
    return watch;
}

void FileWatch::remove(int watch)
{
    inotify_rm_watch(m_descriptor, watch);
}

std::vector<FileEvent> FileWatch::takeEvents()
{
    std::vector<FileEvent> events;
    alignas(inotify_event) char buffer[4096];
    for (;;) {
        const ssize_t size = ::read(m_descriptor, buffer, sizeof buffer);
        if (size <= 0)
            return events;
        for (ssize_t at = 0; at < size;) {
            inotify_event event;
            std::memcpy(&event, buffer + at, sizeof event);
            at += static_cast<ssize_t>(sizeof event + event.len);
            // IN_IGNORED ends a watch, also one that the kernel dropped with its file: no news by itself.
            if (!(event.mask & IN_IGNORED))
                events.push_back({event.wd, kindOf(event.mask)});
        }
    }
}

void FileWatch::abandon()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = -1;
}

} // namespace Holdfast::os
