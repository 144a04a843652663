// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/softfilelease.h>

#include "core/markerlock_p.h"
#include "engine/leasebackend.h"

#include <utility>

namespace Holdfast {

using Change = PathLockPrivate::Change;
using std::chrono::milliseconds;

class SoftFileLeasePrivate final : public MarkerLockPrivate
{
public:
    using MarkerLockPrivate::MarkerLockPrivate;

    Change setDuration(milliseconds value, const char *name, milliseconds SoftFileLeasePrivate::*member,
                       milliseconds least);

    milliseconds duration{30'000};
    milliseconds heartbeat{-1};

private:
    LockCore::BackendFactory factoryFor(const std::string &path) const override;
};

LockCore::BackendFactory SoftFileLeasePrivate::factoryFor(const std::string &path) const
{
    const LeaseTerms terms{duration, heartbeat.count() < 0 ? std::max(duration / 3, milliseconds(1)) : heartbeat};
    if (terms.heartbeat < terms.duration)
        return [options = backendOptions(path), terms](const LockOptions &) {
            return std::make_unique<LeaseBackend>(options, terms);
        };
    const Failure refusal{
        LockError::InvalidArgument,
        QStringLiteral("Cannot acquire \"%1\": a heartbeat every %2 ms does not keep a lease of %3 ms "
                       "alive; it must be shorter.")
            .arg(PathLockPrivate::givenPath, QString::number(terms.heartbeat.count()),
                 QString::number(terms.duration.count()))};
    return LockCore::refuse(refusal);
}

Change SoftFileLeasePrivate::setDuration(milliseconds value, const char *name,
                                         milliseconds SoftFileLeasePrivate::*member, milliseconds least)
{
    if (!mayChange(name, true))
        return Change::Refused;
    const bool isAutomatic = member == &SoftFileLeasePrivate::heartbeat && value.count() == -1;
    if (value < least && !isAutomatic) {
        fail(LockError::InvalidArgument, QStringLiteral("The %1 of \"%2\" cannot be %3 ms: it must be at least %4.")
                                             .arg(QString::fromLatin1(name), this->name(),
                                                  QString::number(value.count()), QString::number(least.count())));
        return Change::Refused;
    }
    return set(name, true, member, value);
}

SoftFileLease::SoftFileLease(QObject *parent) : SoftFileLease(QString(), parent) { }

SoftFileLease::SoftFileLease(const QString &path, QObject *parent) : SoftFileLease(path, SoftFileLeaseOptions(), parent)
{ }

SoftFileLease::SoftFileLease(const QString &path, const SoftFileLeaseOptions &options, QObject *parent)
    : AbstractLock(std::make_unique<SoftFileLeasePrivate>(path), parent)
{
    d_func()->permissions = options.permissions;
    d_func()->publish();
    takeCommonOptions(*this, options);
    setDuration(options.duration);
    setHeartbeat(options.heartbeat);
    setMalformedGrace(options.malformedGrace);
}

SoftFileLease::~SoftFileLease() = default;

SoftFileLeasePrivate *SoftFileLease::d_func() const
{
    return static_cast<SoftFileLeasePrivate *>(d_ptr.get());
}

QString SoftFileLease::path() const
{
    return d_func()->name();
}

bool SoftFileLease::setPath(const QString &path)
{
    return PathLockPrivate::tell(d_func()->set("path", true, &SoftFileLeasePrivate::givenPath, path), this,
                                 &SoftFileLease::pathChanged);
}

milliseconds SoftFileLease::duration() const
{
    return d_func()->get(&SoftFileLeasePrivate::duration);
}

bool SoftFileLease::setDuration(milliseconds duration)
{
    return PathLockPrivate::tell(
        d_func()->setDuration(duration, "duration", &SoftFileLeasePrivate::duration, milliseconds(2)), this,
        &SoftFileLease::durationChanged);
}

milliseconds SoftFileLease::heartbeat() const
{
    return d_func()->get(&SoftFileLeasePrivate::heartbeat);
}

bool SoftFileLease::setHeartbeat(milliseconds heartbeat)
{
    return PathLockPrivate::tell(
        d_func()->setDuration(heartbeat, "heartbeat", &SoftFileLeasePrivate::heartbeat, milliseconds(1)), this,
        &SoftFileLease::heartbeatChanged);
}

QFileDevice::Permissions SoftFileLease::permissions() const
{
    return d_func()->get(&SoftFileLeasePrivate::permissions);
}

bool SoftFileLease::setPermissions(QFileDevice::Permissions permissions)
{
    return PathLockPrivate::tell(d_func()->set("permissions", true, &SoftFileLeasePrivate::permissions, permissions),
                                 this, &SoftFileLease::permissionsChanged);
}

milliseconds SoftFileLease::malformedGrace() const
{
    return d_func()->get(&SoftFileLeasePrivate::malformedGrace);
}

bool SoftFileLease::setMalformedGrace(milliseconds grace)
{
    return PathLockPrivate::tell(d_func()->setMalformedGrace(grace), this, &SoftFileLease::malformedGraceChanged);
}

QString SoftFileLease::token() const
{
    return d_func()->token();
}

LockHolder SoftFileLease::holder() const
{
    return d_func()->markerHolder();
}

bool SoftFileLease::isHeldByThisProcess() const
{
    return d_func()->isHeldByThisProcess();
}

bool SoftFileLease::forceBreak()
{
    return d_func()->removeMarker();
}

int SoftFileLease::durationMsecs() const
{
    return toMsecs(duration());
}

void SoftFileLease::setDurationMsecs(int msecs)
{
    setDuration(milliseconds(msecs));
}

int SoftFileLease::heartbeatMsecs() const
{
    return toMsecs(heartbeat());
}

void SoftFileLease::setHeartbeatMsecs(int msecs)
{
    setHeartbeat(milliseconds(msecs));
}

int SoftFileLease::malformedGraceMsecs() const
{
    return toMsecs(malformedGrace());
}

void SoftFileLease::setMalformedGraceMsecs(int msecs)
{
    setMalformedGrace(milliseconds(msecs));
}

} // namespace Holdfast
