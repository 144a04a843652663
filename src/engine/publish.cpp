// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/publish.h"

#include "engine/reclaim.h"
#include "os/random.h"
#include "records/strictclaim.h"

namespace Holdfast {

namespace {

constexpr unsigned DefaultMode = 0666;
constexpr std::intptr_t NothingToGuard = -1; // nobody judges files whose names are random

os::Status fill(os::MarkerFile &file, std::string_view bytes, std::optional<unsigned> permissions)
{
    if (permissions) {
        if (os::Status set = file.setMode(*permissions); !set)
            return set;
    }
    return file.write(bytes);
}

} // namespace

os::Result<bool> publish(const os::Directory &directory, const std::string &name, std::string_view bytes,
                         std::optional<unsigned> permissions, os::MarkerFile &file)
{
    const std::string hidden = records::privateName(name, os::randomHex(16));
    os::Result<bool> published = file.create(directory, hidden, permissions.value_or(DefaultMode));
    if (!published || !*published)
        return published;
    os::Result<os::FileFacts> facts = file.facts();
    if (!facts) { // what cannot be told to be ours is left to those who remove what is old
        file.close();
        return facts.error();
    }
    if (os::Status filled = fill(file, bytes, permissions); filled)
        published = addName(directory, hidden, name, facts->identity);
    else
        published = filled.error();
    static_cast<void>(removeOwn(directory, hidden, facts->identity, NothingToGuard));
    if (!published || !*published)
        file.close();
    return published;
}

// What the link answers is not believed in either case: over NFS, one that was sent twice says that the name exists
// already.
os::Result<bool> addName(const os::Directory &directory, const std::string &existing, const std::string &added,
                         const os::FileIdentity &file)
{
    os::Result<bool> linked = directory.link(existing, added);
    if (!linked && linked.error().kind != os::ErrorKind::NotFound)
        return linked;
    if (!linked) {
        os::Result<std::optional<os::FileFacts>> first = directory.facts(existing);
        return first && !*first ? os::Result<bool>(false) : linked;
    }
    os::Result<std::optional<os::FileFacts>> named = directory.facts(added);
    if (!named)
        return named.error();
    return *named && (*named)->identity == file;
}

} // namespace Holdfast
