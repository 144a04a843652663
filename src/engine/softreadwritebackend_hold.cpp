// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// How a soft read/write lock is kept and given back, and the mutex below it.

#include "engine/softreadwritebackend.h"

#include "engine/clock.h"
#include "engine/logging.h"
#include "engine/readwriteholders.h"

#include <QtCore/qfile.h>
#include <QtCore/qrandom.h>

#include <algorithm>

namespace Holdfast {

using Standing = ReadWriteOwnMarker::Standing;

namespace {

// What keeps everybody out is not given up after the first failure.
constexpr int Chances = 3;

} // namespace

SoftReadWriteBackend::~SoftReadWriteBackend()
{
    drop();
}

// It is held for moments, so one looks again soon; but should it stay busy, its owner has been stopped or has died
// elsewhere, and then there is no hurry.
//
// One that could not be given back is no mutex any more: others may have taken it for stale since.
SoftReadWriteBackend::Obstacle SoftReadWriteBackend::lockState()
{
    if (std::optional<Failure> failure = unlockState())
        return Attempt::failed(*std::move(failure));
    Attempt answer = m_state->attempt(LockMode::Exclusive);
    m_hasState = answer.answer == Attempt::Acquired;
    if (m_hasState || answer.answer == Attempt::Failed) {
        m_stateBusy = 0;
        return m_hasState ? std::nullopt : Obstacle(std::move(answer));
    }
    constexpr int moments = 64;
    const bool isStuck = ++m_stateBusy > moments;
    // Jittered: those who have collided once would do so again.
    const int wait = isStuck ? QRandomGenerator::system()->bounded(20, 41) : QRandomGenerator::system()->bounded(1, 4);
    return Attempt::busy(std::chrono::milliseconds(wait));
}

// A failure: it keeps everybody out still, and goes with the next attempt, heartbeat or release.
std::optional<Failure> SoftReadWriteBackend::unlockState()
{
    std::optional<Failure> failure;
    for (int i = 0; i < Chances && m_hasState; ++i) {
        failure = m_state->release();
        m_hasState = failure.has_value();
    }
    if (m_hasState)
        qCWarning(lcHoldfast).noquote() << failure->text;
    return m_hasState ? failure : std::nullopt;
}

void SoftReadWriteBackend::removeForGood(const os::Directory &home)
{
    for (int i = 0; i < Chances && m_own.isThere(); ++i)
        static_cast<void>(m_own.remove(home));
    m_own.forget();
}

// What was announced and not had. With the mutex if it can be had at once; but nothing keeps the announcement here.
void SoftReadWriteBackend::withdraw()
{
    if (m_own.isThere() && !m_isHeld) {
        static_cast<void>(lockState());
        removeForGood(m_here);
    }
    static_cast<void>(unlockState());
    m_rival.close();
}

void SoftReadWriteBackend::stopTrying()
{
    withdraw();
    if (m_state && !m_hasState) // or it would not know any more what to remove
        m_state->stopTrying();
    m_readers = os::Directory::working();
    if (!m_hasState && (m_path.empty() || m_path.front() != '/'))
        m_paths.reset(); // relative to wherever the next acquisition starts
}

std::optional<Failure> SoftReadWriteBackend::release()
{
    if (!m_reads)
        static_cast<void>(lockState()); // a reader's marker has a name that nobody else will ever use
    const os::Status removed = m_own.remove(home());
    static_cast<void>(unlockState());
    if (!removed)
        return systemFailure(homePath(), removed.error());
    m_isHeld = false;
    stopTrying();
    return std::nullopt;
}

void SoftReadWriteBackend::drop()
{
    if (m_isHeld) {
        if (!m_reads)
            static_cast<void>(lockState());
        removeForGood(home());
        m_isHeld = false;
    }
    stopTrying();
}

void SoftReadWriteBackend::abandon()
{
    m_own.abandon();
    m_rival.abandon();
    m_readers.abandon();
    if (SoftBackend *state = m_abandonable)
        state->abandon();
}

LossReason SoftReadWriteBackend::inspect()
{
    if (m_reads && !isSameReaders())
        return LossReason::MarkerMissing;
    os::Result<Standing> standing = m_own.check(home());
    if (!standing || *standing == Standing::Ours)
        return LossReason::None;
    return *standing == Standing::Missing ? LossReason::MarkerMissing : LossReason::OwnerChanged;
}

// Whether the directory in which our marker lies is the one in which writers look.
bool SoftReadWriteBackend::isSameReaders() const
{
    os::Result<std::optional<os::FileFacts>> ours = m_readers.facts(".");
    os::Result<std::optional<os::FileFacts>> theirs = m_here.facts(m_paths->readers);
    if (!ours || !theirs || !*ours)
        return true; // could not be asked
    return *theirs && (*ours)->identity == (*theirs)->identity;
}

// Lost one heartbeat before others may take it, so that the holder knows first; but where the threshold is less than two
// heartbeats, half-way between the heartbeat, which needs its chance, and the threshold.
Upkeep SoftReadWriteBackend::upkeep() const
{
    const auto endurance =
        std::max(m_terms.staleThreshold - m_terms.heartbeat, (m_terms.staleThreshold + m_terms.heartbeat) / 2);
    return {m_terms.heartbeat, endurance, m_refreshed};
}

Renewal SoftReadWriteBackend::renew()
{
    static_cast<void>(unlockState()); // should it be there still: for the whole hold there is nobody else to try it
    if (m_reads && !isSameReaders())
        return Renewal::lost(LossReason::MarkerMissing);
    os::Result<Standing> standing = m_own.refresh(home());
    if (!standing)
        return Renewal::postponed(systemFailure(homePath(), standing.error()));
    switch (*standing) {
    case Standing::Ours:
        break;
    case Standing::Missing:
        return Renewal::lost(LossReason::MarkerMissing);
    case Standing::Foreign:
        return Renewal::lost(LossReason::OwnerChanged);
    }
    return Renewal::done();
}

os::FileIdentity SoftReadWriteBackend::identity() const
{
    return m_isHeld ? m_own.identity() : m_rival.identity();
}

Watchable SoftReadWriteBackend::watchable() const
{
    if (m_isHeld)
        return {m_own.descriptor(), m_own.opening()};
    return {m_rival.descriptor(), m_rival.opening()};
}

QString SoftReadWriteBackend::token() const
{
    return QString::fromStdString(m_own.token());
}

LockHolder SoftReadWriteBackend::holder() const
{
    return readWriteHolder(m_path);
}

QString SoftReadWriteBackend::name() const
{
    return QFile::decodeName(m_path.c_str());
}

} // namespace Holdfast
