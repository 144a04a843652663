// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/fileholder.h"

#include "os/lockfile.h"
#include "os/process.h"
#include "records/locktable.h"

namespace Holdfast {

LockHolder fileHolder(const std::string &path)
{
    os::Result<os::FileIdentity> identity = os::identityOf(path);
    if (!identity || !identity->isValid())
        return {};
    const os::DeviceNumbers device = os::deviceNumbers(*identity);
    const auto holders = records::flockHolders(os::lockTable(), device.major, device.minor, identity->number);
    if (holders.empty())
        return {};
    LockHolder holder;
    holder.processId = holders.front().process;
    holder.hostName = QString::fromLocal8Bit(os::hostName());
    holder.mode = holders.front().shared ? LockMode::Shared : LockMode::Exclusive;
    if (const auto facts = os::factsOf(holder.processId)) {
        holder.application = QString::fromLocal8Bit(facts->program);
        holder.userName = QString::fromLocal8Bit(facts->user);
        holder.liveness = Liveness::Alive;
    }
    return holder;
}

} // namespace Holdfast
