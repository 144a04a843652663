// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/softreadwritelock.h>

#include "core/softreadwritelock_p.h"
#include "engine/canonicalname.h"
#include "engine/otherfamilies.h"
#include "engine/readwriteholders.h"

#include <limits>
#include <utility>

namespace Holdfast {

using Change = PathLockPrivate::Change;
using std::chrono::milliseconds;

namespace {

// Three heartbeats, of which two may be missed; as in Python's filelock.
milliseconds effective(milliseconds threshold, milliseconds heartbeat)
{
    return threshold.count() < 0 && heartbeat < milliseconds::max() / 3 ? 3 * heartbeat : threshold;
}

// Half an hour or a year, but no time that nanoseconds cannot count.
constexpr milliseconds Longest = std::chrono::hours(24 * 365 * 100);

Failure checkTerms(const QString &name, milliseconds heartbeat, milliseconds threshold)
{
    const milliseconds stale = effective(threshold, heartbeat);
    if (heartbeat.count() >= 1 && threshold.count() >= -1 && stale > heartbeat && stale <= Longest)
        return {};
    return {LockError::InvalidArgument,
            QStringLiteral(
                "The lock \"%1\" cannot have a heartbeat every %2 ms and be stale after %3 ms: the first must be "
                "at least 1, the second greater than the first, or -1 for three heartbeats.")
                .arg(name, QString::number(heartbeat.count()), QString::number(threshold.count()))};
}

} // namespace

ReadWriteTerms SoftReadWriteLockPrivate::terms() const
{
    const std::scoped_lock lock(mutex);
    return {heartbeat, effective(threshold, heartbeat)};
}

Failure SoftReadWriteLockPrivate::refusal() const
{
    return checkTerms(givenPath, heartbeat, threshold);
}

Change SoftReadWriteLockPrivate::setTerms(const char *option, milliseconds newHeartbeat, milliseconds newThreshold)
{
    if (!mayChange(option, true))
        return Change::Refused;
    if (const Failure refusal = checkTerms(name(), newHeartbeat, newThreshold); refusal.isSet()) {
        fail(refusal.error, refusal.text);
        return Change::Refused;
    }
    {
        const std::scoped_lock lock(mutex);
        if (newHeartbeat == heartbeat && newThreshold == threshold)
            return Change::None;
        heartbeat = newHeartbeat;
        threshold = newThreshold;
    }
    publish();
    return Change::Made;
}

LockCore::BackendFactory SoftReadWriteLockPrivate::factoryFor(const std::string &path) const
{
    Failure refusal = this->refusal();
    if (static_cast<const AbstractReadWriteLock *>(q)->isClosed())
        refusal = {
            LockError::Misuse,
            QStringLiteral("Cannot acquire \"%1\": it is closed. Make a new lock.").arg(PathLockPrivate::givenPath)};
    if (refusal.isSet())
        return LockCore::refuse(refusal);
    const ReadWriteTerms terms{heartbeat, effective(threshold, heartbeat)};
    return [path, terms](const LockOptions &) { return std::make_unique<SoftReadWriteBackend>(path, terms); };
}

PathLockPrivate::FamilyCheck SoftReadWriteLockPrivate::otherFamilyCheck() const
{
    return otherFamilyAt;
}

SoftReadWriteLock::SoftReadWriteLock(QObject *parent) : SoftReadWriteLock(QString(), parent) { }

SoftReadWriteLock::SoftReadWriteLock(const QString &path, QObject *parent)
    : SoftReadWriteLock(path, SoftReadWriteLockOptions(), parent)
{ }

SoftReadWriteLock::SoftReadWriteLock(const QString &path, const SoftReadWriteLockOptions &options, QObject *parent)
    : AbstractReadWriteLock(std::make_unique<SoftReadWriteLockPrivate>(path), parent)
{
    SoftReadWriteLockPrivate *d = d_func();
    d->core->options.mode = options.mode;
    d->heartbeat = options.heartbeatInterval;
    d->threshold = options.staleThreshold;
    d->publish();
    takeCommonOptions(*this, options);
    if (const Failure refusal = checkTerms(path, d->heartbeat, d->threshold); refusal.isSet())
        d->fail(refusal.error, refusal.text); // and the lock refuses until they are set right
}

SoftReadWriteLock::~SoftReadWriteLock() = default;

SoftReadWriteLockPrivate *SoftReadWriteLock::d_func() const
{
    return static_cast<SoftReadWriteLockPrivate *>(d_ptr.get());
}

QString SoftReadWriteLock::path() const
{
    return d_func()->name();
}

bool SoftReadWriteLock::setPath(const QString &path)
{
    return PathLockPrivate::tell(d_func()->set("path", true, &SoftReadWriteLockPrivate::givenPath, path), this,
                                 &SoftReadWriteLock::pathChanged);
}

milliseconds SoftReadWriteLock::heartbeatInterval() const
{
    return d_func()->terms().heartbeat;
}

bool SoftReadWriteLock::setHeartbeatInterval(milliseconds interval)
{
    const milliseconds before = staleThreshold();
    const milliseconds threshold = d_func()->get(&SoftReadWriteLockPrivate::threshold);
    const Change change = d_func()->setTerms("heartbeatInterval", interval, threshold);
    if (change == Change::Made)
        Q_EMIT heartbeatIntervalChanged();
    if (change == Change::Made && before != staleThreshold())
        Q_EMIT staleThresholdChanged();
    return change != Change::Refused;
}

milliseconds SoftReadWriteLock::staleThreshold() const
{
    return d_func()->terms().staleThreshold;
}

bool SoftReadWriteLock::setStaleThreshold(milliseconds threshold)
{
    const milliseconds before = staleThreshold();
    const Change change = d_func()->setTerms("staleThreshold", heartbeatInterval(), threshold);
    if (change == Change::Made && before != staleThreshold())
        Q_EMIT staleThresholdChanged();
    return change != Change::Refused;
}

QString SoftReadWriteLock::token() const
{
    return d_func()->token();
}

QList<LockHolder> SoftReadWriteLock::readers() const
{
    return checkPath(path()).isSet() ? QList<LockHolder>() : readWriteReaders(d_func()->place());
}

LockHolder SoftReadWriteLock::writer() const
{
    return checkPath(path()).isSet() ? LockHolder() : readWriteWriter(d_func()->place());
}

LockHolder SoftReadWriteLock::holder() const
{
    return checkPath(path()).isSet() ? LockHolder() : readWriteHolder(d_func()->place());
}

int SoftReadWriteLock::heartbeatIntervalMsecs() const
{
    return toMsecs(heartbeatInterval());
}

void SoftReadWriteLock::setHeartbeatIntervalMsecs(int msecs)
{
    setHeartbeatInterval(milliseconds(msecs));
}

int SoftReadWriteLock::staleThresholdMsecs() const
{
    return toMsecs(staleThreshold());
}

void SoftReadWriteLock::setStaleThresholdMsecs(int msecs)
{
    setStaleThreshold(milliseconds(msecs));
}

} // namespace Holdfast
