// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/leftovers.h"

#include "engine/filesystemage.h"
#include "engine/logging.h"
#include "engine/markerholder.h"
#include "engine/reclaim.h"
#include "os/descriptorlock.h"
#include "os/filesystemclock.h"
#include "records/limits.h"
#include "records/readwritemarker.h"

namespace Holdfast {

namespace {

// A probe is there for microseconds; no process is stopped for so long in the midst of it.
constexpr std::chrono::hours ProbesLast{1};

std::optional<Owner> ownerOf(std::string_view bytes)
{
    if (const auto marker = records::readReadWriteMarker(bytes))
        return ownerAt(marker->host, marker->process, {});
    return ownerIn(bytes);
}

// Whoever is about to delete it himself has it locked, and would miss it.
bool isLeft(os::MarkerReader &reader, const os::MarkerContent &content)
{
    const std::optional<Owner> owner = ownerOf(content.bytes);
    if (!owner || livenessIn(*owner, reader) != Liveness::Dead)
        return false;
    os::Result<os::LockAnswer> answer = os::tryLockDescriptor(reader.descriptor(), os::LockStrength::Exclusive);
    return !answer || *answer == os::LockAnswer::Acquired;
}

// By its name alone: nobody ever gives a random one to another file.
void remove(const os::Directory &directory, const std::string &name)
{
    if (directory.remove(name))
        qCDebug(lcHoldfast) << "removed what a process that was killed has left:" << name.c_str();
}

void removeAside(const os::Directory &directory, const std::string &name)
{
    os::MarkerReader reader;
    os::Result<std::optional<os::MarkerContent>> content = reader.read(directory, name, records::MostRecordBytes);
    if (content && *content && isLeft(reader, **content))
        remove(directory, name);
}

void removeProbe(const os::Directory &directory, const std::string &name, FilesystemAge &age)
{
    os::Result<std::optional<os::FileFacts>> facts = directory.facts(name);
    if (!facts || !*facts || (*facts)->type != os::FileFacts::Regular || (*facts)->size != 0)
        return;
    if (age.isAtLeast(ProbesLast, (*facts)->modified, directory, name))
        remove(directory, name);
}

} // namespace

void removeLeftovers(const std::string &path)
{
    const auto nameAt = path.rfind('/') + 1;
    const std::string name = path.substr(nameAt);
    os::Result<os::Directory> directory = os::Directory::open(path.substr(0, nameAt) + ".");
    if (!directory)
        return;
    os::Result<std::vector<std::string>> names = directory->list();
    if (!names)
        return;
    FilesystemAge age;
    for (const std::string &other : *names) {
        if (isAside(other, name))
            removeAside(*directory, other);
        else if (os::isProbe(other, name))
            removeProbe(*directory, other, age);
    }
}

} // namespace Holdfast
