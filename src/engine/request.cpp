// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/request.h"

#include "engine/lockcore.h"

#include <algorithm>

namespace Holdfast {

namespace {

Failure badDuration(const QString &name, const char *what, std::chrono::milliseconds value, const char *range)
{
    return {LockError::InvalidArgument,
            QStringLiteral("Cannot acquire \"%1\": a %2 of %3 ms means nothing, it must be %4.")
                .arg(name, QString::fromLatin1(what),
                     value == std::chrono::milliseconds::min() ? QStringLiteral("NaN") : QString::number(value.count()),
                     QString::fromLatin1(range))};
}

} // namespace

std::chrono::milliseconds boundedPoll(std::chrono::milliseconds interval)
{
    return std::min<std::chrono::milliseconds>(interval, std::chrono::hours(24));
}

Request Request::from(const AcquireOptions &options, const LockOptions &defaults, const std::function<QString()> &name)
{
    Request request;
    const auto timeout = options.timeout.value_or(defaults.timeout.load());
    if (timeout.count() < -1)
        request.refusal = badDuration(name(), "timeout", timeout, "-1 (for ever), 0 (one attempt) or more");
    if (options.pollInterval && options.pollInterval->count() < 1)
        request.refusal = badDuration(name(), "poll interval", *options.pollInterval, "at least 1");
    request.mode = options.mode.value_or(defaults.mode.load());
    if (request.mode == LockMode::Shared && !defaults.canShare)
        request.refusal = {
            LockError::InvalidArgument,
            QStringLiteral("Cannot acquire \"%1\" in shared mode: this kind of lock has one holder only. "
                           "Use a read/write lock.")
                .arg(name())};
    request.deadline = Deadline::in(timeout);
    request.forEver = timeout.count() < 0;
    request.once = timeout.count() == 0 || !options.blocking.value_or(defaults.blocking.load());
    request.pollInterval = options.pollInterval;
    if (options.cancelCheck)
        request.cancelCheck = std::make_shared<const std::function<bool()>>(options.cancelCheck);
    request.stopToken = options.stopToken;
    return request;
}

} // namespace Holdfast
