// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/abstractlock.h>

#include "core/abstractlock_p.h"
#include "engine/agent.h"
#include "engine/blockingwait.h"
#include "engine/waiter.h"

#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace Holdfast {

using std::chrono::milliseconds;

AbstractLock::AbstractLock(std::unique_ptr<AbstractLockPrivate> d, QObject *parent)
    : QObject(parent), d_ptr(std::move(d))
{
    d_ptr->q = this;
}

AbstractLock::~AbstractLock()
{
    d_ptr->core->close();
}

bool AbstractLock::isHeld() const
{
    return state() == LockState::Held;
}

LockState AbstractLock::state() const
{
    if (d_ptr->core->isInherited())
        return LockState::Idle;
    const auto hold = d_ptr->core->existingHold();
    return hold ? hold->facts().state : LockState::Idle;
}

int AbstractLock::depth() const
{
    if (d_ptr->core->isInherited())
        return 0;
    const auto hold = d_ptr->core->existingHold();
    return hold ? hold->facts().depth : 0;
}

bool AbstractLock::verifyHeld()
{
    const auto hold = d_ptr->core->isInherited() ? nullptr : d_ptr->core->existingHold();
    return hold && hold->verify();
}

LockError AbstractLock::error() const
{
    if (d_ptr->core->isInherited())
        return LockError::Inherited;
    const auto hold = d_ptr->core->existingHold();
    return hold ? hold->failure().error : LockError::None;
}

QString AbstractLock::errorString() const
{
    if (d_ptr->core->isInherited())
        return d_ptr->inherited().text;
    const auto hold = d_ptr->core->existingHold();
    return hold ? hold->failure().text : QString();
}

LossReason AbstractLock::lossReason() const
{
    const auto hold = d_ptr->core->isInherited() ? nullptr : d_ptr->core->existingHold();
    return hold ? hold->lossReason() : LossReason::None;
}

void AbstractLock::acquire()
{
    acquire(AcquireOptions());
}

void AbstractLock::acquire(const AcquireOptions &options)
{
    d_ptr->start(options, nullptr);
}

QFuture<Outcome> AbstractLock::acquireFuture(const AcquireOptions &options)
{
    auto promise = std::make_unique<QPromise<Outcome>>();
    promise->start();
    QFuture<Outcome> future = promise->future();
    d_ptr->start(options, std::move(promise));
    return future;
}

bool AbstractLock::tryAcquire()
{
    return d_ptr->tryNow(d_ptr->core->options.mode);
}

bool AbstractLock::tryAcquireFor(milliseconds timeout, const AcquireOptions &options)
{
    const std::shared_ptr<LockCore> core = d_ptr->core;
    if (core->isInherited())
        return false;
    d_ptr->beginAcquisition();
    AcquireOptions complete = options;
    complete.timeout = timeout;
    const std::shared_ptr<Hold> hold = core->hold();
    Failure failure;
    const auto wait =
        std::make_shared<BlockingWait>(hold, Request::from(complete, core->options, [this] { return d_ptr->name(); }));
    const Outcome outcome = wait->run(&failure);
    if (hold->setFailure(std::move(failure)) && core->observer())
        Q_EMIT errorChanged();
    core->reportChange(*hold);
    return outcome == Outcome::Acquired;
}

void AbstractLock::lock()
{
    if (tryAcquireFor(milliseconds(-1), {.blocking = true}))
        return;
    throw std::system_error(toErrorCode(error()), errorString().toStdString());
}

bool AbstractLock::try_lock()
{
    return tryAcquire();
}

void AbstractLock::unlock()
{
    release();
}

void AbstractLock::cancel()
{
    if (d_ptr->core->isInherited())
        return;
    const Agent *agent = Agent::current();
    const auto own = d_ptr->core->existingHold();
    if (const auto waiter = agent && own ? agent->existingWaiter(own.get()) : nullptr; waiter && waiter->hasRequests())
        return waiter->cancel();
    // A hold of this thread's own can only be waited for by itself: a blocking wait, whose cancelCheck we are in.
    const bool blocked = own && own->owner() == std::this_thread::get_id() && !own->waiters().empty();
    for (const auto &hold : blocked ? std::vector{own} : d_ptr->core->holds()) {
        for (const auto &waiter : hold->waiters())
            waiter->cancel();
    }
}

bool AbstractLock::release()
{
    return d_ptr->release(AbstractLockPrivate::OneLevel);
}

bool AbstractLock::forceRelease()
{
    return d_ptr->release(AbstractLockPrivate::AllLevels);
}

} // namespace Holdfast
