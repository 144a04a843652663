// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/documentlock.h>

#include "app/documentcontent.h"
#include "app/sidecarlock.h"

#include <QtCore/qpointer.h>

#include <chrono>
#include <memory>

namespace Holdfast {

/** Turns what the lock of one document tells into what a DocumentLock tells. Any signal may destroy both. */
class DocumentLockPrivate
{
public:
    using Status = DocumentLock::Status;

    DocumentLockPrivate(DocumentLock *face, const QString &path);

    Status status() const;
    bool hasUntoldLoss() const;
    void tellLossNow(); ///< what has been lost without an event yet; before anything else begins

    /** Whether options can be changed now; notes the error if not. */
    bool mayChange(const char *option);

    template<class Value>
    bool set(const char *option, Value DocumentSettings::*member, const Value &value)
    {
        if (settings.*member == value)
            return true;
        const QPointer<DocumentLock> alive(q);
        tellLossNow(); // its own news go with the lock that has them
        if (!alive || !mayChange(option))
            return false;
        settings.*member = value;
        useNewLock();
        Q_EMIT q->optionsChanged();
        return true;
    }
    void useNewLock(); ///< for a path or settings that are new

    // From one document to another. The candidate is the lock of the other one, until it is held or refused; there is none
    // without a hold.
    bool leadsToTheSame(const QString &other) const;
    bool mayGoTo(const QString &other);
    void travel(const QString &other);
    bool arrive(const QString &other); ///< false: a handler has destroyed all this
    void settle(Failure why);
    void stay(const LockHolder &holder);
    void callOffTransfer();
    void dropCandidate();
    void tellRefusedSoon();

    Failure loadContent(); ///< of what lies at the path now
    void forgetContent();

    void followModification(); ///< with the lock, when lazy
    void forbidDisplacing();   ///< a takeOver() permits only those which follow it at once

    void refuse(Failure why);                  ///< the ending of an acquire()
    bool conclude(bool isHeld);                ///< what an attempt that has no ending signal has come to
    void setRefusal(const LockHolder &holder); ///< an attempt has found it busy
    void setFailure(Failure why);
    void setResting(Status status); ///< what it is when neither held nor wanted
    void setOwner(const LockHolder &holder);

    DocumentLock *const q;
    DocumentSettings settings;
    DocumentLock::OwnerFiles respected = DocumentLock::AllOwnerFiles;
    QString path;
    std::chrono::milliseconds timeout{0};
    std::unique_ptr<SidecarLock> lock;
    DocumentContent content;
    Status resting = Status::Unlocked;
    LockHolder owner;
    bool lazy = false;
    bool modified = false;
    bool calledOff = false; ///< by an undone modification: the wait is cancelled, and has not ended yet
    std::unique_ptr<SidecarLock> candidate;
    LockHolder candidateOwner; ///< who is in its way
    Failure failure;

private:
    void connectLock();
    void onContentChanged();
    void onStateChanged();
    void noticeHold();
    void onHeld();
    void tellStatus();
    void onTimedOut();
    void onContended(const LockHolder &holder);
    void onError(LockError error);
    void onLost(LossReason reason);

    Status m_told = Status::Unlocked;
    int m_lossesToldEarly = 0; ///< of this lock: their own news are still on the way
};

} // namespace Holdfast
