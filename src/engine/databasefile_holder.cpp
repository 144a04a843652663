// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Who has the bytes of a SQLite lock, as the system's tables tell.

#include "engine/databasebytes.h"
#include "engine/databasefile.h"
#include "engine/processholder.h"
#include "os/lockfile.h"
#include "os/process.h"
#include "records/locktable.h"

#include <algorithm>

namespace Holdfast {

namespace {

std::vector<records::LockTableEntry> locksOn(const os::FileIdentity &file, const std::string &table)
{
    const os::DeviceNumbers device = os::deviceNumbers(file);
    return records::posixHolders(table, device.major, device.minor, file.number,
                                 static_cast<std::uint64_t>(SharedBytes.start));
}

} // namespace

bool isLockedByThisProcess(const os::FileIdentity &file)
{
    return !locksOn(file, os::locksOf(os::currentProcess())).empty();
}

LockHolder databaseFileHolder(const std::string &path)
{
    os::Result<os::FileIdentity> identity = os::identityOf(path);
    if (!identity || !identity->isValid())
        return {};
    const auto holders = locksOn(*identity, os::lockTable());
    if (holders.empty())
        return {};
    const auto writer = std::find_if(holders.begin(), holders.end(), [](const auto &entry) { return !entry.shared; });
    return processHolder(writer == holders.end() ? holders.front() : *writer);
}

} // namespace Holdfast
