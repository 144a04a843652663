// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "core/abstractlock_p.h"

#include "engine/agent.h"
#include "engine/logging.h"
#include "engine/mailbox.h"
#include "engine/waiter.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>

#include <utility>

namespace Holdfast {

std::error_code toErrorCode(LockError error)
{
    switch (error) {
    case LockError::None:
        return std::make_error_code(std::errc::operation_canceled);
    case LockError::WouldDeadlock:
        return std::make_error_code(std::errc::resource_deadlock_would_occur);
    case LockError::InvalidArgument:
        return std::make_error_code(std::errc::invalid_argument);
    case LockError::PermissionDenied:
        return std::make_error_code(std::errc::permission_denied);
    case LockError::ReadOnlyLocation:
        return std::make_error_code(std::errc::read_only_file_system);
    case LockError::NotFound:
        return std::make_error_code(std::errc::no_such_file_or_directory);
    case LockError::NameTooLong:
        return std::make_error_code(std::errc::filename_too_long);
    case LockError::NoSpace:
        return std::make_error_code(std::errc::no_space_on_device);
    case LockError::Unsupported:
        return std::make_error_code(std::errc::not_supported);
    case LockError::ConnectionFailed:
        return std::make_error_code(std::errc::not_connected);
    default:
        return std::make_error_code(std::errc::no_lock_available);
    }
}

AbstractLockPrivate::AbstractLockPrivate() : core(std::make_shared<LockCore>(this)) { }

AbstractLockPrivate::~AbstractLockPrivate() = default;

QString AbstractLockPrivate::token() const
{
    const auto hold = core->isInherited() ? nullptr : core->existingHold();
    return hold ? hold->token() : QString();
}

void AbstractLockPrivate::changed(const HoldFacts &before, const HoldFacts &now)
{
    // A handler may destroy this; the core outlives it, for the hold that reports belongs to it.
    const LockCore &alive = *core;
    AbstractLock *face = q;
    const bool held = (before.state == LockState::Held) != (now.state == LockState::Held);
    if (before.state != now.state)
        Q_EMIT face->stateChanged();
    if (before.depth != now.depth && alive.observer())
        Q_EMIT face->depthChanged();
    if (held && alive.observer())
        Q_EMIT face->heldChanged();
}

void AbstractLockPrivate::ended(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Acquired:
        Q_EMIT q->acquired();
        break;
    case Outcome::TimedOut:
        Q_EMIT q->timedOut();
        break;
    case Outcome::Cancelled:
        Q_EMIT q->cancelled();
        break;
    case Outcome::Failed:
        Q_EMIT q->errorOccurred(q->error());
        break;
    }
}

void AbstractLockPrivate::releaseFailed(LockError error)
{
    const std::weak_ptr<LockCore> alive = core;
    Q_EMIT q->errorChanged();
    if (const auto still = alive.lock(); still && still->observer())
        Q_EMIT q->errorOccurred(error);
}

void AbstractLockPrivate::errorChanged()
{
    Q_EMIT q->errorChanged();
}

void AbstractLockPrivate::released()
{
    Q_EMIT q->released();
}

void AbstractLockPrivate::lost(LossReason reason)
{
    Q_EMIT q->lost(reason);
}

void AbstractLockPrivate::contended(const LockHolder &holder)
{
    Q_EMIT q->contended(holder);
}

LockHolder AbstractLockPrivate::holder() const
{
    return q->holder();
}

bool AbstractLockPrivate::wantsContended() const
{
    static const QMetaMethod signal = QMetaMethod::fromSignal(&AbstractLock::contended);
    return q->isSignalConnected(signal);
}

void AbstractLockPrivate::report(Failure failure)
{
    if (core->hold()->setFailure(std::move(failure)))
        Q_EMIT q->errorChanged();
}

bool AbstractLockPrivate::fail(LockError error, const QString &text)
{
    if (error == LockError::Misuse)
        qCWarning(lcHoldfast).noquote() << text;
    report({error, text});
    return false;
}

void AbstractLockPrivate::succeed()
{
    report({});
}

Failure AbstractLockPrivate::inherited() const
{
    return {LockError::Inherited,
            QStringLiteral("The lock on \"%1\" was made before a fork() and belongs to the parent process. Make a new "
                           "object in the child.")
                .arg(name())};
}

