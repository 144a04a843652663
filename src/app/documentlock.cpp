// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/documentlock.h>

#include "app/documentlock_p.h"
#include "engine/logging.h"

namespace Holdfast {

using std::chrono::milliseconds;

DocumentLock::DocumentLock(QObject *parent) : DocumentLock(QString(), parent) { }

DocumentLock::DocumentLock(const QString &path, QObject *parent)
    : QObject(parent), d(std::make_unique<DocumentLockPrivate>(this, path))
{ }

DocumentLock::~DocumentLock() = default;

QString DocumentLock::path() const
{
    return d->path;
}

bool DocumentLock::setPath(const QString &path)
{
    if (path == d->path)
        return true;
    const QPointer<DocumentLock> alive(this);
    d->tellLossNow();
    if (!alive || !d->mayChange("path"))
        return false;
    d->path = path;
    d->useNewLock();
    d->forgetContent();
    if (alive)
        d->setOwner({}); // who was in the way has the other document
    if (alive)
        d->setFailure({});
    if (alive)
        d->setResting(Status::Unlocked);
    if (alive)
        Q_EMIT pathChanged();
    return true;
}

DocumentLock::Status DocumentLock::status() const
{
    return d->hasUntoldLoss() ? Status::Lost : d->status();
}

bool DocumentLock::isHeld() const
{
    return d->lock->isHeld();
}

LockHolder DocumentLock::owner() const
{
    return d->owner;
}

DocumentLock::Guarantee DocumentLock::guarantee() const
{
    if (!isHeld())
        return Guarantee::None;
    const bool isKernel = d->lock->notes().get().guarantee == SidecarGuarantee::Kernel;
    return isKernel ? Guarantee::Kernel : Guarantee::Advisory;
}

qintptr DocumentLock::descriptor() const
{
    return isHeld() ? d->lock->notes().get().descriptor : -1;
}

LockError DocumentLock::error() const
{
    return d->failure.error;
}

QString DocumentLock::errorString() const
{
    return d->failure.text;
}

// In place: another thread would cost more than the attempt, and the caller waits for the disk either way.
bool DocumentLock::tryAcquire()
{
    const QPointer<DocumentLock> alive(this);
    d->tellLossNow();
    if (!alive)
        return false;
    d->forbidDisplacing();
    const bool isHeld = d->lock->tryAcquire();
    return alive && d->conclude(isHeld);
}

bool DocumentLock::tryAcquireFor(milliseconds timeout)
{
    const QPointer<DocumentLock> alive(this);
    d->tellLossNow();
    if (!alive)
        return false;
    d->forbidDisplacing();
    const bool isHeld = d->lock->tryAcquireFor(timeout);
    return alive && d->conclude(isHeld);
}

bool DocumentLock::verify()
{
    if (d->lock->verifyHeld())
        return true;
    d->tellLossNow();
    return false;
}

void DocumentLock::acquire()
{
    acquire(d->timeout);
}

void DocumentLock::acquire(milliseconds timeout)
{
    const QPointer<DocumentLock> alive(this);
    d->tellLossNow();
    if (!alive)
        return;
    d->forbidDisplacing();
    d->lock->acquire({.timeout = timeout});
}

void DocumentLock::cancel()
{
    if (d->candidate)
        return d->candidate->cancel();
    d->lock->cancel();
}

bool DocumentLock::release()
{
    const QPointer<DocumentLock> alive(this);
    d->callOffTransfer();
    if (d->lock->release())
        return true;
    if (alive && d->lock->error() != LockError::None)
        d->setFailure({d->lock->error(), d->lock->errorString()});
    return false;
}

// Only from whom the user has been shown, and decided about: one after the other, where several are in the way.
void DocumentLock::takeOver()
{
    const bool isHeld = d->lock->isHeld();
    if (d->owner.isValid() && !isHeld) {
        d->lock->notes().change([this](SidecarNotes::Content &notes) { notes.mayDisplace += d->owner; });
        return d->lock->acquire({.timeout = milliseconds(0)});
    }
    const QString text =
        QStringLiteral("Cannot take over \"%1\": %2.")
            .arg(d->path, isHeld ? QStringLiteral("it is held here. For another document, release it and set the path")
                                 : QStringLiteral("nobody was seen to have it. Acquire it, and take it over when "
                                                  "owner() is who may lose it"));
    qCWarning(lcHoldfast).noquote() << text;
    QMetaObject::invokeMethod(
        this,
        [this, text] {
            d->refuse({LockError::Misuse, text});
        },
        Qt::QueuedConnection);
}

} // namespace Holdfast
