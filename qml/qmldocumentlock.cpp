// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmldocumentlock.h"

#include "qmlmilliseconds.h"
#include "qmlpath.h"

namespace Holdfast {

QmlDocumentLock::QmlDocumentLock(QObject *parent)
    : QmlLock(toNumber(DocumentLock().timeout()), parent),
      m_fullName(m_lock.fullName()),
      m_application(m_lock.application())
{
    listen();
}

QmlDocumentLock::~QmlDocumentLock() = default;

QUrl QmlDocumentLock::source() const
{
    const std::optional<QString> document = toLocalPath(path());
    return document && !document->isEmpty() ? QUrl::fromLocalFile(*document) : QUrl(path());
}

void QmlDocumentLock::setSource(const QUrl &source)
{
    setPath(pathText(source));
}

void QmlDocumentLock::setLockDirectory(const QString &directory)
{
    if (setOption(m_lockDirectory, directory))
        Q_EMIT optionsChanged();
}

void QmlDocumentLock::setFullName(const QString &name)
{
    if (setOption(m_fullName, name))
        Q_EMIT optionsChanged();
}

void QmlDocumentLock::setApplication(const QString &name)
{
    if (setOption(m_application, name))
        Q_EMIT optionsChanged();
}

void QmlDocumentLock::setOwnerFiles(DocumentLock::OwnerFiles kinds)
{
    if (setOption(m_ownerFiles, kinds))
        Q_EMIT optionsChanged();
}

void QmlDocumentLock::setLazy(bool lazy)
{
    if (!setOption(m_isLazy, lazy))
        return;
    followIntent();
    Q_EMIT optionsChanged();
}

void QmlDocumentLock::setModified(bool modified)
{
    if (!setOption(m_isModified, modified))
        return;
    if (m_isLazy)
        followIntent();
    Q_EMIT modifiedChanged();
}

bool QmlDocumentLock::isIntended() const
{
    return isActive() && (m_isModified || !m_isLazy);
}

bool QmlDocumentLock::verifyHeld()
{
    return isHeld() && m_lock.verify();
}

bool QmlDocumentLock::documentLoaded()
{
    const std::optional<QString> document = toLocalPath(path());
    if (document && aim(*document) && m_lock.documentLoaded())
        return true;
    if (document)
        report(m_lock.error(), m_lock.errorString());
    else
        report(LockError::InvalidArgument, obstacle());
    return false;
}

void QmlDocumentLock::documentClosed()
{
    m_lock.documentClosed();
}

DocumentLock::Change QmlDocumentLock::checkDocument()
{
    return m_lock.checkDocument();
}

QString QmlDocumentLock::pathOfHold() const
{
    return m_lock.isHeld() ? m_lock.path() : QString();
}

bool QmlDocumentLock::isThere() const
{
    return m_lock.isHeld() && isSamePlace(m_lock.path(), path());
}

// Lets an object that is neither held nor on an errand be about that document.
bool QmlDocumentLock::aim(const QString &document)
{
    return m_lock.isHeld() || m_errand != Errand::None || m_lock.setPath(document);
}

bool QmlDocumentLock::configure()
{
    return m_lock.setLockDirectory(m_lockDirectory) && m_lock.setFullName(m_fullName)
           && m_lock.setApplication(m_application) && m_lock.setOwnerFiles(m_ownerFiles);
}

void QmlDocumentLock::start()
{
    if (m_errand == Errand::Withdrawn) {
        m_startsAfterwards = true;
        enter(Status::Waiting);
        return;
    }
    if (m_errand != Errand::None)
        return;
    if (isThere()) {
        if (!isHeld())
            enter(Status::Held);
        return;
    }
    if (const QString why = obstacle(); !why.isEmpty())
        return fail(LockError::InvalidArgument, why);
    launch(toLocalPath(path()).value_or(path()));
}

void QmlDocumentLock::launch(const QString &document)
{
    if (m_lock.isHeld()) {
        m_errand = Errand::Transfer;
        m_lock.transferTo(document);
    } else if (aim(document) && configure()) {
        m_errand = Errand::Acquire;
        m_lock.acquire(toMilliseconds(timeout()));
    } else {
        return fail(m_lock.error(), m_lock.errorString());
    }
    enter(Status::Waiting);
}

void QmlDocumentLock::takeOver()
{
    if (!isComplete() || m_errand != Errand::None || m_lock.isHeld())
        return;
    forgetSchedule();
    if (const QString why = obstacle(); !why.isEmpty())
        return fail(LockError::InvalidArgument, why);
    if (!aim(toLocalPath(path()).value_or(path())) || !configure())
        return fail(m_lock.error(), m_lock.errorString());
    m_errand = Errand::Acquire;
    m_lock.takeOver();
    enter(Status::Waiting);
}

bool QmlDocumentLock::abandon()
{
    const bool hasBegun = m_errand == Errand::Acquire || m_errand == Errand::Transfer;
    m_startsAfterwards = false;
    if (hasBegun) {
        m_errand = Errand::Withdrawn;
        m_lock.cancel();
    }
    return hasBegun;
}

QmlLock::Giving QmlDocumentLock::giveBack()
{
    if (!m_lock.isHeld())
        return Giving::Nothing;
    if (m_lock.release() || !m_lock.isHeld())
        return Giving::Done;
    report(m_lock.error(), m_lock.errorString());
    return Giving::Failed;
}

bool QmlDocumentLock::turn()
{
    abandon();
    if (isThere())
        return true;
    if (const auto document = toLocalPath(path()))
        aim(*document);
    return false;
}

} // namespace Holdfast
