// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/backend.h"
#include "engine/claimscan.h"
#include "engine/ownclaims.h"
#include "engine/strictplace.h"

#include <optional>
#include <string>

namespace Holdfast {

/** How a StrictBackend makes its files. */
struct StrictBackendOptions
{
    std::string path = {};                    ///< in the filesystem's encoding; may be relative
    std::optional<unsigned> permissions = {}; ///< of claims and sentinel, exactly; nothing: 0666 less the umask
};

/**
 * A lock by claims in a directory, as Python's filelock makes it: each contender publishes an intent, and holds if a
 * scan after that, and one more after it has said so, find nobody who comes first. Nothing that somebody else has
 * claimed is ever removed, so a holder that dies blocks the lock until a person has looked.
 *
 * At the path itself lies a sentinel for ever, which soft locks take for a marker of somebody who never goes.
 */
class StrictBackend final : public Backend
{
public:
    explicit StrictBackend(StrictBackendOptions options);
    ~StrictBackend() override;

    Attempt attempt(LockMode mode) override;
    Attempt attemptBriefly(LockMode mode) override;
    void stopTrying() override;
    std::optional<Failure> release() override;
    void drop() override;
    void abandon() override;
    LossReason inspect() override;
    os::FileIdentity identity() const override { return m_identity; }
    Watchable watchable() const override;
    QString token() const override;
    LockHolder holder() const override;
    QString name() const override;

private:
    std::optional<Attempt> checkSentinel();
    os::Result<std::optional<os::MarkerContent>> readSentinel();
    std::optional<Attempt> publishSentinel();
    std::optional<Attempt> judge(const os::MarkerContent &content);
    std::optional<Attempt> publishIntent();
    std::optional<Attempt> becomeHeld();

    using MayGoOn = bool (*)(const Claims &claims, const OwnClaims &own);
    std::optional<Attempt> look(MayGoOn mayGoOn);
    Attempt busyBecauseOf(const Claims &claims);
    Attempt backOff(Attempt answer);

    const StrictBackendOptions m_options;
    StrictPlace m_place;
    os::MarkerReader m_sentinel; // or a soft marker in its place
    bool m_softInTheWay = false;
    std::uint64_t m_opening = 0;
    os::FileIdentity m_identity; // of what m_sentinel has open
    ClaimScan m_scan;
    OwnClaims m_own;
    int m_collisions = 0; // in a row
    FilesystemAge m_age;
};

} // namespace Holdfast
