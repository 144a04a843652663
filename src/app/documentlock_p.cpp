// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/documentlock_p.h"

#include "engine/logging.h"

#include <QtCore/qcoreapplication.h>

#include <utility>

namespace Holdfast {

DocumentLockPrivate::DocumentLockPrivate(DocumentLock *face, const QString &documentPath) : q(face), path(documentPath)
{
    settings.fullName = ownFullName();
    settings.application = QCoreApplication::applicationName();
    QObject::connect(&content, &DocumentContent::changed, q, [this] { onContentChanged(); });
    useNewLock();
}

void DocumentLockPrivate::useNewLock()
{
    lock = std::make_unique<SidecarLock>(path, settings);
    connectLock();
}

void DocumentLockPrivate::connectLock()
{
    SidecarLock *const from = lock.get();
    m_lossesToldEarly = 0;
    QObject::connect(from, &SidecarLock::stateChanged, q, [this] { onStateChanged(); });
    QObject::connect(from, &SidecarLock::acquired, q, [this, face = QPointer(q)] {
        noticeHold();
        if (face)
            Q_EMIT face->acquired();
    });
    QObject::connect(from, &SidecarLock::timedOut, q, [this] { onTimedOut(); });
    QObject::connect(from, &SidecarLock::cancelled, q, [this, face = QPointer(q)] {
        forbidDisplacing();
        setResting(Status::Unlocked);
        if (face)
            Q_EMIT face->cancelled();
    });
    QObject::connect(from, &SidecarLock::errorOccurred, q, [this](LockError error) { onError(error); });
    QObject::connect(from, &SidecarLock::released, q, [this, face = QPointer(q)] {
        setResting(Status::Unlocked);
        if (face)
            Q_EMIT face->released();
    });
    QObject::connect(from, &SidecarLock::contended, q, [this](const LockHolder &holder) { onContended(holder); });
    QObject::connect(from, &SidecarLock::lost, q, [this](LossReason reason) {
        if (m_lossesToldEarly > 0)
            --m_lossesToldEarly;
        else
            onLost(reason);
    });
}

// Whoever asks finds out before the event comes.
bool DocumentLockPrivate::hasUntoldLoss() const
{
    return m_told == Status::Locked && lock->state() != LockState::Held;
}

// The loss first, then what it makes of the status: whoever hears of that may acquire it again at once.
//   1 somebody removes the file     2 verify() says so; lost() is on its way
//   3 it is acquired again          4 lost() comes, and whoever hears it stops editing what he has
void DocumentLockPrivate::tellLossNow()
{
    if (!hasUntoldLoss())
        return;
    ++m_lossesToldEarly;
    onLost(lock->lossReason());
}

bool DocumentLockPrivate::mayChange(const char *option)
{
    if (lock->state() == LockState::Idle)
        return true;
    const QString text =
        QStringLiteral("The %1 of the lock on \"%2\" cannot be changed while it is held or waited for.")
            .arg(QString::fromLatin1(option), path);
    qCWarning(lcHoldfast).noquote() << text;
    setFailure({LockError::Misuse, text});
    return false;
}

DocumentLockPrivate::Status DocumentLockPrivate::status() const
{
    switch (lock->state()) {
    case LockState::Held:
        return Status::Locked;
    case LockState::Waiting:
        return Status::Acquiring;
    case LockState::Idle:
        break;
    }
    return resting;
}

// Idle is told by the ending that follows, which says what it means.
void DocumentLockPrivate::onStateChanged()
{
    switch (lock->state()) {
    case LockState::Held:
        return onHeld();
    case LockState::Waiting:
        return tellStatus();
    case LockState::Idle:
        calledOff = false;
        break;
    }
}

void DocumentLockPrivate::onContentChanged()
{
    const QPointer<DocumentLock> face(q);
    const DocumentLock::Change change = q->change();
    Q_EMIT face->changeChanged();
    if (face && change != DocumentLock::Change::None)
        Q_EMIT face->documentChanged(change);
}

void DocumentLockPrivate::tellStatus()
{
    const QPointer<DocumentLock> face(q);
    const Status now = status();
    const Status before = std::exchange(m_told, now);
    if (before == now)
        return;
    Q_EMIT face->statusChanged();
    if (face && (before == Status::Locked) != (now == Status::Locked))
        Q_EMIT face->heldChanged();
}

// The state has not changed for a lock that is had again before the news of its loss have come.
void DocumentLockPrivate::noticeHold()
{
    if (m_told != Status::Locked)
        onHeld();
}

void DocumentLockPrivate::onHeld()
{
    const QPointer<DocumentLock> face(q);
    const LockHolder crashed = lock->notes().get().crashed;
    resting = Status::Unlocked;
    calledOff = false;
    setOwner({});
    if (face)
        setFailure({});
    if (face) { // a link may lead elsewhere than when it was loaded
        content.follow(lock->notes().get().document);
        static_cast<void>(content.check());
    }
    if (face)
        tellStatus();
    if (face && crashed.isValid())
        Q_EMIT face->previousOwnerCrashed(crashed);
}

void DocumentLockPrivate::onTimedOut()
{
    const QPointer<DocumentLock> face(q);
    setRefusal(owner);
    if (face)
        Q_EMIT face->timedOut();
}

void DocumentLockPrivate::onContended(const LockHolder &holder)
{
    const QPointer<DocumentLock> face(q);
    setOwner(holder);
    if (face)
        Q_EMIT face->contended(holder);
}

void DocumentLockPrivate::onError(LockError error)
{
    forbidDisplacing();
    refuse({error, lock->errorString()});
}

void DocumentLockPrivate::refuse(Failure why)
{
    const QPointer<DocumentLock> face(q);
    const LockError error = why.error;
    setFailure(std::move(why));
    if (face && lock->state() == LockState::Idle)
        setResting(Status::Error);
    if (face)
        Q_EMIT face->errorOccurred(error);
}

void DocumentLockPrivate::onLost(LossReason reason)
{
    const QPointer<DocumentLock> face(q);
    callOffTransfer();
    if (!face)
        return;
    resting = Status::Lost;
    const Status now = status();
    const Status before = std::exchange(m_told, now);
    Q_EMIT face->lost(reason);
    if (!face || m_told != now || before == now) // a handler has acquired it again, of which has been told
        return;
    Q_EMIT face->statusChanged();
    if (face && before == Status::Locked)
        Q_EMIT face->heldChanged();
}

// Who was shown may come back, and then nobody has been asked about him. What is under way goes on as it began.
void DocumentLockPrivate::forbidDisplacing()
{
    if (lock->state() == LockState::Idle)
        lock->notes().change([](SidecarNotes::Content &notes) { notes.mayDisplace.clear(); });
}

bool DocumentLockPrivate::conclude(bool isHeld)
{
    if (isHeld) {
        const QPointer<DocumentLock> face(q);
        noticeHold();
        return face;
    }
    const LockError error = lock->error();
    if (error == LockError::None) {
        setRefusal(lock->holder());
        return false;
    }
    const QPointer<DocumentLock> face(q);
    setFailure({error, lock->errorString()});
    if (face)
        setResting(Status::Error);
    return false;
}

void DocumentLockPrivate::setRefusal(const LockHolder &holder)
{
    const QPointer<DocumentLock> face(q);
    setOwner(holder);
    if (face)
        setResting(holder.isOwnUser() ? Status::LockedBySelfElsewhere : Status::LockedByOther);
}

void DocumentLockPrivate::setResting(Status status)
{
    resting = status;
    tellStatus();
}

void DocumentLockPrivate::setOwner(const LockHolder &holder)
{
    if (owner == holder)
        return;
    owner = holder;
    Q_EMIT q->ownerChanged();
}

void DocumentLockPrivate::setFailure(Failure why)
{
    if (failure.error == why.error && failure.text == why.text)
        return;
    failure = std::move(why);
    Q_EMIT q->errorChanged();
}

} // namespace Holdfast
