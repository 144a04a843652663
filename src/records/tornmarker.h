// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace Holdfast::records {

/**
 * Whether a soft marker or a lease whose writing was cut short could look like this: empty, or the beginning of a record, as
 * this library and Python's filelock write them, or a whole one; or nothing but zeros, as on a disk whose machine went down; or what
 * begins with the first line of a lease and one of its keys, which nothing else does. Everything else is something else, and of use to somebody.
 *
 * Far narrower than what readSoftMarker() and readLeaseRecord() accept. The end of a line may also be that of Windows.
 */
bool mayBeTornMarker(std::string_view bytes);

} // namespace Holdfast::records
