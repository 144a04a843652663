// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "records/locktable.h"

#include "records/fields.h"

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

} // namespace

// 1: FLOCK  ADVISORY  WRITE 708 00:15:1234 0 EOF      a granted lock
// 1: -> FLOCK  ADVISORY  WRITE 709 00:15:1234 0 EOF   somebody who waits for it
std::vector<LockTableEntry> flockHolders(std::string_view table, unsigned major, unsigned minor, std::uint64_t inode)
{
    std::vector<LockTableEntry> holders;
    while (!table.empty()) {
        std::string_view line = takeUntil(table, '\n');
        takeWord(line); // the number
        if (takeWord(line) != "FLOCK")
            continue;
        takeWord(line); // ADVISORY
        const std::string_view access = takeWord(line);
        const auto process = toNumber<std::int64_t>(takeWord(line));
        if (process && namesFile(takeWord(line), major, minor, inode))
            holders.push_back({*process, access == "READ"});
    }
    return holders;
}

} // namespace Holdfast::records
