// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/fallbackbackend.h"

#include "engine/logging.h"
#include "engine/otherfamilies.h"

namespace Holdfast {

FallbackBackend::FallbackBackend(const FileBackendOptions &native, const LockOptions &lock,
                                 std::shared_ptr<std::atomic<bool>> fallen)
    : m_native(native),
      m_soft({.path = native.path, .permissions = native.permissions}, lock),
      m_path(native.path),
      m_fallen(std::move(fallen))
{ }

Attempt FallbackBackend::attempt(LockMode mode)
{
    if (m_isSoft || *m_fallen)
        return attemptSoftly(mode);
    Attempt answer = m_native.attempt(mode);
    if (answer.answer != Attempt::Failed || answer.failure.error != LockError::Unsupported
        || !isFreeForSoftLock(m_path))
        return answer;
    if (!m_fallen->exchange(true))
        qCWarning(lcHoldfast)
            << "the filesystem of" << name()
            << "cannot lock files: using a soft lock from now on. Its marker stays when its owner dies "
               "on another machine.";
    return attemptSoftly(mode);
}

Attempt FallbackBackend::attemptBriefly(LockMode mode)
{
    return m_isSoft ? m_soft.attemptBriefly(mode) : *m_fallen ? attemptSoftly(mode) : m_native.attemptBriefly(mode);
}

Attempt FallbackBackend::attemptSoftly(LockMode mode)
{
    if (!m_isSoft)
        m_native.stopTrying();
    m_isSoft = true;
    if (mode == LockMode::Shared) // a marker has one owner
        return Attempt::failed(
            {LockError::Unsupported,
             QStringLiteral("Cannot lock \"%1\" in shared mode: its filesystem cannot lock files, and "
                            "the soft lock in its place has one holder only. Use SoftReadWriteLock.")
                 .arg(name())});
    return m_soft.attempt(mode);
}

void FallbackBackend::abandon()
{
    m_native.abandon();
    m_soft.abandon();
}

LockHolder FallbackBackend::holder() const
{
    return *m_fallen ? m_soft.holder() : m_native.holder();
}

} // namespace Holdfast
