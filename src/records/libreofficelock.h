// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Holdfast::records {

/** LibreOffice takes a lock file of this size, or a greater one, for damage, and so does readLibreOfficeLock(). */
inline constexpr std::size_t TooManyLibreOfficeBytes = 32000;

/**
 * One entry of a lock file of LibreOffice: five fields, of any text without zero bytes. There is no process among them, so
 * nothing in the file tells whether its owner still runs.
 *
 * LibreOffice takes an entry for its own when user, host and profile are its own, and then overwrites it without a question:
 * whoever else writes one gives another profile.
 */
struct LibreOfficeOwner
{
    std::string fullName; ///< first and last name from the options; often empty
    std::string user;     ///< login name
    std::string host;
    std::string since;   ///< when it was opened: see readLibreOfficeTime()
    std::string profile; ///< URL of the profile directory
    friend bool operator==(const LibreOfficeOwner &, const LibreOfficeOwner &) = default;
};

/** Why the text of a lock file ended before its last byte. */
enum class LibreOfficeDamage {
    None,
    Empty,     ///< nothing in it: its writer was stopped, or a file synchroniser has brought the name only
    Torn,      ///< it ends within an entry, or has zero bytes where the text was to come
    Malformed, ///< a byte that cannot be where it is
    TooLong,   ///< TooManyLibreOfficeBytes or more; nothing of it was read
};

/**
 * What is in a lock file. In `.~lock.NAME#` LibreOffice looks at the first owner and at nothing behind it, so with one that
 * could be read it is a good file, whatever the damage. `.~sharing.NAME#` has an entry for each user of a shared document.
 */
struct LibreOfficeLock
{
    std::vector<LibreOfficeOwner> owners; ///< those before the damage
    LibreOfficeDamage damage = LibreOfficeDamage::None;
};

/**
 * Reads `full name,user,host,since,profile;`, as often as it is there. Commas, semicolons and backslashes within a field have a
 * backslash before them; one before anything else is damage. The text is UTF-8; bytes that are not are kept as they are.
 */
LibreOfficeLock readLibreOfficeLock(std::string_view bytes);

/** One entry, as LibreOffice writes it: escaped, without a line end. A field ends at its first zero byte, as there. */
std::string writeLibreOfficeOwner(const LibreOfficeOwner &owner);

/** A minute by the clock on somebody's wall: which zone that wall is in is not said. */
struct LocalMinute
{
    int year = 0; ///< 1 to 9999
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    friend bool operator==(const LocalMinute &, const LocalMinute &) = default;
};

/** Reads `DD.MM.YYYY HH:MM`; nothing when it is not exactly that, or no such minute is in the calendar. */
std::optional<LocalMinute> readLibreOfficeTime(std::string_view text);
std::string writeLibreOfficeTime(const LocalMinute &time);

/** `.~lock.NAME#`, beside the document that symbolic links lead to. Nothing is shortened or escaped in the name. */
std::string libreOfficeLockName(std::string_view documentName);

/** `.~sharing.NAME#`: who is in a spreadsheet that is open to several at a time. */
std::string libreOfficeSharingName(std::string_view documentName);

/** The document of a `.~lock.NAME#`; nothing when it is no such name. */
std::optional<std::string_view> documentOfLibreOfficeLock(std::string_view name);

} // namespace Holdfast::records
