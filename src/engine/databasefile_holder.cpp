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

QList<LockHolder> databaseFileHolders(const std::string &path)
{
    os::Result<os::FileIdentity> identity = os::identityOf(path);
    if (!identity || !identity->isValid())
        return {};
    auto entries = locksOn(*identity, os::lockTable());
    std::stable_partition(entries.begin(), entries.end(), [](const auto &entry) { return !entry.shared; });
    QList<LockHolder> holders;
    for (const records::LockTableEntry &entry : entries)
        holders += processHolder(entry);
    return holders;
}

} // namespace Holdfast
