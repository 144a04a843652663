// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include "os/markerreader.h"
#include "records/readwritemarker.h"

#include <QtCore/qlist.h>

#include <string>

namespace Holdfast {

/**
 * Whether the owner of the marker that @p reader has open still runs. Dead only where no other machine can have made it: there
 * is no start in it that would tell his process from one with its number on another machine with our name, as clones have.
 */
Liveness livenessIn(const records::ReadWriteMarker &marker, const os::MarkerReader &reader);

/** Who reads under the soft read/write lock on @p path now. */
QList<LockHolder> readWriteReaders(const std::string &path);

/** Who writes, or waits for the readers to leave; invalid when nobody does. */
LockHolder readWriteWriter(const std::string &path);

/** The writer, or else the first reader. */
LockHolder readWriteHolder(const std::string &path);

} // namespace Holdfast
