// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/softreadwritelock.h>

#include "core/pathlock_p.h"
#include "engine/softreadwritebackend.h"

#include <chrono>

namespace Holdfast {

class SoftReadWriteLockPrivate final : public PathLockPrivate
{
public:
    using PathLockPrivate::PathLockPrivate;

    /** Changes heartbeat and threshold to values that fit each other, or says why they do not. */
    Change setTerms(const char *option, std::chrono::milliseconds newHeartbeat, std::chrono::milliseconds newThreshold);

    ReadWriteTerms terms() const; ///< with the mutex unlocked
    Failure refusal() const;      ///< why the terms mean nothing; with the mutex locked

    std::chrono::milliseconds heartbeat{30'000};
    std::chrono::milliseconds threshold{-1}; ///< negative: three heartbeats

private:
    LockCore::BackendFactory factoryFor(const std::string &path) const override;
    FamilyCheck otherFamilyCheck() const override;
};

} // namespace Holdfast
