// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/**
 * What this library knows of the holder of a document, beside what LibreOffice's lock file has fields for. It stands in that
 * file's last field, where LibreOffice has the URL of its profile and compares it, but never looks inside:
 *
 *     holdfast:1?pid=4711&start=1234&token=9f...&since=1764185836000&app=notepad
 *
 * Keys that are not known are skipped, so that later versions can add some; a greater number before the question mark says
 * that the known ones mean something else, and is no record of ours.
 */
struct DocumentRecord
{
    std::int64_t process = 0;
    std::string startToken; ///< tells the process from a later one with its number; may be empty
    std::string token;      ///< names this one hold: 32 lowercase hexadecimal digits
    std::int64_t since = 0; ///< milliseconds since the epoch, by the holder's clock
    std::string application;
    friend bool operator==(const DocumentRecord &, const DocumentRecord &) = default;
};

std::string writeDocumentRecord(const DocumentRecord &record);

/** Nothing when it is somebody else's text, or has no process or token. */
std::optional<DocumentRecord> readDocumentRecord(std::string_view text);

} // namespace Holdfast::records
