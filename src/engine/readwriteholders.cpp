// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/readwriteholders.h"

#include "engine/markerholder.h"
#include "engine/softreadwritebackend.h"
#include "os/directories.h"
#include "os/localfilesystem.h"
#include "records/limits.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace Holdfast {

namespace {

Owner ownerIn(const records::ReadWriteMarker &marker)
{
    return ownerAt(marker.host, marker.process, {});
}

LockHolder holderAt(const os::Directory &directory, const std::string &name, LockMode mode)
{
    os::MarkerReader reader;
    os::Result<std::optional<os::MarkerContent>> content = reader.read(directory, name, records::MostRecordBytes);
    if (!content || !*content)
        return {};
    const auto marker = records::readReadWriteMarker((*content)->bytes);
    if (!marker)
        return {};
    LockHolder holder = holderFrom(ownerIn(*marker), livenessIn(*marker, reader), (*content)->facts);
    holder.since = {}; // the file's time is that of the last heartbeat
    holder.mode = mode;
    holder.token = QString::fromStdString(marker->token);
    return holder;
}

} // namespace

Liveness livenessIn(const records::ReadWriteMarker &marker, const os::MarkerReader &reader)
{
    const Liveness liveness = livenessIn(ownerIn(marker), reader);
    const bool isProven = liveness != Liveness::Dead || os::isOnLocalFilesystem(reader.descriptor());
    return isProven ? liveness : Liveness::Unknown;
}

QList<LockHolder> readWriteReaders(const std::string &path)
{
    QList<LockHolder> holders;
    os::forgetNames(path);
    os::Result<os::Directory> readers = os::Directory::open(ReadWritePaths(path).readers);
    if (!readers)
        return holders;
    os::Result<std::vector<std::string>> names = readers->list();
    if (!names)
        return holders;
    std::sort(names->begin(), names->end()); // some order that stays the same
    for (const std::string &name : *names) {
        if (records::isHousekeeping(name))
            continue;
        if (const LockHolder holder = holderAt(*readers, name, LockMode::Shared); holder.isValid())
            holders += holder;
    }
    return holders;
}

LockHolder readWriteWriter(const std::string &path)
{
    os::forgetNames(path);
    return holderAt(os::Directory::working(), ReadWritePaths(path).write, LockMode::Exclusive);
}

// While a reader lives, a writer's marker says only that he waits; and when he has got in, there are no readers.
LockHolder readWriteHolder(const std::string &path)
{
    const QList<LockHolder> readers = readWriteReaders(path);
    const auto lives = [](const LockHolder &reader) { return reader.liveness != Liveness::Dead; };
    if (const auto living = std::ranges::find_if(readers, lives); living != readers.end())
        return *living;
    const LockHolder writer = readWriteWriter(path);
    return writer.isValid() ? writer : readers.value(0);
}

} // namespace Holdfast
