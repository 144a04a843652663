// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/** A reader, or the writer, of a soft read/write lock. Process and host only inform: the token proves, age decides. */
struct ReadWriteMarker
{
    std::string token; ///< 32 lowercase hexadecimal digits
    std::int64_t process = 0;
    std::string host; ///< see isMarkerHost()
    friend bool operator==(const ReadWriteMarker &, const ReadWriteMarker &) = default;
};

/** `<token>\n<process>\n<host>\n`. */
std::string writeReadWriteMarker(const ReadWriteMarker &marker);

/** To the letter, save that any number of line feeds may end it, none included; nothing beyond 1024 bytes. */
std::optional<ReadWriteMarker> readReadWriteMarker(std::string_view bytes);

/** `<token>.<process>`: the name of a reader's marker in the directory of the readers. */
std::string readerName(std::string_view token, std::int64_t process);

/** Whether a name in the directory of the readers is none: hidden, or left over from an eviction. All others are. */
bool isHousekeeping(std::string_view nameInReadersDirectory);

/** 1 to 253 bytes, each printable ASCII and no blank: what every text of the family carries unharmed. */
bool isMarkerHost(std::string_view host);

} // namespace Holdfast::records
