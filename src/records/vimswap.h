// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Holdfast::records {

/** The first block of a swap file is so long; what follows are the lines of the text. */
inline constexpr std::size_t VimBlockBytes = 1024;

/** A text in a swap file's first block that is so long may have been cut off, as the name of the host. */
inline constexpr std::size_t MostVimTextBytes = 39;

/** As many names Vim tries for the swap file of one document. */
inline constexpr std::size_t VimSwapNames = 588;

enum class ByteOrder { Little, Big };

/** Who edits a file in Vim, or did so when it ended without saving: the first block of a swap file. */
struct VimSwap
{
    std::string version;    ///< such as `VIM 9.0`
    bool encrypted = false; ///< the text is; what is here is not
    std::uint32_t documentTime =
        0; ///< last change of the document when it was read, in seconds since 1970, lower 32 bits
    std::uint32_t documentInode = 0; ///< lower 32 bits; 0: none
    std::int64_t process = 0;        ///< 0: none, or a number that no process can have
    std::string user;                ///< login name; cut off at MostVimTextBytes
    std::string host;                ///< as uname(2) gives it; cut off at MostVimTextBytes
    std::string document;       ///< its path, below a home directory as `~user/...`; empty for a text without a file
    bool modified = false;      ///< the text has changes that are not in the document
    bool sameDirectory = false; ///< the swap file was made beside the document
    ByteOrder byteOrder = ByteOrder::Little; ///< of the machine
    friend bool operator==(const VimSwap &, const VimSwap &) = default;
};

/** Reads the beginning of a swap file; nothing when it is shorter than VimBlockBytes or something else. */
std::optional<VimSwap> readVimSwap(std::string_view bytes);

/**
 * The swap files of a document, in the order in which Vim looks for a name that is free: `.NAME.swp`, `.NAME.swo`, ...
 * `.NAME.swa`, `.NAME.svz`, ... Nothing is put before a name that has a full stop there, and only 250 bytes of a name go in.
 *
 * @param index below VimSwapNames; the last is `.saa`, and whatever is beyond stands for it
 */
std::string vimSwapName(std::string_view documentName, std::size_t index);

} // namespace Holdfast::records
