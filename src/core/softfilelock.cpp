// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/softfilelock.h>

#include "core/markerlock_p.h"
#include "engine/softbackend.h"

#include <utility>

namespace Holdfast {

using Change = PathLockPrivate::Change;
using std::chrono::milliseconds;

class SoftFileLockPrivate final : public MarkerLockPrivate
{
public:
    using MarkerLockPrivate::MarkerLockPrivate;

private:
    LockCore::BackendFactory factoryFor(const std::string &path) const override
    {
        return [options = backendOptions(path)](const LockOptions &lock) {
            return std::make_unique<SoftBackend>(options, lock);
        };
    }
};

SoftFileLock::SoftFileLock(QObject *parent) : SoftFileLock(QString(), parent) { }

SoftFileLock::SoftFileLock(const QString &path, QObject *parent) : SoftFileLock(path, SoftFileLockOptions(), parent) { }

SoftFileLock::SoftFileLock(const QString &path, const SoftFileLockOptions &options, QObject *parent)
    : AbstractLock(std::make_unique<SoftFileLockPrivate>(path), parent)
{
    d_func()->permissions = options.permissions;
    d_func()->publish();
    takeCommonOptions(*this, options);
    setMalformedGrace(options.malformedGrace);
}

SoftFileLock::~SoftFileLock() = default;

SoftFileLockPrivate *SoftFileLock::d_func() const
{
    return static_cast<SoftFileLockPrivate *>(d_ptr.get());
}

QString SoftFileLock::path() const
{
    return d_func()->name();
}

bool SoftFileLock::setPath(const QString &path)
{
    return PathLockPrivate::tell(d_func()->set("path", true, &SoftFileLockPrivate::givenPath, path), this,
                                 &SoftFileLock::pathChanged);
}

QFileDevice::Permissions SoftFileLock::permissions() const
{
    return d_func()->get(&SoftFileLockPrivate::permissions);
}

bool SoftFileLock::setPermissions(QFileDevice::Permissions permissions)
{
    return PathLockPrivate::tell(d_func()->set("permissions", true, &SoftFileLockPrivate::permissions, permissions),
                                 this, &SoftFileLock::permissionsChanged);
}

milliseconds SoftFileLock::malformedGrace() const
{
    return d_func()->get(&SoftFileLockPrivate::malformedGrace);
}

bool SoftFileLock::setMalformedGrace(milliseconds grace)
{
    return PathLockPrivate::tell(d_func()->setMalformedGrace(grace), this, &SoftFileLock::malformedGraceChanged);
}

int SoftFileLock::malformedGraceMsecs() const
{
    return toMsecs(malformedGrace());
}

void SoftFileLock::setMalformedGraceMsecs(int msecs)
{
    setMalformedGrace(milliseconds(msecs));
}

LockHolder SoftFileLock::holder() const
{
    return d_func()->markerHolder();
}

bool SoftFileLock::isHeldByThisProcess() const
{
    return d_func()->isHeldByThisProcess();
}

bool SoftFileLock::breakLock()
{
    return d_func()->removeMarker();
}

} // namespace Holdfast
