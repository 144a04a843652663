// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/failure.h"
#include "engine/filesystemage.h"
#include "engine/strictplace.h"
#include "os/markerreader.h"
#include "records/strictclaim.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace Holdfast {

class OwnClaims;

/** One claim as it lies there. */
struct Claim
{
    std::string name;
    records::ClaimState state = records::ClaimState::Intent;
    records::ClaimRecord record;
    os::FileFacts facts;
    std::optional<std::uint64_t> notedNamespace; ///< for livenessOf()
};

/** What a scan has found. Whoever wants the lock needs all of it: damage, or what was not read, may hide a holder. */
struct Claims
{
    std::vector<Claim> readable; ///< in the order of their names, held ones first
    Failure damage;              ///< the first of them
    bool isIncomplete = false;   ///< a claim could not be read just now; look again in RereadInterval

    static constexpr std::chrono::milliseconds RereadInterval{2}; // as in Python's filelock

    bool anyHeld() const { return !readable.empty() && readable.front().state == records::ClaimState::Held; }
};

/**
 * Reads a directory of claims, again and again during a wait. The held claim stays open between two scans: closing it
 * would wake everybody who watches it, and they would do the same to us.
 */
class ClaimScan
{
public:
    enum class Purpose {
        Contend, ///< leftovers are removed, and what cannot be read is given some time
        Report   ///< touches nothing, and tells at once
    };
    explicit ClaimScan(Purpose purpose = Purpose::Contend) : m_purpose(purpose) { }

    /** @param own whose claims need no reading; null: there are none */
    Claims scan(const StrictPlace &place, const OwnClaims *own);

    /** Whether the held claim that was found last is untouched: an answer for who is told when it is not. */
    bool isHeldUnchanged();

    /** The held claim, to be watched; negative when the last scan saw none. */
    std::intptr_t descriptor() const { return m_heldSeen ? m_heldFile.descriptor() : -1; }
    std::uint64_t opening() const { return m_opening; }
    void forget();                           ///< the wait is over
    void abandon() { m_heldFile.abandon(); } ///< in the child of a fork

    /** Removes what a publisher that died has left behind: not published within the grace, or published already. */
    Failure reap(const StrictPlace &place, const os::Directory &directory, const std::string &name);

private:
    struct Entry;
    void readEntry(const Entry &entry, const OwnClaims *own, Claims &claims);
    bool isKnown(const Entry &entry, const os::FileFacts &facts) const;
    void readFile(const Entry &entry, const os::FileFacts &named, Claims &claims);
    void refuse(const Entry &entry, const os::SystemError &error, Claims &claims);

    const Purpose m_purpose;
    std::optional<Claim> m_held; // what m_heldFile has open
    bool m_heldSeen = false;
    os::MarkerReader m_heldFile;
    std::uint64_t m_opening = 0;
    std::map<std::string, std::chrono::nanoseconds> m_refusedSince; // on Clock::monotonic()
    FilesystemAge m_age;
};

} // namespace Holdfast
