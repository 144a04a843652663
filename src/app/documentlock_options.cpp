// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/documentlock.h>

#include "app/documentlock_p.h"

#include <QtCore/qpointer.h>

#include <limits>
#include <utility>

namespace Holdfast {

using std::chrono::milliseconds;

milliseconds DocumentLock::timeout() const
{
    return d->timeout;
}

bool DocumentLock::setTimeout(milliseconds timeout)
{
    if (timeout < milliseconds(-1)) {
        d->setFailure(
            {LockError::InvalidArgument,
             QStringLiteral("The timeout of the lock on \"%1\" cannot be %2 ms: it must be -1 (for ever) or more.")
                 .arg(d->path, QString::number(timeout.count()))});
        return false;
    }
    if (timeout == d->timeout)
        return true;
    d->timeout = timeout;
    Q_EMIT optionsChanged();
    return true;
}

int DocumentLock::timeoutMsecs() const
{
    return static_cast<int>(std::min<milliseconds::rep>(d->timeout.count(), std::numeric_limits<int>::max()));
}

void DocumentLock::setTimeoutMsecs(int msecs)
{
    setTimeout(milliseconds(msecs));
}

bool DocumentLock::isLazy() const
{
    return d->lazy;
}

void DocumentLock::setLazy(bool lazy)
{
    if (std::exchange(d->lazy, lazy) == lazy)
        return;
    const QPointer<DocumentLock> alive(this);
    Q_EMIT optionsChanged();
    if (alive && d->lazy)
        d->followModification();
}

bool DocumentLock::isModified() const
{
    return d->modified;
}

void DocumentLock::setModified(bool modified)
{
    if (std::exchange(d->modified, modified) == modified)
        return;
    const QPointer<DocumentLock> alive(this);
    Q_EMIT optionsChanged();
    if (alive && d->lazy)
        d->followModification();
}

// A wait that was cancelled has not ended yet, but it will; what is asked for now comes after it.
void DocumentLockPrivate::followModification()
{
    const LockState state = lock->state();
    const bool isWaiting = state == LockState::Waiting;
    if (modified && (state == LockState::Idle || (isWaiting && std::exchange(calledOff, false)))) {
        q->acquire();
    } else if (!modified && isWaiting) {
        calledOff = true;
        q->cancel();
    } else if (!modified && state == LockState::Held) {
        q->release();
    }
}

QString DocumentLock::lockDirectory() const
{
    return d->settings.lockDirectory;
}

bool DocumentLock::setLockDirectory(const QString &directory)
{
    return d->set("lockDirectory", &DocumentSettings::lockDirectory, directory);
}

QString DocumentLock::fullName() const
{
    return d->settings.fullName;
}

bool DocumentLock::setFullName(const QString &name)
{
    return d->set("fullName", &DocumentSettings::fullName, name);
}

DocumentLock::OwnerFiles DocumentLock::ownerFiles() const
{
    return d->respected;
}

bool DocumentLock::setOwnerFiles(OwnerFiles kinds)
{
    using Format = OwnerFile::Format;
    OwnerFormats formats = 0;
    if (kinds & LibreOfficeFiles)
        formats |= bitOf(Format::LibreOffice) | bitOf(Format::LibreOfficeSharing);
    if (kinds & MsOfficeFiles)
        formats |= bitOf(Format::MsOffice);
    if (kinds & EmacsFiles)
        formats |= bitOf(Format::Emacs);
    if (kinds & VimFiles)
        formats |= bitOf(Format::Vim);
    const OwnerFiles before = std::exchange(d->respected, kinds); // before it is told, which may destroy all this
    const QPointer<DocumentLock> alive(this);
    if (d->set("ownerFiles", &DocumentSettings::respected, formats))
        return true;
    if (alive)
        d->respected = before;
    return false;
}

QString DocumentLock::application() const
{
    return d->settings.application;
}

bool DocumentLock::setApplication(const QString &name)
{
    return d->set("application", &DocumentSettings::application, name);
}

} // namespace Holdfast
