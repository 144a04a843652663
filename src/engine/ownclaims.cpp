// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/ownclaims.h"

#include "engine/owner.h"
#include "engine/publish.h"
#include "engine/reclaim.h"
#include "os/process.h"

#include <utility>

namespace Holdfast {

os::Result<bool> OwnClaims::publish(const os::Directory &claims, const records::ClaimRecord &record,
                                    std::optional<unsigned> permissions)
{
    const std::string name = records::claimName(records::ClaimState::Intent, record.token);
    os::Result<bool> published =
        Holdfast::publish(claims, name, records::writeClaimRecord(record), permissions, m_file);
    if (!published || !*published) {
        static_cast<void>(claims.remove(name)); // the token makes it ours, should it be there after all
        return published;
    }
    m_record = record;
    m_intent = name;
    os::Result<os::FileFacts> facts = m_file.facts();
    if (!facts) {
        m_file.close();
        static_cast<void>(claims.remove(std::exchange(m_intent, {})));
        return facts.error();
    }
    m_identity = facts->identity;
    noteOwnNamespace(m_file.descriptor());
    return true;
}

os::Result<bool> OwnClaims::hold(const os::Directory &claims)
{
    m_held =
        records::claimName(records::ClaimState::Held, token()); // also when the answer does not tell: remove() looks
    return addName(claims, m_intent, m_held, m_identity);
}

os::Status OwnClaims::remove(const os::Directory &claims)
{
    if (!exist())
        return {};
    if (os::Status removed = removeOne(claims, m_held); !removed)
        return removed;
    if (os::Status removed = removeOne(claims, m_intent); !removed)
        return removed;
    m_file.close();
    return {};
}

os::Status OwnClaims::removeOne(const os::Directory &claims, std::string &name)
{
    if (name.empty())
        return {};
    constexpr std::intptr_t nobodyJudges = -1;
    os::Status removed = removeOwn(claims, name, m_identity, nobodyJudges);
    if (removed)
        name.clear();
    return removed;
}

// A hold that could be given back only by half goes on by its intent.
LossReason OwnClaims::inspect(const os::Directory &claims) const
{
    os::Result<std::optional<os::FileFacts>> facts = claims.facts(m_held.empty() ? m_intent : m_held);
    if (!facts)
        return LossReason::None;
    if (!*facts)
        return LossReason::MarkerMissing;
    return isOwn(**facts) ? LossReason::None : LossReason::OwnerChanged;
}

} // namespace Holdfast
