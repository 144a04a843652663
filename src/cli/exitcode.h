// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/singleinstance.h>
#include <holdfast/locktypes.h>

namespace Holdfast::Cli {

/** The exit statuses of flock(1), which takes them from sysexits.h. */
namespace ExitCode {
constexpr int Success = 0;
constexpr int Held = 1;          ///< of `status`
constexpr int NotBroken = 1;     ///< of `break`
constexpr int Usage = 64;        ///< EX_USAGE
constexpr int CannotLock = 65;   ///< EX_DATAERR
constexpr int CannotOpen = 66;   ///< EX_NOINPUT
constexpr int NoServer = 68;     ///< EX_NOHOST
constexpr int CannotRun = 69;    ///< EX_UNAVAILABLE
constexpr int Internal = 70;     ///< EX_SOFTWARE
constexpr int System = 71;       ///< EX_OSERR
constexpr int CannotCreate = 73; ///< EX_CANTCREAT
constexpr int TryLater = 75;     ///< EX_TEMPFAIL
constexpr int BySignal = 128;    ///< and the signal's number
} // namespace ExitCode

/** How the program ends when the library fails so. */
int exitCodeFor(LockError error);
int exitCodeFor(SingleInstance::Error error);

} // namespace Holdfast::Cli
