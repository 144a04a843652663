// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/fileholder.h"

#include "engine/processholder.h"
#include "os/directory.h"
#include "os/localfilesystem.h"
#include "os/lockfile.h"
#include "os/markerreader.h"
#include "os/process.h"
#include "os/rangelock.h"
#include "records/locktable.h"

#include <optional>
#include <string_view>
#include <vector>

namespace Holdfast {

namespace {

std::vector<records::LockTableEntry> locksOn(const os::FileIdentity &file, std::string_view table)
{
    const os::DeviceNumbers device = os::deviceNumbers(file);
    return records::flockHolders(table, device.major, device.minor, file.number);
}

// The table names who took the lock. That one may have ended, and a process that he started keep the descriptor.
std::optional<std::int64_t> heirOf(const os::FileIdentity &file)
{
    if (!os::processTableIsOurs())
        return std::nullopt;
    for (const std::int64_t process : os::processes()) {
        if (!locksOn(file, os::locksOf(process)).empty())
            return process;
    }
    return std::nullopt;
}

} // namespace

LockHolder processHolder(const records::LockTableEntry &entry)
{
    LockHolder holder;
    holder.processId = entry.process;
    holder.hostName = QString::fromLocal8Bit(os::hostName());
    holder.mode = entry.shared ? LockMode::Shared : LockMode::Exclusive;
    if (const auto facts = os::factsOf(entry.process)) {
        holder.application = QString::fromLocal8Bit(facts->program);
        holder.userName = QString::fromLocal8Bit(facts->user);
        holder.liveness = Liveness::Alive;
    }
    return holder;
}

LockHolder fileHolder(const std::string &path)
{
    os::Result<os::FileIdentity> identity = os::identityOf(path);
    if (!identity || !identity->isValid())
        return {};
    const auto holders = locksOn(*identity, os::lockTable());
    if (holders.empty())
        return {};
    records::LockTableEntry entry = holders.front();
    if (!os::factsOf(entry.process))
        entry.process = heirOf(*identity).value_or(entry.process);
    return processHolder(entry);
}

os::Result<std::optional<LockMode>> remoteLock(const std::string &path)
{
    using Answer = os::Result<std::optional<LockMode>>;
    os::Result<os::Directory> parent = os::Directory::open(path.substr(0, path.rfind('/') + 1) + ".");
    if (!parent || os::isOnLocalFilesystem(parent->descriptor()))
        return Answer(std::nullopt);
    os::MarkerReader file;
    os::Result<std::optional<os::MarkerContent>> content = file.read(os::Directory::working(), path, 0);
    if (!content && content.error().kind == os::ErrorKind::PermissionDenied)
        return content.error();
    if (file.descriptor() < 0)
        return Answer(std::nullopt);
    constexpr os::ByteRange all{};
    os::Result<std::optional<os::RangeConflict>> conflict =
        os::rangeConflict(file.descriptor(), all, os::LockStrength::Exclusive);
    if (!conflict || !*conflict)
        return Answer(std::nullopt);
    return std::optional((*conflict)->strength == os::LockStrength::Shared ? LockMode::Shared : LockMode::Exclusive);
}

} // namespace Holdfast
