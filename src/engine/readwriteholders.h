// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>

#include <QtCore/qlist.h>

#include <string>

namespace Holdfast {

/** Who reads under the soft read/write lock on @p path now. */
QList<LockHolder> readWriteReaders(const std::string &path);

/** Who writes, or waits for the readers to leave; invalid when nobody does. */
LockHolder readWriteWriter(const std::string &path);

/** The writer, or else the first reader. */
LockHolder readWriteHolder(const std::string &path);

} // namespace Holdfast
