// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "records/pythonnumber.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/** What the holder agreed to. */
enum class LeaseContract {
    Lease,     ///< to be expired without a sign of life
    Exclusive, ///< to be succeeded when he is gone: MarkerSoftFileLock of filelock
    Unknown    ///< something that another version understands; such a holder is never succeeded
};

/** Who holds a lease, and for how long without a sign of life: a marker of filelock's second protocol. */
struct LeaseRecord
{
    std::int64_t process = 0; ///< 1 to 2147483647 in everything that was read
    std::string host;         ///< one line, never empty
    LeaseContract contract = LeaseContract::Lease;
    std::string token;      ///< this one claim, 32 hexadecimal digits; only of a lease
    double duration = 0;    ///< in seconds, finite and positive; 0 under another contract
    std::string startToken; ///< as in SoftMarker
    friend bool operator==(const LeaseRecord &, const LeaseRecord &) = default;
};

/** The seven lines that Python's filelock would write; five under another contract; one less without start token. */
std::string writeLeaseRecord(const LeaseRecord &record);

/**
 * What Python's filelock makes of these bytes; nothing when they are malformed, longer than 1024 bytes, or not UTF-8.
 *
 * Keys that are not known are skipped, and of two equal ones the last counts. A mode that is not known is not
 * malformed: it names an owner who lives under rules we do not know. But it is without a line feed at the end: then it was
 * cut off, or is being written. So is a lease without a token, or without a duration that can end, which would stand for ever.
 */
std::optional<LeaseRecord> readLeaseRecord(std::string_view bytes);

/** Whether the first line names the second protocol, however the rest reads. */
bool claimsProtocolTwo(std::string_view bytes);

} // namespace Holdfast::records
