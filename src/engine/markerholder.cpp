// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/markerholder.h"

#include "os/directories.h"
#include "os/process.h"
#include "records/leaserecord.h"
#include "records/softmarker.h"

#include <cmath>

namespace Holdfast {

namespace {

constexpr std::size_t LongestRecord = 1024;

} // namespace

std::string softRecord()
{
    const Owner owner = currentOwner();
    return records::writeSoftMarker({owner.process, markerHostOf(owner), owner.startToken});
}

std::optional<Owner> ownerIn(std::string_view bytes)
{
    if (const auto lease = records::readLeaseRecord(bytes))
        return ownerAt(lease->host, lease->process, lease->startToken);
    if (const auto marker = records::readSoftMarker(bytes))
        return ownerAt(marker->host, marker->process, marker->startToken);
    return std::nullopt;
}

Liveness livenessIn(const Owner &owner, const os::MarkerReader &reader)
{
    return livenessOf(owner, os::notedNamespace(reader.descriptor()));
}

LockHolder holderFrom(const Owner &owner, Liveness liveness, const os::FileFacts &facts)
{
    LockHolder holder;
    holder.processId = owner.process;
    holder.hostName = QString::fromUtf8(owner.host.data(), static_cast<qsizetype>(owner.host.size()));
    holder.since = QDateTime::fromMSecsSinceEpoch(facts.modified / 1'000'000);
    holder.userName = QString::fromStdString(os::userName(facts.owner));
    holder.liveness = liveness;
    if (liveness != Liveness::Alive)
        return holder;
    if (const auto process = os::factsOf(owner.process))
        holder.application = QString::fromLocal8Bit(process->program);
    return holder;
}

bool markerNamesThisProcess(const std::string &path)
{
    os::MarkerReader reader;
    os::Result<std::optional<os::MarkerContent>> content = reader.read(os::Directory::working(), path, LongestRecord);
    const std::optional<Owner> owner = content && *content ? ownerIn((*content)->bytes) : std::nullopt;
    return owner && isThisProcess(*owner);
}

LockHolder markerHolder(const std::string &path)
{
    os::forgetNames(path);
    os::MarkerReader reader;
    os::Result<std::optional<os::MarkerContent>> content = reader.read(os::Directory::working(), path, LongestRecord);
    if (!content || !*content)
        return {};
    const std::string &bytes = (*content)->bytes;
    const std::optional<Owner> owner = ownerIn(bytes);
    if (!owner)
        return {};
    LockHolder holder = holderFrom(*owner, livenessIn(*owner, reader), (*content)->facts);
    if (const auto lease = records::readLeaseRecord(bytes)) {
        holder.token = QString::fromStdString(lease->token);
        holder.leaseDuration = std::chrono::milliseconds(std::llround(lease->duration * 1000));
    }
    return holder;
}

} // namespace Holdfast
