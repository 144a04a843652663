// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/singleinstance.h>

#include "app/forwarding.h"
#include "app/singleinstance_p.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>

namespace Holdfast {

namespace {

constexpr qint64 LargestMaximum = qint64(1) << 30; // what one QByteArray and one CBOR text can be, with room to spare

QString refusalOfText(const QString &what, const QString &text)
{
    if (!text.isValidUtf16()) // two of them would be encoded as one
        return QStringLiteral(
                   "The %1 of a single instance contains half a character (a lone surrogate), and so is no text.")
            .arg(what);
    if (!text.contains(QChar(u'\0')))
        return {};
    return QStringLiteral("The %1 of a single instance has the character U+0000 after \"%2\", and so is no text.")
        .arg(what, text.left(text.indexOf(QChar(u'\0'))));
}

QString refusalOfNumber(const QString &what, qint64 value, qint64 largest)
{
    if (value >= 1 && value <= largest)
        return {};
    return QStringLiteral("The %1 of a single instance cannot be %2; it is at least 1, and at most %3.")
        .arg(what, QString::number(value), QString::number(largest));
}

QDeadlineTimer toDeadline(std::chrono::milliseconds time)
{
    return time.count() < 0 ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(time);
}

} // namespace

SingleInstance::SingleInstance(QObject *parent) : SingleInstance(QString(), parent) { }

SingleInstance::SingleInstance(const QString &key, QObject *parent)
    : QObject(parent), d(std::make_unique<SingleInstancePrivate>(this))
{
    d->set(&InstanceSettings::key, key, {}, &SingleInstance::keyChanged);
}

SingleInstance::~SingleInstance() = default;

QString SingleInstance::key() const
{
    return d->settings().key;
}

bool SingleInstance::setKey(const QString &key)
{
    return d->set(&InstanceSettings::key, key, refusalOfText(QStringLiteral("key"), key), &SingleInstance::keyChanged);
}

SingleInstance::Scope SingleInstance::scope() const
{
    return d->settings().scope;
}

bool SingleInstance::setScope(Scope scope)
{
    return d->set(&InstanceSettings::scope, scope, {}, &SingleInstance::scopeChanged);
}

QString SingleInstance::directory() const
{
    return d->settings().directory;
}

bool SingleInstance::setDirectory(const QString &directory)
{
    return d->set(&InstanceSettings::directory, directory, refusalOfText(QStringLiteral("directory"), directory),
                  &SingleInstance::directoryChanged);
}

SingleInstance::Access SingleInstance::access() const
{
    return d->settings().access;
}

bool SingleInstance::setAccess(Access access)
{
    return d->set(&InstanceSettings::access, access, {}, &SingleInstance::accessChanged);
}

std::chrono::milliseconds SingleInstance::timeout() const
{
    return d->settings().timeout;
}

bool SingleInstance::setTimeout(std::chrono::milliseconds timeout)
{
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24);
    const QString refusal = refusalOfNumber(QStringLiteral("timeout in ms"), timeout.count(), longest.count());
    return d->set(&InstanceSettings::timeout, timeout, refusal, &SingleInstance::timeoutChanged);
}

int SingleInstance::timeoutMsecs() const
{
    return static_cast<int>(timeout().count());
}

void SingleInstance::setTimeoutMsecs(int msecs)
{
    setTimeout(std::chrono::milliseconds(msecs));
}

qint64 SingleInstance::maximumSize() const
{
    return d->settings().maximumSize;
}

bool SingleInstance::setMaximumSize(qint64 bytes)
{
    const QString refusal = refusalOfNumber(QStringLiteral("maximum size in bytes"), bytes, LargestMaximum);
    return d->set(&InstanceSettings::maximumSize, bytes, refusal, &SingleInstance::maximumSizeChanged);
}

SingleInstance::WhenUnresponsive SingleInstance::whenUnresponsive() const
{
    return d->settings().whenUnresponsive;
}

bool SingleInstance::setWhenUnresponsive(WhenUnresponsive policy)
{
    return d->set(&InstanceSettings::whenUnresponsive, policy, {}, &SingleInstance::whenUnresponsiveChanged);
}

SingleInstance::Status SingleInstance::status() const
{
    return d->status();
}

bool SingleInstance::isPrimary() const
{
    return d->status() == Status::Primary;
}

SingleInstance::Error SingleInstance::error() const
{
    return d->failure().error;
}

QString SingleInstance::errorString() const
{
    return d->failure().text;
}

qintptr SingleInstance::descriptor() const
{
    return d->descriptor();
}

LockHolder SingleInstance::holder() const
{
    return d->holder();
}

SingleInstance::Status SingleInstance::tryStart()
{
    return d->tryStart();
}

std::optional<int> SingleInstance::startOrForward(const Activation &activation, std::chrono::milliseconds deadline)
{
    const QPointer<SingleInstance> self(this); // whoever hears a signal may destroy it
    const WhenUnresponsive policy = whenUnresponsive();
    switch (tryStart()) {
    case Status::Primary:
        return std::nullopt;
    case Status::Secondary:
        break;
    case Status::Idle:
    case Status::Electing:
    case Status::Failed:
        return self ? failedReply(d->failure()).exitCode : cancelledReply().exitCode;
    }
    ActivationReply reply;
    const int exitCode = forwardAndWait(activation, deadline, &reply);
    const bool runsAnyway =
        reply.outcome == ActivationReply::Outcome::Unresponsive && policy == WhenUnresponsive::RunAnyway;
    const bool goesOn = runsAnyway || reply.outcome == ActivationReply::Outcome::Primary;
    return goesOn ? std::nullopt : std::optional(exitCode);
}

int SingleInstance::forwardAndWait(const Activation &activation, std::chrono::milliseconds deadline,
                                   ActivationReply *reply)
{
    const ActivationReply answer = d->forwardAndWait(activation, toDeadline(deadline));
    if (reply)
        *reply = answer;
    return answer.exitCode;
}

QFuture<ActivationReply> SingleInstance::forward(const Activation &activation)
{
    return d->forward(activation);
}

void SingleInstance::start()
{
    d->start();
}

void SingleInstance::standBy()
{
    d->standBy();
}

void SingleInstance::stop()
{
    d->stop();
}

void SingleInstance::activate(const Activation &activation)
{
    d->queue().add(activation);
}

void SingleInstance::connectNotify(const QMetaMethod &signal)
{
    if (signal == QMetaMethod::fromSignal(&SingleInstance::activated))
        d->queue().schedule();
}

} // namespace Holdfast
