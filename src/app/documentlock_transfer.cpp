// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// From one document to another: the new lock first, then the old one goes, so that a refusal changes nothing.

#include <holdfast/app/documentlock.h>

#include "app/documentlock_p.h"
#include "engine/canonicalname.h"
#include "engine/logging.h"

#include <utility>

namespace Holdfast {

using std::chrono::milliseconds;

// Another spelling, or a link: its lock is ours already, and would refuse us.
bool DocumentLockPrivate::leadsToTheSame(const QString &other) const
{
    Failure problem;
    const std::string document = canonicalTarget(other, &problem);
    return !problem.isSet() && lock->isHeld() && document == lock->notes().get().document;
}

// One at a time, and only with a hold to give back: whatever ends that ends the transfer as well.
bool DocumentLockPrivate::mayGoTo(const QString &other)
{
    if (lock->isHeld() && !candidate)
        return true;
    const QString text = QStringLiteral("Cannot go from \"%1\" to \"%2\": %3.")
                             .arg(path, other,
                                  candidate ? QStringLiteral("it is on its way to another document already")
                                            : QStringLiteral("it is not held. Set its path instead"));
    qCWarning(lcHoldfast).noquote() << text;
    setFailure({LockError::Misuse, text});
    return false;
}

// From here on the document there is what a save replaces, so what others do to it is to be seen.
bool DocumentLockPrivate::arrive(const QString &other)
{
    const QPointer<DocumentLock> face(q);
    candidate->disconnect(q);
    lock->disconnect(q);
    std::exchange(lock, std::move(candidate))->forceRelease();
    connectLock();
    path = other;
    const LockHolder crashed = lock->notes().get().crashed;
    Failure unknown = loadContent();
    if (face)
        settle(std::move(unknown));
    if (face && crashed.isValid())
        Q_EMIT face->previousOwnerCrashed(crashed);
    return face;
}

// The lock is of the document that the path names by now.
void DocumentLockPrivate::settle(Failure why)
{
    const QPointer<DocumentLock> face(q);
    setFailure(std::move(why));
    if (face)
        setOwner({});
    if (face)
        Q_EMIT face->pathChanged();
}

void DocumentLockPrivate::callOffTransfer()
{
    if (!candidate)
        return;
    candidate->disconnect(q);
    candidate.reset();
    tellRefusedSoon();
}

// It may be telling us just now.
void DocumentLockPrivate::dropCandidate()
{
    candidate->disconnect(q);
    candidate->forceRelease();
    candidate.release()->deleteLater();
}

void DocumentLockPrivate::tellRefusedSoon()
{
    QMetaObject::invokeMethod(
        q, [this] { Q_EMIT q->transferRefused({}); }, Qt::QueuedConnection);
}

void DocumentLockPrivate::stay(const LockHolder &holder)
{
    const QPointer<DocumentLock> face(q);
    Failure why{candidate->error(), candidate->errorString()};
    dropCandidate();
    setFailure(std::move(why));
    if (face)
        setOwner(holder);
}

void DocumentLockPrivate::travel(const QString &other)
{
    candidate = std::make_unique<SidecarLock>(other, settings);
    SidecarLock *const towards = candidate.get();
    const auto refuse = [this] {
        const QPointer<DocumentLock> face(q);
        const LockHolder holder = candidateOwner;
        stay(holder);
        if (face)
            Q_EMIT face->transferRefused(holder);
    };
    candidateOwner = {};
    QObject::connect(towards, &SidecarLock::contended, q,
                     [this](const LockHolder &holder) { candidateOwner = holder; });
    QObject::connect(towards, &SidecarLock::timedOut, q, refuse);
    QObject::connect(towards, &SidecarLock::cancelled, q, refuse);
    QObject::connect(towards, &SidecarLock::errorOccurred, q, refuse);
    QObject::connect(towards, &SidecarLock::acquired, q, [this, other, face = QPointer(q)] {
        if (!lock->verifyHeld()) { // lost, and not seen yet: what is there has no hold to carry on
            dropCandidate();
            tellRefusedSoon();
            tellLossNow();
        } else if (arrive(other)) {
            Q_EMIT face->transferred();
        }
    });
    towards->acquire({.timeout = milliseconds(0)});
}

void DocumentLock::transferTo(const QString &path)
{
    if (!d->mayGoTo(path))
        return d->tellRefusedSoon();
    if (!d->leadsToTheSame(path))
        return d->travel(path);
    const auto tell = [this, path, alive = QPointer(this)] {
        if (!verify() || !d->leadsToTheSame(path)) { // given back, lost, or elsewhere, meanwhile
            if (alive)
                Q_EMIT transferRefused({});
            return;
        }
        d->path = path;
        d->settle({});
        if (alive)
            Q_EMIT transferred();
    };
    QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
}

bool DocumentLock::tryTransferTo(const QString &path)
{
    const QPointer<DocumentLock> alive(this);
    if (!d->mayGoTo(path))
        return false;
    if (d->leadsToTheSame(path)) {
        if (!verify())
            return false;
        d->path = path;
        d->settle({});
        return alive;
    }
    d->candidate = std::make_unique<SidecarLock>(path, d->settings);
    if (!d->candidate->tryAcquire()) {
        d->stay(d->candidate->holder());
        return false;
    }
    if (!d->lock->verifyHeld()) {
        d->dropCandidate();
        d->tellLossNow();
        return false;
    }
    return d->arrive(path);
}

} // namespace Holdfast
