// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

namespace Holdfast {

/**
 * One claim to a StrictSoftFileLock, as it lies in the lock's directory: a plain value, read once and never updated.
 *
 * A holder has two with the same token, an intent and a held one. Somebody who is acquiring has an intent for a moment.
 * A program that died leaves its claims for ever; `owner.liveness` says Dead when that is proven.
 */
class LockClaim
{
    Q_GADGET_EXPORT(HOLDFAST_CORE_EXPORT)
    Q_PROPERTY(QString name MEMBER name CONSTANT FINAL)
    Q_PROPERTY(Holdfast::LockClaim::State state MEMBER state CONSTANT FINAL)
    Q_PROPERTY(QString token MEMBER token CONSTANT FINAL)
    Q_PROPERTY(Holdfast::LockHolder owner MEMBER owner CONSTANT FINAL)

public:
    enum class State {
        Intent, ///< wants the lock, or has it
        Held    ///< has it
    };
    Q_ENUM(State)

    QString name = {}; ///< of the file, for StrictSoftFileLock::forceBreak()
    State state = State::Intent;
    QString token = {};    ///< random, the same for all that one contender makes for one acquisition
    LockHolder owner = {}; ///< process, host, user, program; since is when the claim was written

    friend bool operator==(const LockClaim &, const LockClaim &) = default;
};

using ClaimState = LockClaim::State;

} // namespace Holdfast

Q_DECLARE_METATYPE(Holdfast::LockClaim)
