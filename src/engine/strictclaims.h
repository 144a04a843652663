// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include "engine/claimscan.h"

#include <string>
#include <vector>

namespace Holdfast {

/** What lies in the directory of claims of a strict lock: as much as can be read, and what is wrong with the rest. */
struct ClaimList
{
    std::vector<Claim> claims; ///< held ones first
    Failure failure;
};

ClaimList strictClaims(const std::string &path);

/** Everything that a claim tells about its owner. */
LockHolder ownerOf(const Claim &claim);

/** Removes one entry of that directory, whatever it is and whosever it is. */
Failure breakClaim(const std::string &path, const QString &name);

/** Who is in the way of the strict lock at @p path; invalid when nobody is, or when nobody can be told. */
LockHolder strictHolder(const std::string &path);

} // namespace Holdfast
