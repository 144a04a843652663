// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/lockcore.h"
#include "engine/markerbackend.h"

namespace Holdfast {

/**
 * Protocol 1 of Python's filelock: the marker names process, host and start of its owner, and may be removed when that owner
 * is proven dead, or after the lifetime that all users of the lock agree on.
 */
class SoftBackend final : public MarkerBackend
{
public:
    /**
     * @param lock whose lifetime is also the age at which a marker is anybody's, live owner or not
     * @param unknownOwnersLast the age at which the marker of an owner is stale whose life cannot be asked (another
     *        machine's); negative: never
     */
    SoftBackend(MarkerBackendOptions options, const LockOptions &lock,
                std::chrono::milliseconds unknownOwnersLast = std::chrono::milliseconds(-1));

    LockHolder holder() const override;

private:
    std::string record() override;
    Verdict judge(const os::MarkerContent &content) override;

    const LockOptions &m_lock;
    const std::chrono::milliseconds m_unknownOwnersLast;
};

} // namespace Holdfast
