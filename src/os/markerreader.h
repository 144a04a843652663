// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/directory.h"

#include <cstddef>
#include <optional>
#include <string>

namespace Holdfast::os {

/** What a marker looked like at one moment: facts first, then bytes. */
struct MarkerContent
{
    FileFacts facts;
    std::string bytes; ///< at most one more than asked for, which tells that there are too many
};

/**
 * Anybody's side of a marker: reads a bounded part of it, follows no link, and hangs on no pipe. Whatever it finds under the
 * name may have been put there by an enemy. Not thread-safe, but for abandon().
 */
class MarkerReader
{
public:
    /**
     * Reads at most @p limit + 1 bytes of @p name. Nothing: there is no such file. Something that is no regular file has
     * facts and no bytes, and is not even opened. What was read stays open, to be watched or read again, until close().
     */
    Result<std::optional<MarkerContent>> read(const Directory &directory, const std::string &name, std::size_t limit);

    /** The same file once more, whatever its name leads to by now: with 0 links it has been removed. Nothing: none is open. */
    Result<std::optional<MarkerContent>> readAgain();

    Status refresh(); ///< gives it the filesystem's present time

    std::intptr_t descriptor() const { return m_descriptor.number(); }
    std::size_t limit() const { return m_limit; } ///< of the last read()
    void close() { m_descriptor.close(); }
    void abandon() { m_descriptor.abandon(); }

private:
    Status open(const Directory &directory, const std::string &name);

    Descriptor m_descriptor;
    std::size_t m_limit = 0;
};

} // namespace Holdfast::os
