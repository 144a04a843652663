// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>
#include <holdfast/locktypes.h>

namespace Holdfast {

/** Where a hold stands, as its thread sees it. */
struct HoldFacts
{
    LockState state = LockState::Idle;
    int depth = 0;

    friend bool operator==(const HoldFacts &, const HoldFacts &) = default;
};

/** The public face of a lock as the engine sees it: told of every event, in the thread that it concerns. */
class Observer
{
public:
    virtual ~Observer() = default;
    virtual QString name() const = 0; ///< the path, or what else names the lock in messages; any thread
    virtual void changed(const HoldFacts &before, const HoldFacts &now) = 0;
    virtual void ended(Outcome outcome) = 0; ///< an acquire() has ended; Failed: the hold has the failure
    virtual void releaseFailed(LockError error) = 0;
    virtual void errorChanged() = 0;
    virtual void released() = 0;
    virtual void lost(LossReason reason) = 0;
    virtual void contended(const LockHolder &holder) = 0;
    virtual LockHolder holder() const = 0;
    virtual bool wantsContended() const = 0; ///< looking the holder up costs; false: nobody would hear
};

} // namespace Holdfast
