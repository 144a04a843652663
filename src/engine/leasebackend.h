// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/markerbackend.h"

namespace Holdfast {

/** For how long a lease stands without a sign of life, and how often its holder gives one. */
struct LeaseTerms
{
    std::chrono::milliseconds duration{30'000}; ///< written into the marker; all users must agree on it
    std::chrono::milliseconds heartbeat{10'000};
};

/**
 * Protocol 2 of Python's filelock: a marker whose time of change is renewed by a heartbeat; once it is as old as the duration
 * that it names, it is anybody's.
 */
class LeaseBackend final : public MarkerBackend
{
public:
    LeaseBackend(MarkerBackendOptions options, LeaseTerms terms);

    Upkeep upkeep() const override;
    Renewal renew() override;
    QString token() const override;
    LockHolder holder() const override;

private:
    std::string record() override;
    Verdict judge(const os::MarkerContent &content) override;
    Verdict judgeLease(const os::MarkerContent &content);
    bool isOwnerDead(const os::MarkerContent &content) const;

    const LeaseTerms m_terms;
    std::string m_token;
};

} // namespace Holdfast
