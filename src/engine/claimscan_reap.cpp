// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What publishers leave behind who die between writing and linking.

#include "engine/claimscan.h"

#include "engine/strictfailure.h"
#include "os/claimanswers.h"

namespace Holdfast {

namespace {

// How long a publisher may take from creating its private file to linking it. As in Python's filelock.
constexpr std::chrono::seconds PublishGrace{2};

bool isNoFailure(const os::SystemError &error)
{
    return error.kind == os::ErrorKind::PermissionDenied || os::saysVanished(error);
}

} // namespace

// By its name alone, which holds a random token: nobody makes another file with it. A publisher who was only slow finds
// it missing, and begins again.
Failure ClaimScan::reap(const StrictPlace &place, const os::Directory &directory, const std::string &name)
{
    os::Result<std::optional<os::FileFacts>> facts = directory.facts(name);
    if (!facts)
        return isNoFailure(facts.error()) ? Failure() : strictDamage(place.path(), name, facts.error());
    if (!*facts)
        return {};
    if ((*facts)->type != os::FileFacts::Regular)
        return strictDamage(place.path(), name, QStringLiteral("it is no regular file"));
    const bool isPublished = (*facts)->links > 1;
    if (!isPublished && !m_age.isAtLeast(PublishGrace, (*facts)->modified, directory, name))
        return {};
    if (os::Status removed = directory.remove(name); !removed && !isNoFailure(removed.error()))
        return strictDamage(place.path(), name, removed.error());
    return {};
}

} // namespace Holdfast
