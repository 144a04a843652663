// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/**
 * Who holds a soft lock: the text of a marker of filelock's first protocol.
 *
 * A host name is one line without white space around it; nothing else comes back from the file as it went in. An
 * empty one comes back only together with a start token. So the name goes through writeMarkerHost() first.
 */
struct SoftMarker
{
    std::int64_t process = 0; ///< 1 to 2147483647 in everything that was read
    std::string host;
    std::string startToken; ///< which incarnation of that number, in canonical decimal; empty: none was given
    friend bool operator==(const SoftMarker &, const SoftMarker &) = default;
};

/** `<process>\n<host>\n`, and `<start token>\n` when there is one. */
std::string writeSoftMarker(const SoftMarker &marker);

/**
 * What Python's filelock makes of these bytes; nothing when they are malformed, longer than 1024 bytes, or not UTF-8.
 *
 * As filelock 4 reads it, so that both call the same file malformed: white space around the whole, any of Python's line
 * separators, leading zeros in numbers. Without a line feed at the end it was cut off, or is being written: half a start
 * would be that of a process that does not exist any more. The sentinel of a strict lock reads as
 * process 1 on an impossible host, as it is meant to: ask markerFamily() first.
 */
std::optional<SoftMarker> readSoftMarker(std::string_view bytes);

} // namespace Holdfast::records
