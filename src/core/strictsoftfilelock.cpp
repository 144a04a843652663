// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/strictsoftfilelock.h>

#include "core/filemode.h"
#include "core/pathlock_p.h"
#include "engine/canonicalname.h"
#include "engine/strictbackend.h"
#include "engine/strictclaims.h"

#include <QtCore/qfile.h>

#include <utility>

namespace Holdfast {

using Change = PathLockPrivate::Change;

class StrictSoftFileLockPrivate final : public PathLockPrivate
{
public:
    using PathLockPrivate::PathLockPrivate;

    QFileDevice::Permissions permissions;

private:
    LockCore::BackendFactory factoryFor(const std::string &path) const override
    {
        StrictBackendOptions options{.path = path};
        if (permissions)
            options.permissions = toMode(permissions);
        return [options](const LockOptions &) { return std::make_unique<StrictBackend>(options); };
    }
};

namespace {

LockClaim toPublic(const Claim &claim)
{
    const bool isHeld = claim.state == records::ClaimState::Held;
    return {QFile::decodeName(claim.name.c_str()), isHeld ? LockClaim::State::Held : LockClaim::State::Intent,
            QString::fromStdString(claim.record.token), ownerOf(claim)};
}

} // namespace

StrictSoftFileLock::StrictSoftFileLock(QObject *parent) : StrictSoftFileLock(QString(), parent) { }

StrictSoftFileLock::StrictSoftFileLock(const QString &path, QObject *parent)
    : StrictSoftFileLock(path, StrictSoftFileLockOptions(), parent)
{ }

StrictSoftFileLock::StrictSoftFileLock(const QString &path, const StrictSoftFileLockOptions &options, QObject *parent)
    : AbstractLock(std::make_unique<StrictSoftFileLockPrivate>(path), parent)
{
    StrictSoftFileLockPrivate *d = d_func();
    d->permissions = options.permissions;
    d->publish();
    takeCommonOptions(*this, options);
}

StrictSoftFileLock::~StrictSoftFileLock() = default;

StrictSoftFileLockPrivate *StrictSoftFileLock::d_func() const
{
    return static_cast<StrictSoftFileLockPrivate *>(d_ptr.get());
}

QString StrictSoftFileLock::path() const
{
    return d_func()->name();
}

bool StrictSoftFileLock::setPath(const QString &path)
{
    return PathLockPrivate::tell(d_func()->set("path", true, &StrictSoftFileLockPrivate::givenPath, path), this,
                                 &StrictSoftFileLock::pathChanged);
}

QFileDevice::Permissions StrictSoftFileLock::permissions() const
{
    return d_func()->get(&StrictSoftFileLockPrivate::permissions);
}

bool StrictSoftFileLock::setPermissions(QFileDevice::Permissions permissions)
{
    return PathLockPrivate::tell(
        d_func()->set("permissions", true, &StrictSoftFileLockPrivate::permissions, permissions), this,
        &StrictSoftFileLock::permissionsChanged);
}

QList<LockClaim> StrictSoftFileLock::claims() const
{
    ClaimList list;
    list.failure = checkPath(path());
    if (!list.failure.isSet())
        list = strictClaims(d_func()->place());
    if (!d_ptr->core->isInherited())
        d_ptr->report(std::move(list.failure));
    QList<LockClaim> claims;
    for (const Claim &claim : list.claims)
        claims += toPublic(claim);
    return claims;
}

bool StrictSoftFileLock::forceBreak(const QString &claimName)
{
    if (d_ptr->core->isInherited())
        return false;
    Failure failure = checkPath(path());
    if (!failure.isSet())
        failure = breakClaim(d_func()->place(), claimName);
    const bool broken = !failure.isSet();
    d_ptr->report(std::move(failure));
    return broken;
}

LockHolder StrictSoftFileLock::holder() const
{
    return checkPath(path()).isSet() ? LockHolder() : strictHolder(d_func()->place());
}

} // namespace Holdfast
