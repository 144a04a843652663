// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/** Emacs itself reads no more of a lock. */
inline constexpr std::size_t MostEmacsBytes = 8192;

/** Who changes a file in Emacs: the text that the symbolic link `.#NAME` leads to, or where there are no links, is in it. */
struct EmacsOwner
{
    std::string user;
    std::string host;                        ///< as gethostname(2) gives it; a full name from old versions
    std::int64_t process = 0;                ///< 0: a number that no process can have
    std::optional<std::int64_t> startOfHost; ///< when its machine had started, in seconds since 1970
    friend bool operator==(const EmacsOwner &, const EmacsOwner &) = default;
};

/**
 * Reads `user@host.process` or `user@host.process:start`; nothing when it is anything else, as the target of any other link.
 * The user reaches up to the last `@` and the host up to the last full stop. Linux shows a colon in links of Windows shares
 * as U+F022, which is taken for one, as Emacs does.
 */
std::optional<EmacsOwner> readEmacsLock(std::string_view text);

/** `.#NAME`, beside the document that symbolic links lead to. */
std::string emacsLockName(std::string_view documentName);

} // namespace Holdfast::records
