// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/readwriteguard.h"

#include "engine/readwriterival.h"
#include "engine/softreadwritebackend.h"
#include "os/markerfile.h"

#include <QtCore/qfile.h>

#include <string_view>

namespace Holdfast {

namespace {

constexpr unsigned GuardMode = 0644;

// For whoever looks why he cannot have this path.
constexpr std::string_view GuardText =
    "The files beside this one are a read/write lock as filelock 3 and Holdfast have it (SoftReadWriteLock).\n"
    "That of filelock 4 is another one, and does not see them: this file keeps it out.\n"
    "When no program uses the first one any more, remove this file.\n";

Attempt newerInUse(const ReadWritePaths &paths)
{
    return Attempt::failed(
        {LockError::OtherFamily,
         QStringLiteral("Cannot lock \"%1\": the directory \"%2\" is a soft read/write lock of version 4 of Python's "
                        "filelock, and neither sees the other. Use another path; if nobody uses that lock any more, "
                        "remove the directory.")
             .arg(QFile::decodeName(paths.lock.c_str()), QFile::decodeName(paths.newer.c_str()))});
}

} // namespace

std::optional<Attempt> keepNewerOut(const ReadWritePaths &paths)
{
    const os::Directory here = os::Directory::working();
    os::Result<std::optional<os::FileFacts>> facts = here.facts(paths.newer);
    if (facts && !*facts) {
        os::MarkerFile guard;
        os::Result<bool> created = guard.create(here, paths.newer, GuardMode);
        if (!created)
            return Attempt::failed(systemFailure(paths.newer, created.error()));
        if (*created) {
            static_cast<void>(guard.write(GuardText)); // an empty one is as good
            return std::nullopt;
        }
        facts = here.facts(paths.newer);
    }
    if (!facts)
        return mayPass(facts.error()) ? Attempt::busy() : Attempt::failed(systemFailure(paths.newer, facts.error()));
    const bool isTheirs = *facts && (*facts)->type == os::FileFacts::Directory;
    return isTheirs ? std::optional(newerInUse(paths)) : std::nullopt;
}

} // namespace Holdfast
