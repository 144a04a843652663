// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/otherfamilies.h"

#include "engine/databasefile.h"
#include "engine/fileholder.h"
#include "engine/markerfamilyname.h"
#include "engine/markerholder.h"
#include "engine/readwriteholders.h"
#include "engine/softreadwritebackend.h"
#include "records/tornmarker.h"

#include <algorithm>

namespace Holdfast {

namespace {

using records::MarkerFamily;

constexpr std::size_t LongestRecord = 1024;

std::optional<os::MarkerContent> contentOf(os::MarkerReader &reader, const std::string &path)
{
    os::Result<std::optional<os::MarkerContent>> content = reader.read(os::Directory::working(), path, LongestRecord);
    return content ? *content : std::nullopt;
}

bool isInUse(MarkerFamily family, std::string_view bytes, const os::MarkerReader &reader)
{
    if (family == MarkerFamily::StrictSentinel || family == MarkerFamily::UnknownContract)
        return true; // the rules of the second are not known here, so neither is when it ends
    if (family != MarkerFamily::Soft && family != MarkerFamily::Lease && family != MarkerFamily::Exclusive)
        return false;
    const std::optional<Owner> owner = ownerIn(bytes);
    if (!owner)
        return false;
    if (family == MarkerFamily::Soft && owner->startToken.empty())
        return false; // more likely a note
    return livenessIn(*owner, reader) != Liveness::Dead;
}

} // namespace

Failure otherFamilyInUse(const std::string &path)
{
    os::MarkerReader reader;
    const auto content = contentOf(reader, path);
    if (!content)
        return {};
    const MarkerFamily family = records::markerFamily(content->bytes);
    return isInUse(family, content->bytes, reader) ? otherFamily(path, familyName(family)) : Failure();
}

bool mayBeCleared(const std::string &path)
{
    os::MarkerReader reader;
    const auto content = contentOf(reader, path);
    if (!content)
        return false;
    const MarkerFamily family = records::markerFamily(content->bytes);
    if (isInUse(family, content->bytes, reader))
        return false;
    const std::optional<Owner> owner = family == MarkerFamily::Soft ? ownerIn(content->bytes) : std::nullopt;
    return !owner || livenessIn(*owner, reader) == Liveness::Dead || isThisProcess(*owner);
}

Failure otherFamilyAt(const std::string &path)
{
    const auto whyDatabase = [&path] {
        return databaseFileHolders(path).isEmpty() ? Failure() : otherFamily(path, DatabaseLock);
    };
    os::MarkerReader reader;
    const auto content = contentOf(reader, path);
    if (!content) // not there; or it must not be opened, because this process has it open through SQLite
        return whyDatabase();
    const MarkerFamily family = records::markerFamily(content->bytes);
    if (isInUse(family, content->bytes, reader))
        return otherFamily(path, familyName(family));
    const bool isLockFile = family == MarkerFamily::Empty && content->facts.type == os::FileFacts::Regular;
    if (isLockFile && fileHolder(path).isValid())
        return otherFamily(path, SystemLock);
    return isLockFile ? whyDatabase() : Failure();
}

Failure readWriteLockInUse(const std::string &path)
{
    const ReadWritePaths paths(path);
    const os::Directory here = os::Directory::working();
    const auto isThere = [&here](const std::string &name) {
        os::Result<std::optional<os::FileFacts>> facts = here.facts(name);
        return facts && *facts;
    };
    if (!isThere(paths.write) && !isThere(paths.readers))
        return {};
    QList<LockHolder> holders = readWriteReaders(path);
    holders += readWriteWriter(path);
    const bool isInUse = std::any_of(holders.begin(), holders.end(), [](const LockHolder &holder) {
        return holder.isValid() && holder.liveness != Liveness::Dead;
    });
    return isInUse ? otherFamily(path, "a soft read/write lock (SoftReadWriteLock)") : Failure();
}

bool isFreeForSoftLock(const std::string &path)
{
    os::MarkerReader reader;
    const auto content = contentOf(reader, path);
    if (!content)
        return true;
    const MarkerFamily family = records::markerFamily(content->bytes);
    return family == MarkerFamily::Empty || family == MarkerFamily::Soft || records::mayBeTornMarker(content->bytes);
}

} // namespace Holdfast
