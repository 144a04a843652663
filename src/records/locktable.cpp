// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/locktable.h"

#include "records/fields.h"

#include <optional>

namespace Holdfast::records {

namespace {

std::string_view takeWord(std::string_view &line)
{
    while (!line.empty() && line.front() == ' ')
        line.remove_prefix(1);
    return takeUntil(line, ' ');
}

bool namesFile(std::string_view word, unsigned major, unsigned minor, std::uint64_t inode)
{
    const auto foundMajor = toNumber<unsigned>(takeUntil(word, ':'), 16);
    const auto foundMinor = toNumber<unsigned>(takeUntil(word, ':'), 16);
    const auto foundInode = toNumber<std::uint64_t>(word);
    if (!foundMajor || !foundMinor || foundInode != inode)
        return false;
    return major == 0 || (foundMajor == major && foundMinor == minor);
}

// "0 EOF", "1073741826 1073742335": both ends belong to it.
bool covers(std::string_view range, std::uint64_t offset)
{
    const auto first = toNumber<std::uint64_t>(takeWord(range));
    const std::string_view end = takeWord(range);
    const auto last = toNumber<std::uint64_t>(end);
    return first && *first <= offset && (end == "EOF" || (last && *last >= offset));
}

// 1: FLOCK  ADVISORY  WRITE 708 00:15:1234 0 EOF      a granted lock
// 1: -> FLOCK  ADVISORY  WRITE 709 00:15:1234 0 EOF   somebody who waits for it
std::vector<LockTableEntry> holders(std::string_view table, std::string_view kind, unsigned major, unsigned minor,
                                    std::uint64_t inode, std::optional<std::uint64_t> offset)
{
    std::vector<LockTableEntry> found;
    while (!table.empty()) {
        std::string_view line = takeUntil(table, '\n');
        takeWord(line); // the number
        if (takeWord(line) != kind)
            continue;
        takeWord(line); // ADVISORY
        const std::string_view access = takeWord(line);
        const auto process = toNumber<std::int64_t>(takeWord(line));
        if (process && namesFile(takeWord(line), major, minor, inode) && (!offset || covers(line, *offset)))
            found.push_back({*process, access == "READ"});
    }
    return found;
}

} // namespace

std::vector<LockTableEntry> flockHolders(std::string_view table, unsigned major, unsigned minor, std::uint64_t inode)
{
    return holders(table, "FLOCK", major, minor, inode, std::nullopt); // of the whole file
}

std::vector<LockTableEntry> posixHolders(std::string_view table, unsigned major, unsigned minor, std::uint64_t inode,
                                         std::uint64_t offset)
{
    return holders(table, "POSIX", major, minor, inode, offset);
}

std::vector<LockTableEntry> openFileHolders(std::string_view table, unsigned major, unsigned minor, std::uint64_t inode,
                                            std::uint64_t offset)
{
    return holders(table, "OFDLCK", major, minor, inode, offset);
}

} // namespace Holdfast::records
