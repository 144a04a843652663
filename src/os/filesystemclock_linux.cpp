// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/filesystemclock.h"
#include "os/fork.h"
#include "os/markerfile.h"
#include "os/random.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <algorithm>
#include <fcntl.h>

namespace Holdfast::os {

namespace {

constexpr unsigned ProbeMode = 0600;

Descriptor openNameless(const Directory &directory, const std::string &folder)
{
    const ForkPause untilItIsNoted;
    const int parent = static_cast<int>(directory.descriptor());
    const std::string name = folder + ".";
    constexpr int flags = O_TMPFILE | O_WRONLY | O_CLOEXEC;
    return Descriptor(uninterrupted([&] { return systemCalls().openat(parent, name.c_str(), flags, ProbeMode); }));
}

std::string probeName(std::string name)
{
    constexpr std::size_t enough = 200; // of 255 bytes that a name may have
    name.resize(std::min(name.size(), enough));
    return "." + name + ".probe-" + randomHex(8);
}

// What a file is created with may be this machine's idea of the time; what it is refreshed with is what markers are
// refreshed with. Where refreshing is impossible the former has to do.
Result<std::int64_t> stampOf(MarkerFile &probe)
{
    (void)probe.refresh();
    Result<FileFacts> facts = probe.facts();
    if (!facts)
        return facts.error();
    return facts->modified;
}

} // namespace

Result<std::int64_t> filesystemNow(const Directory &directory, const std::string &besideName)
{
    const auto nameAt = besideName.rfind('/') + 1; // 0 where there is no slash
    const std::string folder = besideName.substr(0, nameAt);
    MarkerFile probe(openNameless(directory, folder));
    if (probe.isOpen())
        return stampOf(probe);
    // Network filesystems, and overlays of containers until 6.6, know no files without a name.
    const std::string name = folder + probeName(besideName.substr(nameAt));
    Result<bool> created = probe.create(directory, name, ProbeMode);
    if (!created)
        return created.error();
    if (!*created)
        return errorFromCode(EEXIST, "open");
    Result<std::int64_t> now = stampOf(probe);
    (void)directory.remove(name);
    return now;
}

} // namespace Holdfast::os
