// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/fileidentity.h"
#include "os/rangelock.h"

namespace Holdfast {

// The bytes that SQLite locks, far behind all data (os_unix.c: PENDING_BYTE is 1 GiB; see "File Locking And Concurrency").

/** New readers lock it for a moment, a writer for as long as he waits for the others to leave. */
constexpr os::ByteRange PendingByte{0x40000000, 1};

/** Readers lock them for reading, a writer for writing. */
constexpr os::ByteRange SharedBytes{0x40000002, 510};

/** Ours, behind SQLite's: a writer of this library locks it first, so that such writers come one after the other. */
constexpr os::ByteRange TurnByte{0x40000400, 1};

/** Whether this process has them locked, be there other readers or not. Looks through all its open files. */
bool isLockedByThisProcess(const os::FileIdentity &file);

} // namespace Holdfast
