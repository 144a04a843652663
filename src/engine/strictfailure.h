// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/failure.h"

#include <string>

namespace Holdfast {

/**
 * The sentence for a strict lock whose files are not as they have to be. Nobody may guess what was meant, so nobody
 * gets it.
 *
 * @param what the claim, or whatever else is not as it should be; with its directory where that is not the one of the
 * claims
 */
Failure strictDamage(const std::string &path, const std::string &what, const QString &reason);

/** The sentence for a failed system call on @p what, a file of the lock. */
Failure strictDamage(const std::string &path, const std::string &what, const os::SystemError &error);

/** The sentence for a system call without which there is no claim, perhaps because there are no hard links here. */
Failure strictFailure(const std::string &path, const os::SystemError &error);

} // namespace Holdfast
