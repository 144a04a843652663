// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "core/markerlock_p.h"

#include "core/filemode.h"
#include "engine/canonicalname.h"
#include "engine/markerholder.h"

namespace Holdfast {

MarkerBackendOptions MarkerLockPrivate::backendOptions(const std::string &path) const
{
    MarkerBackendOptions options{.path = path};
    if (permissions)
        options.permissions = toMode(permissions);
    options.malformedGrace = malformedGrace;
    return options;
}

PathLockPrivate::Change MarkerLockPrivate::setMalformedGrace(std::chrono::milliseconds grace)
{
    if (!mayChange("malformedGrace", true))
        return Change::Refused;
    if (grace.count() < -1) {
        fail(LockError::InvalidArgument,
             QStringLiteral("The malformedGrace of \"%1\" cannot be %2 ms: it must be -1 (never) or more.")
                 .arg(name(), QString::number(grace.count())));
        return Change::Refused;
    }
    return set("malformedGrace", true, &MarkerLockPrivate::malformedGrace, grace);
}

LockHolder MarkerLockPrivate::markerHolder() const
{
    return checkPath(name()).isSet() ? LockHolder() : Holdfast::markerHolder(place());
}

bool MarkerLockPrivate::isHeldByThisProcess() const
{
    return !checkPath(name()).isSet() && markerNamesThisProcess(place());
}

bool MarkerLockPrivate::removeMarker()
{
    if (core->isInherited())
        return false;
    Failure failure = checkPath(name());
    if (!failure.isSet()) {
        const std::string marker = place();
        if (os::Status removed = os::Directory::working().remove(marker); !removed)
            failure = systemFailure(marker, removed.error());
    }
    const bool done = !failure.isSet();
    report(std::move(failure));
    return done;
}

} // namespace Holdfast