bool AbstractLockPrivate::mayChange(const char *option, bool onlyIdle)
{
    if (core->isInherited())
        return false;
    const QString what = QString::fromLatin1(option);
    if (frozen)
        return fail(LockError::Misuse, QStringLiteral("The %1 of \"%2\" cannot be changed: the lock is shared, and its "
                                                      "first user has set its options.")
                                           .arg(what, name()));
    if (onlyIdle && !core->isIdle())
        return fail(LockError::Misuse,
                    QStringLiteral("The %1 of \"%2\" cannot be changed while the lock is held or waited for.")
                        .arg(what, name()));
    return true;
}

bool AbstractLockPrivate::tryNow(LockMode mode)
{
    if (core->isInherited()) [[unlikely]]
        return false;
    beginAcquisition();
    const std::shared_ptr<Hold> hold = core->hold();
    Attempt attempt = hold->tryNow(mode);
    const bool acquired = attempt.answer == Attempt::Acquired;
    if (hold->setFailure(std::move(attempt.failure)) && core->observer())
        Q_EMIT q->errorChanged();
    hold->core()->reportChange(*hold);
    return acquired;
}

void AbstractLockPrivate::start(const AcquireOptions &options, std::unique_ptr<QPromise<Outcome>> promise)
{
    Agent *agent = Agent::current();
    if (core->isInherited() || !agent || !Agent::hasEventLoop())
        return refuse(agent, std::move(promise));
    beginAcquisition();
    auto request = std::make_unique<Request>(Request::from(options, core->options, [this] { return name(); }));
    const std::shared_ptr<Hold> hold = core->hold();
    const std::shared_ptr<Waiter> waiter = agent->waiterFor(hold);
    if (promise) {
        request->futureWatcher = std::make_unique<QFutureWatcher<Outcome>>();
        QObject::connect(request->futureWatcher.get(), &QFutureWatcher<Outcome>::canceled, agent,
                         [weak = std::weak_ptr(waiter), wanted = request.get()] {
                             if (const auto still = weak.lock())
                                 still->cancelRequest(wanted);
                         });
        request->futureWatcher->setFuture(promise->future());
        request->promise = std::move(promise);
    }
    waiter->add(std::move(request));
    core->reportChange(*hold);
}

// What cannot even wait. The signal goes out with the thread's next event, should it ever handle one.
void AbstractLockPrivate::refuse(Agent *agent, std::unique_ptr<QPromise<Outcome>> promise)
{
    const bool mayRunOne = Agent::isLooplessPoolThread();
    const Failure why =
        core->isInherited()
            ? inherited()
            : Failure{
                LockError::NoEventLoop,
                QStringLiteral("Cannot acquire \"%1\" here: this thread has no event loop to bring the answer. Use "
                               "tryAcquireFor()%2.")
                    .arg(name(), QLatin1String(mayRunOne ? ", or call acquire() from inside a running loop" : ""))};
    qCWarning(lcHoldfast).noquote() << why.text;
    if (promise) {
        promise->addResult(Outcome::Failed);
        promise->finish();
    }
    if (agent)
        agent->mailbox()->post([face = QPointer(q), error = why.error] {
            if (face)
                Q_EMIT face->errorOccurred(error);
        });
    if (!core->isInherited())
        report(why); // last: a handler may destroy us
}

bool AbstractLockPrivate::release(Levels levels)
{
    if (core->isInherited())
        return false;
    const std::shared_ptr<Hold> hold = core->hold(); // keeps the core, should a handler destroy us
    const ReleaseAnswer answer = hold->release(levels == AllLevels);
    switch (answer) {
    case ReleaseAnswer::Freed:
        hold->core()->reportRelease(*hold, std::nullopt);
        return true;
    case ReleaseAnswer::UnderWay:
    case ReleaseAnswer::LevelLess:
        hold->core()->reportChange(*hold);
        return true;
    case ReleaseAnswer::WasLost:
        return false;
    case ReleaseAnswer::Failed:
        Q_EMIT q->errorChanged();
        return false;
    case ReleaseAnswer::NotHeld:
        break;
    }
    if (levels == AllLevels)
        return true;
    return fail(LockError::Misuse, QStringLiteral("Cannot release \"%1\": this thread does not hold it.").arg(name()));
}

} // namespace Holdfast
