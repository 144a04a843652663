// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace Holdfast::records {

/** What kind of lock the file at a path belongs to. Families do not see each other's holders: mixing them is unsafe. */
enum class MarkerFamily {
    Empty,           ///< no byte: an operating-system lock, an idle database, a marker before it was written
    Soft,            ///< readSoftMarker() reads it
    Lease,           ///< readLeaseRecord() reads it, as a lease
    Exclusive,       ///< readLeaseRecord() reads it, as the marker of an owner who is never expired, but may be dead
    UnknownContract, ///< readLeaseRecord() reads it, as something else: its owner is never expired
    StrictSentinel,  ///< exactly these 24 bytes; never removed
    ReadWriteMarker, ///< readReadWriteMarker() reads it
    Database,        ///< an SQLite database with something in it
    Other            ///< none of these, so also a malformed marker
};

/**
 * @param firstBytes the file up to 1025 bytes: one more than the longest marker, so that a longer file is seen to be
 *        longer
 */
MarkerFamily markerFamily(std::string_view firstBytes);

} // namespace Holdfast::records
