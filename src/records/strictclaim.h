// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "records/markerfamily.h" // first: GCC says that its StrictSentinel hides the one below, if it comes later

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/**
 * What lies for ever at the path of a strict lock. A soft lock reads process 1 on a host that cannot be, and waits; the
 * zero byte keeps that host from ever being somebody's.
 */
inline constexpr std::string_view StrictSentinel{"1\nfilelock-strict-v1\0\n0\n", 24};

enum class ClaimState { Intent, Held };

/** `intent-v1-<token>.claim` or `held-v1-<token>.claim`. */
struct ClaimName
{
    ClaimState state = ClaimState::Intent;
    std::string token; ///< 32 lowercase hexadecimal digits
    friend bool operator==(const ClaimName &, const ClaimName &) = default;
};

std::optional<ClaimName> parseClaimName(std::string_view name);
std::string claimName(ClaimState state, std::string_view token);

/** `.<public name>.private-v1-<token>.tmp`: where a record is written before a link publishes it; also a sentinel's. */
std::string privateName(std::string_view publicName, std::string_view token);

/** The public name inside a private one; nothing when it is no private name. */
std::optional<std::string_view> publicNameOf(std::string_view privateName);

/** The claim that a private name is meant for; nothing for a sentinel's, or when it is no private name. */
std::optional<ClaimName> parsePrivateClaimName(std::string_view name);

/** Who claims a strict lock: the text of both its claims. */
struct ClaimRecord
{
    std::string token;
    std::int64_t process = 0;
    std::string host;       ///< any printable text without white space; written in hexadecimal
    std::string startToken; ///< canonical decimal; empty: none
    friend bool operator==(const ClaimRecord &, const ClaimRecord &) = default;
};

std::string writeClaimRecord(const ClaimRecord &record);

/**
 * Reads a claim whose file name holds @p tokenInName. Unlike markers, claims are read to the letter: one that is not
 * exactly as it would be written is damage, and damage means that nobody gets the lock.
 *
 * @param why set to one phrase when nothing is returned, such as "the token is not the one in the file's name"
 */
std::optional<ClaimRecord> readClaimRecord(std::string_view bytes, std::string_view tokenInName,
                                           std::string *why = nullptr);

} // namespace Holdfast::records
