// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/filefacts_unix.h"
#include "os/fork.h"
#include "os/guardedfile.h"
#include "os/markerreader.h"
#include "os/syscalls_unix.h"
#include "os/uninterrupted_unix.h"

#include <algorithm>
#include <fcntl.h>

namespace Holdfast::os {

namespace {

// O_NONBLOCK and O_NOCTTY: between the look and the open, a pipe or a terminal may have come under the name.
constexpr int ReadFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

Result<std::string> readBytes(int descriptor, std::size_t wanted, std::size_t size)
{
    std::string bytes(wanted, '\0');
    std::size_t got = 0;
    // One read is all it takes, but one that ends early (network filesystems) is continued: half a record looks malformed,
    // and malformed ones get removed.
    do {
        const ssize_t more = uninterrupted(
            [&] { return systemCalls().pread(descriptor, bytes.data() + got, wanted - got, static_cast<off_t>(got)); });
        if (more < 0)
            return lastError("read");
        if (more == 0)
            break;
        got += static_cast<std::size_t>(more);
    } while (got < std::min(wanted, size));
    bytes.resize(got);
    return bytes;
}

} // namespace

Result<std::optional<MarkerContent>> MarkerReader::read(const Directory &directory, const std::string &name,
                                                        std::size_t limit)
{
    using Answer = Result<std::optional<MarkerContent>>;
    close();
    m_limit = limit;
    Result<std::optional<FileFacts>> before = directory.facts(name);
    if (!before)
        return before.error();
    if (!*before)
        return Answer(std::nullopt);
    if ((*before)->type != FileFacts::Regular)
        return Answer(MarkerContent{**before, {}});
    if (const Status opened = open(directory, name); !opened)
        return opened.error().code == ENOENT ? Answer(std::nullopt) : Answer(opened.error());
    Answer content = readAgain();
    if (!content || (*content)->facts.type != FileFacts::Regular)
        close();
    return content;
}

Status MarkerReader::open(const Directory &directory, const std::string &name)
{
    if (Status unguarded = checkUnguarded(directory.descriptor(), name); !unguarded)
        return unguarded;
    const ForkPause untilItIsNoted;
    const int parent = static_cast<int>(directory.descriptor());
    const int descriptor = uninterrupted([&] { return systemCalls().openat(parent, name.c_str(), ReadFlags, 0); });
    if (descriptor < 0)
        return lastError("open");
    m_descriptor.set(descriptor);
    return {};
}

Result<std::optional<MarkerContent>> MarkerReader::readAgain()
{
    using Answer = Result<std::optional<MarkerContent>>;
    const int descriptor = static_cast<int>(this->descriptor());
    if (descriptor < 0)
        return Answer(std::nullopt);
    struct stat facts;
    if (systemCalls().fstat(descriptor, &facts) != 0)
        return lastError("fstat");
    MarkerContent content{factsFrom(facts), {}};
    if (content.facts.type != FileFacts::Regular)
        return Answer(std::move(content));
    Result<std::string> bytes = readBytes(descriptor, m_limit + 1, static_cast<std::size_t>(facts.st_size));
    if (!bytes)
        return bytes.error();
    content.bytes = std::move(*bytes);
    return Answer(std::move(content));
}

Status MarkerReader::refresh()
{
    if (systemCalls().futimens(static_cast<int>(descriptor()), nullptr) != 0)
        return lastError("futimens");
    return {};
}

} // namespace Holdfast::os
