// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/fileidentity.h"
#include "os/rangelock.h"

namespace Holdfast {

// The bytes that SQLite locks, far behind all data (os_unix.c: PENDING_BYTE is 1 GiB; see "File Locking And Concurrency").

/** New readers lock it for a moment, a writer for as long as he waits for the others to leave. */
constexpr os::ByteRange PendingByte{0x40000000, 1};

/** A writer locks it from his first moment on: with it locked, SQLite leaves his journal alone. */
constexpr os::ByteRange ReservedByte{0x40000001, 1};

/** Readers lock them for reading, a writer for writing. */
constexpr os::ByteRange SharedBytes{0x40000002, 510};

/** Ours, right before SQLite's: a writer of this library locks it from his first attempt to the end, so that such writers come
    one after the other, and readers of this library see him also while he opens the door for himself. */
constexpr os::ByteRange TurnByte{0x3fffffff, 1};

/** TurnByte and PendingByte. */
constexpr os::ByteRange DoorBytes{0x3fffffff, 2};

/** Whether this process has them locked, be there other readers or not. Looks through all its open files. */
bool isLockedByThisProcess(const os::FileIdentity &file);

} // namespace Holdfast
