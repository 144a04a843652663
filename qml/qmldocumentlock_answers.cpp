// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What the lock on the document says.

#include "qmldocumentlock.h"

#include <QtCore/qpointer.h>

#include <utility>

namespace Holdfast {

void QmlDocumentLock::listen()
{
    connect(&m_lock, &DocumentLock::acquired, this, &QmlDocumentLock::handleHeld);
    connect(&m_lock, &DocumentLock::transferred, this, &QmlDocumentLock::handleHeld);
    connect(&m_lock, &DocumentLock::timedOut, this, &QmlDocumentLock::handleRefusal);
    connect(&m_lock, &DocumentLock::transferRefused, this, &QmlDocumentLock::handleRefusal);
    connect(&m_lock, &DocumentLock::cancelled, this, &QmlDocumentLock::handleWithdrawal);
    connect(&m_lock, &DocumentLock::errorOccurred, this, &QmlDocumentLock::handleError);
    connect(&m_lock, &DocumentLock::lost, this, &QmlDocumentLock::handleLost);
    connect(&m_lock, &DocumentLock::contended, this, [this](const LockHolder &holder) {
        Facts known = facts();
        known.owner = holder;
        if (m_errand == Errand::Acquire && publish(known))
            Q_EMIT contended(holder);
    });
    connect(&m_lock, &DocumentLock::previousOwnerCrashed, this, &QmlDocumentLock::previousOwnerCrashed);
    connect(&m_lock, &DocumentLock::documentChanged, this, &QmlDocumentLock::documentChanged);
    connect(&m_lock, &DocumentLock::changeChanged, this, &QmlDocumentLock::changeChanged);
}

void QmlDocumentLock::handleHeld()
{
    if (m_errand == Errand::Withdrawn) {
        // Granted in the moment it was cancelled. Who wants another document by now keeps this one until he has that.
        if (!m_startsAfterwards)
            m_lock.release();
        return handleWithdrawal();
    }
    m_errand = Errand::None;
    if (enter(Status::Held))
        Q_EMIT acquired();
}

void QmlDocumentLock::handleRefusal()
{
    if (m_errand == Errand::Withdrawn)
        return handleWithdrawal();
    m_errand = Errand::None;
    if (m_lock.error() != LockError::None) // of a transfer, which has one ending for both
        return fail(m_lock.error(), m_lock.errorString());
    if (publish({.status = Status::LockedByOther, .owner = m_lock.owner()}))
        Q_EMIT timedOut();
}

void QmlDocumentLock::handleError(LockError error)
{
    if (m_errand == Errand::Withdrawn)
        return handleWithdrawal();
    if (std::exchange(m_errand, Errand::None) == Errand::None)
        return report(error, m_lock.errorString());
    fail(error, m_lock.errorString());
}

void QmlDocumentLock::handleWithdrawal()
{
    if (std::exchange(m_errand, Errand::None) == Errand::Withdrawn && std::exchange(m_startsAfterwards, false))
        begin();
}

void QmlDocumentLock::handleLost(LossReason reason)
{
    Facts known = facts();
    if (isHeld())
        known = {
            .status = Status::Lost, .error = m_lock.error(), .errorString = m_lock.errorString(), .lossReason = reason};
    if (publish(known))
        Q_EMIT lost(reason);
}

} // namespace Holdfast
