// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/failure.h"

#include <string>

namespace Holdfast {

/**
 * For an operating system lock on a file with something in it: whether that is the marker of a lock of another family which
 * is in use. Nothing is wrong with a document, or with the marker of an owner who is proven dead. `process\nhost\n` is
 * what programs like to note in their lock files, and counts for nothing; with the start of that process it is a soft marker.
 */
Failure otherFamilyInUse(const std::string &path);

/** Whether what is in the file may be thrown away by whoever has it locked: not what may be the marker of somebody else who
    lives, even if it is likelier his note. False also when it cannot be read. */
bool mayBeCleared(const std::string &path);

/** The same for a lock that never touches the path itself. There, an empty file counts on which a lock of the system is held:
    a document that somebody has locked is no lock file. */
Failure otherFamilyAt(const std::string &path);

/** Whether a soft read/write lock, whose files lie beside the path, is in use by somebody not known to be dead. */
Failure readWriteLockInUse(const std::string &path);

/** Whether a soft lock may take the place of an operating system lock that cannot be had at @p path: nothing is there, or
    nothing but what soft locks put there. */
bool isFreeForSoftLock(const std::string &path);

} // namespace Holdfast
