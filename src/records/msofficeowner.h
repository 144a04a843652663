// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/** No owner file of Microsoft Office is longer; of a longer one the beginning says all. */
inline constexpr std::size_t MostMsOfficeBytes = 165;

enum class MsOfficeProgram { Word, Excel, PowerPoint };

/** Who has a document open in Microsoft Office. Neither host nor process is in the file, and no time. */
struct MsOfficeOwner
{
    MsOfficeProgram program = MsOfficeProgram::Word; ///< by the layout; LibreOffice and others write such files, too
    std::string fullName;                            ///< as in the program's options, 1 to 52 units of UTF-16
    friend bool operator==(const MsOfficeOwner &, const MsOfficeOwner &) = default;
};

/**
 * Reads the owner file `~$...`; nothing when it is shorter than 162 bytes, names nobody, or is something else.
 *
 * A byte with a length, the name in the code page of that Windows, padding; at 54 (Word) or 55 (Excel, PowerPoint) the length
 * in two bytes, lower first, and the name in UTF-16. This second name is read: the code page of the first one is not known.
 * Found out from files by LibreOffice's authors; Microsoft has not published it.
 */
std::optional<MsOfficeOwner> readMsOfficeOwner(std::string_view bytes);

/**
 * The name of a document's owner file: `~$` before the name, and for what Word opens instead of its first two characters when
 * there are 8 or more before the extension, or of the first one when there are 7. So two documents can have the same one.
 *
 * Every document that is no spreadsheet or presentation by its extension counts as one of Word's.
 */
std::string msOfficeOwnerName(std::string_view documentName);

} // namespace Holdfast::records
