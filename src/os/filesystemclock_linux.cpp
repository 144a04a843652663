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
constexpr std::size_t RandomBytes = 8;

Descriptor openNameless(const Directory &directory, const std::string &folder)
{
    const ForkPause untilItIsNoted;
    const int parent = static_cast<int>(directory.descriptor());
    const std::string name = folder + ".";
    constexpr int flags = O_TMPFILE | O_WRONLY | O_CLOEXEC;
    return Descriptor(uninterrupted([&] { return systemCalls().openat(parent, name.c_str(), flags, ProbeMode); }));
}

// Before as many random digits as make it a name of its own.
std::string probePrefix(std::string name)
{
    constexpr std::size_t enough = 200; // of 255 bytes that a name may have
    name.resize(std::min(name.size(), enough));
    return "." + name + ".probe-";
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
    const std::string name = folder + probePrefix(besideName.substr(nameAt)) + randomHex(RandomBytes);
    Result<bool> created = probe.create(directory, name, ProbeMode);
    if (!created)
        return created.error();
    if (!*created)
        return errorFromCode(EEXIST, "open");
    Result<std::int64_t> now = stampOf(probe);
    (void)directory.remove(name);
    return now;
}

bool isProbe(std::string_view name, const std::string &besideName)
{
    const std::string prefix = probePrefix(besideName.substr(besideName.rfind('/') + 1));
    if (!name.starts_with(prefix))
        return false;
    name.remove_prefix(prefix.size());
    return name.size() == 2 * RandomBytes && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace Holdfast::os
