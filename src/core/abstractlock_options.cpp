// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The options that every lock has.

#include <holdfast/abstractlock.h>

#include "core/abstractlock_p.h"
#include "engine/wakeable.h"

#include <limits>

namespace Holdfast {

using std::chrono::milliseconds;

namespace {

QString outOfRange(const char *what, milliseconds value, const QString &name, const char *range)
{
    return QStringLiteral("The %1 of \"%2\" cannot be %3 ms: it must be %4.")
        .arg(QString::fromLatin1(what), name, QString::number(value.count()), QString::fromLatin1(range));
}

} // namespace

int toMsecs(milliseconds duration)
{
    return static_cast<int>(std::min<milliseconds::rep>(duration.count(), std::numeric_limits<int>::max()));
}

milliseconds AbstractLock::timeout() const
{
    return d_ptr->core->options.timeout;
}

bool AbstractLock::setTimeout(milliseconds timeout)
{
    if (!d_ptr->mayChange("timeout", false))
        return false;
    if (timeout.count() < -1)
        return d_ptr->fail(LockError::InvalidArgument,
                           outOfRange("timeout", timeout, d_ptr->name(), "-1 (for ever), 0 (one attempt) or more"));
    if (d_ptr->core->options.timeout.exchange(timeout) != timeout)
        Q_EMIT timeoutChanged();
    return true;
}

milliseconds AbstractLock::pollInterval() const
{
    return d_ptr->core->options.pollInterval;
}

bool AbstractLock::setPollInterval(milliseconds interval)
{
    if (!d_ptr->mayChange("pollInterval", false))
        return false;
    if (interval.count() < 1)
        return d_ptr->fail(LockError::InvalidArgument,
                           outOfRange("pollInterval", interval, d_ptr->name(), "at least 1"));
    if (d_ptr->core->options.pollInterval.exchange(interval) == interval)
        return true;
    for (const auto &hold : d_ptr->core->holds()) {
        for (const auto &waiter : hold->waiters())
            waiter->wake();
    }
    Q_EMIT pollIntervalChanged();
    return true;
}

bool AbstractLock::isBlocking() const
{
    return d_ptr->core->options.blocking;
}

bool AbstractLock::setBlocking(bool blocking)
{
    if (!d_ptr->mayChange("blocking", false))
        return false;
    if (d_ptr->core->options.blocking.exchange(blocking) != blocking)
        Q_EMIT blockingChanged();
    return true;
}

milliseconds AbstractLock::lifetime() const
{
    return d_ptr->core->options.lifetime;
}

bool AbstractLock::setLifetime(milliseconds lifetime)
{
    if (!d_ptr->mayChange("lifetime", false))
        return false;
    if (lifetime.count() < 1 && lifetime.count() != -1)
        return d_ptr->fail(LockError::InvalidArgument,
                           outOfRange("lifetime", lifetime, d_ptr->name(), "-1 (no end) or at least 1"));
    if (d_ptr->core->options.lifetime.exchange(lifetime) != lifetime)
        Q_EMIT lifetimeChanged();
    return true;
}

ThreadScope AbstractLock::threadScope() const
{
    return d_ptr->core->options.threadScope;
}

bool AbstractLock::setThreadScope(ThreadScope scope)
{
    if (!d_ptr->mayChange("threadScope", true))
        return false;
    if (d_ptr->core->options.threadScope.exchange(scope) != scope)
        Q_EMIT threadScopeChanged();
    return true;
}

QThreadPool *AbstractLock::threadPool() const
{
    return d_ptr->core->options.threadPool;
}

bool AbstractLock::setThreadPool(QThreadPool *pool)
{
    if (!d_ptr->mayChange("threadPool", true))
        return false;
    d_ptr->core->options.threadPool = pool;
    return true;
}

int AbstractLock::timeoutMsecs() const
{
    return toMsecs(timeout());
}

void AbstractLock::setTimeoutMsecs(int msecs)
{
    setTimeout(milliseconds(msecs));
}

int AbstractLock::pollIntervalMsecs() const
{
    return toMsecs(pollInterval());
}

void AbstractLock::setPollIntervalMsecs(int msecs)
{
    setPollInterval(milliseconds(msecs));
}

int AbstractLock::lifetimeMsecs() const
{
    return toMsecs(lifetime());
}

void AbstractLock::setLifetimeMsecs(int msecs)
{
    setLifetime(milliseconds(msecs));
}

} // namespace Holdfast
