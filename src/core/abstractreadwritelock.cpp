// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/abstractreadwritelock.h>

#include "core/abstractlock_p.h"
#include "engine/wakeable.h"

#include <optional>
#include <system_error>
#include <utility>

namespace Holdfast {

using std::chrono::milliseconds;

namespace {

AcquireOptions in(LockMode mode, AcquireOptions options)
{
    options.mode = mode;
    return options;
}

} // namespace

AbstractReadWriteLock::AbstractReadWriteLock(std::unique_ptr<AbstractLockPrivate> d, QObject *parent)
    : AbstractLock(std::move(d), parent)
{
    d_ptr->core->options.canShare = true;
}

AbstractReadWriteLock::~AbstractReadWriteLock() = default;

LockMode AbstractReadWriteLock::mode() const
{
    return d_ptr->core->options.mode;
}

bool AbstractReadWriteLock::setMode(LockMode mode)
{
    if (!d_ptr->mayChange("mode", true))
        return false;
    if (d_ptr->core->options.mode.exchange(mode) != mode)
        Q_EMIT modeChanged();
    return true;
}

void AbstractReadWriteLock::acquireRead()
{
    acquireRead(AcquireOptions());
}

void AbstractReadWriteLock::acquireRead(const AcquireOptions &options)
{
    acquire(in(LockMode::Shared, options));
}

void AbstractReadWriteLock::acquireWrite()
{
    acquireWrite(AcquireOptions());
}

void AbstractReadWriteLock::acquireWrite(const AcquireOptions &options)
{
    acquire(in(LockMode::Exclusive, options));
}

QFuture<Outcome> AbstractReadWriteLock::acquireReadFuture(const AcquireOptions &options)
{
    return acquireFuture(in(LockMode::Shared, options));
}

QFuture<Outcome> AbstractReadWriteLock::acquireWriteFuture(const AcquireOptions &options)
{
    return acquireFuture(in(LockMode::Exclusive, options));
}

bool AbstractReadWriteLock::tryAcquireRead()
{
    return d_ptr->tryNow(LockMode::Shared);
}

bool AbstractReadWriteLock::tryAcquireWrite()
{
    return d_ptr->tryNow(LockMode::Exclusive);
}

bool AbstractReadWriteLock::tryAcquireReadFor(milliseconds timeout, const AcquireOptions &options)
{
    return tryAcquireFor(timeout, in(LockMode::Shared, options));
}

bool AbstractReadWriteLock::tryAcquireWriteFor(milliseconds timeout, const AcquireOptions &options)
{
    return tryAcquireFor(timeout, in(LockMode::Exclusive, options));
}

void AbstractReadWriteLock::lock()
{
    lockIn(LockMode::Exclusive);
}

bool AbstractReadWriteLock::try_lock()
{
    return tryAcquireWrite();
}

void AbstractReadWriteLock::lock_shared()
{
    lockIn(LockMode::Shared);
}

bool AbstractReadWriteLock::try_lock_shared()
{
    return tryAcquireRead();
}

void AbstractReadWriteLock::unlock_shared()
{
    release();
}

void AbstractReadWriteLock::lockIn(LockMode mode)
{
    if (tryAcquireFor(milliseconds(-1), {.blocking = true, .mode = mode}))
        return;
    throw std::system_error(toErrorCode(error()), errorString().toStdString());
}

bool AbstractReadWriteLock::isClosed() const
{
    return m_closed;
}

// First nothing new can begin, then what has begun ends. An attempt under way in another thread is waited for by the
// release, and if it succeeds, that gives back what it got.
void AbstractReadWriteLock::close()
{
    if (d_ptr->core->isInherited() || m_closed.exchange(true))
        return;
    const std::shared_ptr<LockCore> core = d_ptr->core; // a handler may destroy us
    const Failure refusal{LockError::Misuse,
                          QStringLiteral("Cannot acquire \"%1\": it is closed. Make a new lock.").arg(d_ptr->name())};
    core->setBackendFactory(LockCore::refuse(refusal));
    for (const auto &hold : core->holds()) {
        for (const auto &waiter : hold->waiters())
            waiter->cancel();
    }
    for (const auto &hold : core->holds()) {
        const ReleaseAnswer answer = hold->release(true);
        if (answer == ReleaseAnswer::Freed)
            core->reportRelease(*hold, std::nullopt);
        else
            core->reportChange(*hold);
    }
    if (core->observer())
        Q_EMIT closedChanged();
}

} // namespace Holdfast
