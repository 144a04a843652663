// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/readwriteholders.h"

#include "engine/markerholder.h"
#include "engine/softreadwritebackend.h"
#include "records/limits.h"
#include "records/readwritemarker.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace Holdfast {

namespace {

LockHolder holderAt(const os::Directory &directory, const std::string &name, LockMode mode)
{
    os::MarkerReader reader;
    os::Result<std::optional<os::MarkerContent>> content = reader.read(directory, name, records::MostRecordBytes);
    if (!content || !*content)
        return {};
    const auto marker = records::readReadWriteMarker((*content)->bytes);
    if (!marker)
        return {};
    const Owner owner{marker->process, marker->host, {}};
    LockHolder holder = holderFrom(owner, livenessIn(owner, reader), (*content)->facts);
    holder.since = {}; // the file's time is that of the last heartbeat
    holder.mode = mode;
    holder.token = QString::fromStdString(marker->token);
    return holder;
}

QList<LockHolder> readersOf(const std::string &path, qsizetype most)
{
    QList<LockHolder> holders;
    os::Result<os::Directory> readers = os::Directory::open(ReadWritePaths(path).readers);
    if (!readers)
        return holders;
    os::Result<std::vector<std::string>> names = readers->list();
    if (!names)
        return holders;
    std::sort(names->begin(), names->end()); // some order that stays the same
    for (const std::string &name : *names) {
        if (holders.size() == most)
            break;
        if (records::isHousekeeping(name))
            continue;
        if (const LockHolder holder = holderAt(*readers, name, LockMode::Shared); holder.isValid())
            holders += holder;
    }
    return holders;
}

} // namespace

QList<LockHolder> readWriteReaders(const std::string &path)
{
    return readersOf(path, -1);
}

LockHolder readWriteWriter(const std::string &path)
{
    return holderAt(os::Directory::working(), ReadWritePaths(path).write, LockMode::Exclusive);
}

LockHolder readWriteHolder(const std::string &path)
{
    const LockHolder writer = readWriteWriter(path);
    return writer.isValid() ? writer : readersOf(path, 1).value(0);
}

} // namespace Holdfast
