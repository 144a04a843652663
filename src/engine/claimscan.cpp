// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/claimscan.h"

#include "engine/clock.h"
#include "engine/ownclaims.h"
#include "engine/strictfailure.h"
#include "os/claimanswers.h"
#include "os/process.h"
#include "records/limits.h"

#include <algorithm>
#include <utility>

namespace Holdfast {

namespace {

// How long a claim that cannot be read is given, from the first time on: a server may be about to remove it. As
// filelock.
constexpr std::chrono::milliseconds ReadGrace{500};

void damage(Claims &claims, Failure failure)
{
    if (!claims.damage.isSet())
        claims.damage = std::move(failure);
}

} // namespace

struct ClaimScan::Entry
{
    const StrictPlace &place;
    const std::string &name;
    const records::ClaimName &parts;
};

Claims ClaimScan::scan(const StrictPlace &place, const OwnClaims *own)
{
    Claims claims;
    m_heldSeen = false;
    os::Result<std::vector<std::string>> names = place.claims().list();
    if (!names) {
        claims.damage = strictDamage(place.path(), place.path() + ".filelock/claims", names.error());
        return claims;
    }
    std::sort(names->begin(), names->end());
    for (const std::string &name : *names) {
        if (name.starts_with('.')) {
            if (m_purpose == Purpose::Contend && records::parsePrivateClaimName(name))
                damage(claims, reap(place, place.claims(), name));
        } else if (const auto parts = records::parseClaimName(name)) {
            readEntry({place, name, *parts}, own, claims);
        } else {
            damage(claims,
                   strictDamage(place.path(), name, QStringLiteral("its name is not one of this version's claims")));
        }
    }
    std::erase_if(m_refusedSince,
                  [&](const auto &entry) { return !std::binary_search(names->begin(), names->end(), entry.first); });
    return claims;
}

void ClaimScan::readEntry(const Entry &entry, const OwnClaims *own, Claims &claims)
{
    os::Result<std::optional<os::FileFacts>> facts = entry.place.claims().facts(entry.name);
    if (!facts)
        return refuse(entry, facts.error(), claims);
    if (!*facts)
        return;
    if ((*facts)->type != os::FileFacts::Regular)
        return damage(claims, strictDamage(entry.place.path(), entry.name, QStringLiteral("it is no regular file")));
    if (own && own->isOwn(**facts) && own->token() == entry.parts.token) {
        claims.readable.push_back({entry.name, entry.parts.state, own->record(), **facts, std::nullopt});
    } else if (isKnown(entry, **facts)) {
        claims.readable.push_back({entry.name, entry.parts.state, m_held->record, **facts, m_held->notedNamespace});
        m_heldSeen = m_heldSeen || entry.parts.state == records::ClaimState::Held;
    } else {
        readFile(entry, **facts, claims);
    }
}

// The held claim that is still open, or the intent that is the same file.
bool ClaimScan::isKnown(const Entry &entry, const os::FileFacts &facts) const
{
    return m_held && m_held->record.token == entry.parts.token && m_held->facts.identity == facts.identity
           && m_held->facts.modified == facts.modified && m_held->facts.size == facts.size;
}

void ClaimScan::readFile(const Entry &entry, const os::FileFacts &named, Claims &claims)
{
    os::MarkerReader other;
    const bool keep = entry.parts.state == records::ClaimState::Held && !m_heldSeen;
    os::MarkerReader &reader = keep ? m_heldFile : other;
    if (keep) {
        m_held.reset();
        ++m_opening;
    }
    os::Result<std::optional<os::MarkerContent>> content =
        reader.read(entry.place.claims(), entry.name, records::MostRecordBytes);
    if (!content)
        return refuse(entry, content.error(), claims);
    if (!*content)
        return;
    m_refusedSince.erase(entry.name);
    if ((*content)->facts.identity != named.identity) {
        return damage(claims, strictDamage(entry.place.path(), entry.name,
                                           QStringLiteral("it was replaced while it was opened")));
    }
    std::string why;
    auto record = records::readClaimRecord((*content)->bytes, entry.parts.token, &why);
    if (!record)
        return damage(claims, strictDamage(entry.place.path(), entry.name, QString::fromStdString(why)));
    Claim claim{entry.name, entry.parts.state, *std::move(record), (*content)->facts,
                os::notedNamespace(reader.descriptor())};
    if (keep) {
        m_held = claim;
        m_heldSeen = true;
    }
    claims.readable.push_back(std::move(claim));
}

void ClaimScan::refuse(const Entry &entry, const os::SystemError &error, Claims &claims)
{
    const bool isVanished = os::saysVanished(error);
    if (isVanished || error.kind == os::ErrorKind::PermissionDenied) {
        const auto now = clock().monotonic();
        const auto since = m_refusedSince.try_emplace(entry.name, now).first->second;
        if (m_purpose == Purpose::Contend && now - since < ReadGrace) {
            claims.isIncomplete = true;
            return;
        }
    }
    if (!isVanished)
        damage(claims, strictDamage(entry.place.path(), entry.name, error));
}

bool ClaimScan::isHeldUnchanged()
{
    if (!m_heldSeen)
        return false;
    os::Result<std::optional<os::MarkerContent>> now = m_heldFile.readAgain();
    return now && *now && (*now)->facts.links == m_held->facts.links;
}

void ClaimScan::forget()
{
    m_held.reset();
    m_heldSeen = false;
    m_heldFile.close();
    m_refusedSince.clear();
}

} // namespace Holdfast
